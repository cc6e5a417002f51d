"""One crew and one piece of work: when it would be there, what speaks for it and what against. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from interventions.choosing import hours
from interventions.choosing.facts import (
    AGAINST,
    BLOCKING,
    FOR,
    Crew,
    Leg,
    Limits,
    Mission,
    Reason,
    Terms,
    Wanted,
    firmest,
)
from interventions.workflow import ShiftKind

Drive = Callable[[Crew, Mission | None], Leg]  # to the work, from where the crew is or from an earlier mission

FIT, POSSIBLE, EXCLUDED = "fit", "possible", "excluded"
URGENT = ("P1", "P2")
OVERRUN = timedelta(minutes=10)  # how much longer work takes that should be over


@dataclass(frozen=True, slots=True)
class Slot:
    """The crew's time: it leaves at `departs`, from `after` when that is not None, and works from `start` to `end`."""

    departs: datetime
    start: datetime
    end: datetime
    leg: Leg
    after: Mission | None
    clash: Mission | None = None  # what lies there already, when a time was asked for


@dataclass(frozen=True, slots=True)
class Promise:
    """On site by when, were this crew to have it: by a contract of its organisation, or (empty) the category's target."""

    due: datetime
    contract: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """`verdict`: fit, possible (something speaks against it), excluded (something forbids it). `promise`: None where
    nothing is promised, or somebody has been on site."""

    crew: Crew
    slot: Slot
    presence: hours.Presence
    load: float
    reasons: tuple[Reason, ...]
    promise: Promise | None = None

    @property
    def late(self) -> bool:
        """Whether it would come too late under its own organisation's contract."""
        return self.promise is not None and self.slot.start > self.promise.due

    @property
    def blocking(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if reason.weight == BLOCKING)

    @property
    def against(self) -> int:
        return len({reason.code for reason in self.reasons if reason.weight == AGAINST})

    @property
    def verdict(self) -> str:
        return EXCLUDED if self.blocking else POSSIBLE if self.against else FIT


def judge(
    crew: Crew, wanted: Wanted, *, now: datetime, drive: Drive, limits: Limits, start: datetime | None = None
) -> Proposal:
    """What sending this crew would mean: in its first gap, or at `start`."""
    slot = at_time(crew, wanted, start, drive) if start else first_gap(crew, wanted, now, drive, limits)
    presence = hours.presence(crew.shifts, slot.start)
    load, promise = hours.load(crew.shifts, crew.missions, slot.start), promise_of(crew, wanted)
    reasons = (
        *_able(crew, wanted),
        *_there(crew, wanted, slot, presence),
        *_in_time(promise, slot, limits),
        *_busy(wanted, slot, now),
        *_position(crew, slot, now, limits),
        *_loaded(load, limits),
    )
    return Proposal(crew, slot, presence, load, reasons, promise)


def terms_of(crew: Crew, wanted: Wanted) -> Terms | None:
    """The contract under which this crew would do the work."""
    return firmest(one for one in crew.terms if one.cover(commune=wanted.commune, category=wanted.category))


def promise_of(crew: Crew, wanted: Wanted) -> Promise | None:
    """What would be promised if this crew had it: the same as `services.promising` then sets."""
    if wanted.due is None or wanted.clock is None:
        return Promise(wanted.due) if wanted.due else None
    terms = terms_of(crew, wanted)
    minutes = terms.response_minutes if terms else None
    return Promise(wanted.clock.due(minutes), terms.title if terms and minutes is not None else "")


def in_order(proposals: Sequence[Proposal], wanted: Wanted) -> list[Proposal]:
    """Best first. Crews that nothing forbids, those that meet the target, then: for P1 and P2 who arrives first, for the
    rest what speaks against them least; then arrival, load, name. Excluded ones last, by how much forbids them."""

    def place(one: Proposal) -> tuple[object, ...]:
        minutes = round((one.slot.start - datetime.min.replace(tzinfo=one.slot.start.tzinfo)).total_seconds() / 60)
        first = (minutes, one.against) if wanted.priority in URGENT else (one.against, minutes)
        return (len(one.blocking), one.late, *first, one.load, one.crew.name)

    return sorted(proposals, key=place)


# When ------------------------------------------------------------------------------------------------------------------


def still_to_do(crew: Crew, now: datetime) -> list[Mission]:
    """What the crew holds from now on, in order; work that should be over lasts a little longer."""
    left = []
    for one in crew.held():
        if one.end > now + OVERRUN or not (one.begun or one.start <= now):
            left.append(one)
        else:
            longer = now + (OVERRUN if one.begun else one.end - one.start)
            left.append(
                Mission(one.id, one.reference, one.title, one.priority, one.start, longer, one.at, True, one.begun)
            )
    return left


def first_gap(crew: Crew, wanted: Wanted, now: datetime, drive: Drive, limits: Limits) -> Slot:
    """The first gap of the calendar into which the drive there, the work and the drive on all fit."""
    missions = still_to_do(crew, now)
    after: Mission | None = None
    for following in (*missions, None):
        leg = drive(crew, after)
        free = max(now, after.end) if after else _ready(crew, now, limits)
        start = max(free + timedelta(seconds=leg.seconds), wanted.not_before or now)
        end = start + wanted.length
        on = timedelta(seconds=drive(crew, following).seconds) if following else timedelta(0)
        if following is None or end + on <= following.start:
            return Slot(start - timedelta(seconds=leg.seconds), start, end, leg, after)
        after = following
    raise AssertionError("unreachable: the last gap has no end")


