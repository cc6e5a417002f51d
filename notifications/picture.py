"""What the pages of on-call show: weeks, gaps, shifts, loads. Reads only; people by id, so that each is read once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Q

from access.models import Person
from notifications.models import Channel, Delivery, Rota, State
from notifications.on_call import clock, plans
from notifications.shifts import PARIS, Load, RotaPlan, Span, instant, loads

WEEK = timedelta(days=7)
AHEAD_DAYS = 14
FAIR_DAYS = 90
SHADES = 8  # colours for people
NARROW = 10.0  # percent of a week


@dataclass(frozen=True, slots=True)
class Shift:
    """One span for people to read. `left` and `width` in percent of the week; `shade` a number for its colour."""

    start: datetime
    end: datetime
    person: Person | None
    by: str
    override: UUID | None
    shade: int
    left: str
    width: str
    past: bool

    @property
    def narrow(self) -> bool:
        return float(self.width.rstrip("%")) < NARROW

    @property
    def label(self) -> str:
        """The name, or the first name where there is little room."""
        name = self.person.name if self.person else ""
        return name.split()[0] if name and self.narrow else name


@dataclass(frozen=True, slots=True)
class RotaWeek:
    rota: Rota
    shifts: list[Shift]
    now: Shift | None
    following: Shift | None


@dataclass(frozen=True, slots=True)
class Share:
    """What one person carries beside the others. `share` in percent of the whole; `called`: vital or urgent messages."""

    person: Person
    load: Load
    share: float
    called: int


def monday(of: date) -> date:
    return of - timedelta(days=of.weekday())


def beginning(day: date) -> datetime:
    """Midnight in Paris."""
    return instant(day, time(0))


def weeks(rotas: Sequence[Rota], first: date) -> list[RotaWeek]:
    """The week from this Monday (Paris) of each rota, and who is on call now and next."""
    start, end, now = instant(first, time(0)), instant(first + WEEK, time(0)), clock()
    since, until = min(start, now), max(end, now + timedelta(days=AHEAD_DAYS))
    all_plans = plans(rotas, since=since, until=until)
    ahead = now + timedelta(days=AHEAD_DAYS)
    near = {rota.id: _lasting(rota, all_plans[rota.id], now, ahead) for rota in rotas}
    week = {rota.id: _lasting(rota, all_plans[rota.id], start, end) for rota in rotas}
    people = _people(span for spans in (*near.values(), *week.values()) for span in spans)
    drawn = Drawing(start, end, now, people)
    return [
        RotaWeek(
            rota=rota,
            shifts=[drawn.shift(span) for span in week[rota.id]],
            now=drawn.shift(near[rota.id][0]) if near[rota.id] else None,
            following=drawn.shift(other) if (other := _relief(near[rota.id])) else None,
        )
        for rota in rotas
    ]


def _lasting(rota: Rota, plan: RotaPlan, start: datetime, end: datetime) -> list[Span]:
    """Its spans between two instants, as far as the rota lasts: after its end there is nobody to miss."""
    last = min(end, rota.ended_at or end)
    return plan.spans(start, last) if start < last else []


def _relief(spans: Sequence[Span]) -> Span | None:
    """The first span that is somebody else's, or nobody's: two in a row of one person change nothing for the caller."""
    return next((one for one in spans if one.person != spans[0].person), None)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A frame of time in which spans become shapes."""

    start: datetime
    end: datetime
    now: datetime
    people: dict[UUID, Person]

    def shift(self, span: Span) -> Shift:
        left, right = self.percent(max(span.start, self.start)), self.percent(min(span.end, self.end))
        person = self.people.get(span.person) if span.person else None
        return Shift(
            start=span.start.astimezone(PARIS), end=span.end.astimezone(PARIS), person=person, by=span.by,
            override=span.override, shade=self.shade(span.person), left=f"{left:.3f}%",
            width=f"{max(right - left, 0):.3f}%", past=span.end <= self.now or (span.person is None and span.start < self.now),
        )  # fmt: skip

    def percent(self, at: datetime) -> float:
        return (at - self.start) / (self.end - self.start) * 100

    def shade(self, person: UUID | None) -> int:
        """The same person always has the same colour on a page."""
        if person is None or person not in self.people:
            return 0
        order = sorted(self.people, key=lambda one: self.people[one].name)
        return order.index(person) % SHADES + 1


def _people(spans: Iterable[Span]) -> dict[UUID, Person]:
    return Person.objects.in_bulk({span.person for span in spans if span.person})


def gaps_of(rotas: Sequence[Rota], *, days: int = AHEAD_DAYS) -> list[tuple[Rota, Span]]:
    """When nobody is on call within the coming days, the soonest first."""
    now = clock()
    until = now + timedelta(days=days)
    found = plans(rotas, since=now, until=until)
    gaps = [(rota, span) for rota in rotas for span in found[rota.id].spans(now, until) if span.person is None]
    return sorted(gaps, key=lambda gap: gap[1].start)


def shifts_of(person: Person, *, since: datetime, until: datetime) -> list[tuple[Rota, Span]]:
    """Somebody's own shifts between two instants, whatever the rota, in order."""
    mine = Q(layers__turns__person=person) | Q(overrides__person=person, overrides__ends_at__gt=since)
    rotas = list(Rota.objects.filter(mine).distinct())
    found = plans(rotas, since=since, until=until)
    own = [(rota, span) for rota in rotas for span in found[rota.id].spans(since, until) if span.person == person.id]
    return sorted(own, key=lambda shift: shift[1].start)


def fairness(rotas: Sequence[Rota], *, days: int = FAIR_DAYS) -> list[Share]:
    """Hours on call over the past and the coming days, together, by person, most first."""
    now = clock()
    since, until = now - timedelta(days=days), now + timedelta(days=days)
    found = plans(rotas, since=since, until=until)
    counted = loads(span for plan in found.values() for span in plan.spans(since, until))
    people = Person.objects.in_bulk([load.person for load in counted])
    whole = sum(load.hours for load in counted) or 1.0
    called = _called(people, since)
    return [
        Share(people[load.person], load, load.hours / whole * 100, called.get(load.person, 0))
        for load in counted
        if load.person in people
    ]


def _called(people: Iterable[UUID], since: datetime) -> dict[UUID, int]:
    """How many vital or urgent messages left the house for each of these."""
    rows = Delivery.objects.filter(message__person__in=list(people), first_try_at__gt=since, rank__lte=1)
    rows = rows.exclude(channel=Channel.SCREEN).exclude(state=State.SPARED)
    counted = rows.values("message__person").annotate(n=Count("message", distinct=True))
    return {row["message__person"]: row["n"] for row in counted}
