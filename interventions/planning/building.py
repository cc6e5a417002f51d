"""From facts to a problem: open interventions as jobs, what is free of crews' shifts as turns. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil, floor

from interventions.choosing import hours
from interventions.choosing.facts import Crew, Mission, Wanted
from interventions.choosing.judging import still_to_do
from interventions.planning.problem import WEIGHTS, Break, Job, Turn
from interventions.workflow import ShiftKind
from territory.geometry import LatLon

DECISION = timedelta(minutes=5)  # nobody leaves before somebody has looked at the plan
SHORTEST = timedelta(minutes=10)  # a shorter gap is no turn
# Code du travail, L3121-16: twenty minutes in a row once the day's work reaches six hours.
LONG, PAUSE, SOONEST = timedelta(hours=6), timedelta(minutes=20), timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Task:
    """The work with the time by which it must be over, when there is one."""

    wanted: Wanted
    done_by: datetime | None


def job_of(task: Task, *, now: datetime, until: datetime, relaxed: bool = False) -> Job | None:
    """As a job with its response target as the latest beginning; `relaxed`: without the target, which cannot be met any
    more. None when its window does not begin or has ended by then."""
    wanted = task.wanted
    latest = until - wanted.length
    if task.done_by is not None:
        latest = min(latest, task.done_by - wanted.length)
    earliest = max(now, wanted.not_before or now)
    if not relaxed and wanted.due is not None:
        latest = min(latest, wanted.due)
    if _until(now, latest) < _from(now, earliest):
        return None
    return Job(
        id=wanted.id,
        at=wanted.at,
        seconds=60 * wanted.minutes,
        needs=wanted.skills | {contract(wanted.commune, wanted.category)},
        earliest=_from(now, earliest),
        latest=_until(now, latest),
        weight=WEIGHTS[wanted.priority],
    )


def contract(commune: str, category: str) -> str:
    """What a crew's organisation must have signed, as something that a crew offers."""
    return f"contract {commune} {category}"


def turns_of(crew: Crew, tasks: Iterable[Task], *, now: datetime, until: datetime) -> Iterator[Turn]:
    """What is free of a crew's planned shifts: between missions that it holds, which stay where they are, after the rest
    that is due, and with the pause of a long day."""
    places = {(task.wanted.commune, task.wanted.category) for task in tasks}
    offers = crew.skills | {
        contract(*place)
        for place in places
        if any(terms.cover(commune=place[0], category=place[1]) for terms in crew.terms)
    }
    held = still_to_do(crew, now)
    for start, end in hours.present(crew.shifts, ShiftKind.PLANNED):
        rest = hours.rest_due(crew.shifts, crew.missions, max(start, now), max(start, now))
        since, last = max(start, now + DECISION, rest.until if rest else start), min(end, until)
        pause = _pause(start, end, now)
        for turn in _free(crew, held, since, last, now):
            made = replace(turn, offers=offers)
            if pause is not None and (fitting := _fitting(pause, made)) is not None:
                made, pause = replace(made, pause=fitting), None
            yield made


def _free(crew: Crew, held: Sequence[Mission], since: datetime, until: datetime, now: datetime) -> Iterator[Turn]:
    place, at = _place_at(crew, held, since), since
    for mission in held:
        if mission.end <= since or mission.start >= until:
            continue
        if mission.start - at >= SHORTEST:
            yield _turn(crew, place, mission.at, at, mission.start, now)
        place, at = mission.at, max(at, mission.end)
    if until - at >= SHORTEST:
        yield _turn(crew, place, None, at, until, now)


def _place_at(crew: Crew, held: Sequence[Mission], at: datetime) -> LatLon:
    before = [mission.at for mission in held if mission.end <= at]
    return before[-1] if before else crew.place


def _turn(crew: Crew, start: LatLon, end: LatLon | None, since: datetime, until: datetime, now: datetime) -> Turn:
    return Turn(crew.id, start, end, _from(now, since), _until(now, until), crew.skills)


def _pause(start: datetime, end: datetime, now: datetime) -> Break | None:
    if end - start < LONG or now > start + LONG:
        return None
    earliest, latest = start + SOONEST, start + LONG - PAUSE
    return Break(int(PAUSE.total_seconds()), _from(now, earliest), _until(now, latest))


def _fitting(pause: Break, turn: Turn) -> Break | None:
    earliest, latest = max(pause.earliest, turn.since), min(pause.latest, turn.until - pause.seconds)
    return replace(pause, earliest=earliest, latest=latest) if earliest <= latest else None


def _from(now: datetime, at: datetime) -> int:
    """Whole seconds, never earlier than the instant: what begins then meets nothing that ends there."""
    return ceil((at - now).total_seconds())


def _until(now: datetime, at: datetime) -> int:
    """Whole seconds, never later than the instant."""
    return floor((at - now).total_seconds())