def at_time(crew: Crew, wanted: Wanted, start: datetime, drive: Drive) -> Slot:
    """At a time that somebody chose, with what lies there already by the calendar: work that is running late may be over
    by then, and is that person's affair."""
    missions, end = crew.held(), start + wanted.length
    after = next((one for one in reversed(missions) if one.end <= start), None)
    clash = next((one for one in missions if one.start < end and start < one.end), None)
    leg = drive(crew, after)
    return Slot(start - timedelta(seconds=leg.seconds), start, end, leg, after, clash)


def _ready(crew: Crew, now: datetime, limits: Limits) -> datetime:
    """A crew on call that is not out already has to come in first."""
    return now + limits.recall if hours.presence(crew.shifts, now).state == ShiftKind.ON_CALL else now


# Why -------------------------------------------------------------------------------------------------------------------


def _able(crew: Crew, wanted: Wanted) -> list[Reason]:
    missing = sorted(wanted.skills - crew.skills)
    found = []
    if missing:
        found.append(Reason("skill_missing", BLOCKING, {"skills": missing}))
    elif wanted.skills:
        found.append(Reason("skills_held", FOR, {"skills": sorted(wanted.skills)}))
    terms = terms_of(crew, wanted)
    place = {"commune": wanted.commune, "category": wanted.category, "organisation": crew.organisation_name}
    if terms is None:
        found.append(Reason("not_under_contract", BLOCKING, place))
    else:
        found.append(Reason("under_contract", FOR, {**place, "contract": terms.title}))
    return found


def _there(crew: Crew, wanted: Wanted, slot: Slot, presence: hours.Presence) -> list[Reason]:
    if not presence.there:
        code = "absent" if presence.state == "absent" else "off_shift"
        return [Reason(code, BLOCKING, {"until": presence.until})]
    found = []
    if presence.state == ShiftKind.ON_CALL:
        found.append(Reason("on_call", AGAINST, {"until": presence.until, "rest_until": slot.end + hours.REST}))
    else:
        found.append(Reason("on_shift", FOR, {"until": presence.until}))
    rest = hours.rest_due(crew.shifts, crew.missions, slot.start, slot.end)
    if rest is not None:
        found.append(Reason("rest_due", BLOCKING, {"since": rest.since, "until": rest.until}))
    elif presence.until is not None and slot.end > presence.until:
        beyond = {"until": presence.until, "minutes": minutes_of(slot.end - presence.until)}
        found.append(Reason("past_shift_end", AGAINST, beyond))
    return found


def _in_time(promise: Promise | None, slot: Slot, limits: Limits) -> list[Reason]:
    found = []
    drive = {"minutes": round(slot.leg.seconds / 60), "km": round(slot.leg.metres / 1000, 1), "method": slot.leg.method}
    if slot.leg.seconds > limits.far.total_seconds():
        found.append(Reason("too_far", AGAINST, {**drive, "limit_minutes": minutes_of(limits.far)}))
    if promise is not None:
        margin = minutes_of(promise.due - slot.start)
        in_time = slot.start <= promise.due
        said = {"minutes": abs(margin), "due": promise.due, "contract": promise.contract}
        found.append(Reason("before_target", FOR, said) if in_time else Reason("after_target", AGAINST, said))
    return found


def _busy(wanted: Wanted, slot: Slot, now: datetime) -> list[Reason]:
    if slot.clash is not None:
        return [Reason("overlap", BLOCKING, _named(slot.clash))]
    if slot.after is None:
        return [Reason("free", FOR, {})]
    can_wait = wanted.priority < slot.after.priority and not (slot.after.start > now)
    return [Reason("busy", AGAINST, {**_named(slot.after), "less_urgent": can_wait})]


def _named(mission: Mission) -> dict[str, object]:
    return {
        "mission": mission.id, "reference": mission.reference, "title": mission.title, "priority": mission.priority,
        "until": mission.end,
    }  # fmt: skip


def _position(crew: Crew, slot: Slot, now: datetime, limits: Limits) -> list[Reason]:
    if slot.after is not None:  # it comes from a mission: where it is now does not matter
        return []
    if crew.seen_at is None:
        return [Reason("position_unknown", AGAINST, {})]
    age = now - crew.seen_at
    said = {"seconds": max(0, round(age.total_seconds())), "at": crew.seen_at}
    return [Reason("position_old", AGAINST, said) if age > limits.stale else Reason("position_fresh", FOR, said)]


def _loaded(load: float, limits: Limits) -> list[Reason]:
    said = {"percent": round(100 * load)}
    return [Reason("heavy_load", AGAINST, said) if load > limits.heavy else Reason("light_load", FOR, said)]


def minutes_of(span: timedelta) -> int:
    return round(span.total_seconds() / 60)
