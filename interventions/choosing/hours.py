"""When a crew is there, and when it must rest. Pure; times are instants, so nights when the clock changes need no care.

Source of the rest: Code du travail, L3131-1 (eleven hours in a row each day), L3121-9 and L3121-10 (on-call time is rest
except for the interventions themselves); Cour de cassation, directive 2003/88/CE: a rest that was broken begins anew,
unless eleven hours had passed before the recall.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from interventions.choosing.facts import Mission, Span
from interventions.workflow import ShiftKind

REST = timedelta(hours=11)
DAY = timedelta(hours=24) - REST  # from the first hour of a working day to its last
PAUSE = timedelta(hours=3)  # a shorter gap between planned shifts is a lunch break, not the night

Stretch = tuple[datetime, datetime]


def joined(stretches: Iterable[Stretch], *, gap: timedelta = timedelta(0)) -> list[Stretch]:
    """In order, those that touch (or lie at most `gap` apart) made one."""
    made: list[Stretch] = []
    for start, end in sorted(stretches):
        if made and start - made[-1][1] <= gap:
            made[-1] = (made[-1][0], max(made[-1][1], end))
        else:
            made.append((start, end))
    return made


def without(stretches: Sequence[Stretch], holes: Sequence[Stretch]) -> list[Stretch]:
    """What is left of the stretches outside the holes; both in order."""
    left: list[Stretch] = []
    for start, end in stretches:
        at = start
        for hole_start, hole_end in holes:
            if hole_end <= at or hole_start >= end:
                continue
            if hole_start > at:
                left.append((at, hole_start))
            at = max(at, hole_end)
        if at < end:
            left.append((at, end))
    return left


def present(shifts: Iterable[Span], *kinds: str) -> list[Stretch]:
    """The stretches of these kinds, absences taken out, in order."""
    known = list(shifts)
    absent = joined((one.start, one.end) for one in known if one.kind == ShiftKind.ABSENT)
    return without(joined((one.start, one.end) for one in known if one.kind in kinds), absent)


@dataclass(frozen=True, slots=True)
class Presence:
    """`state`: planned, on_call, absent or off. `since`, `until`: of the stretch around the instant; for absent and off,
    `until` is when the crew is there again (None: not within what is known)."""

    state: str
    since: datetime | None = None
    until: datetime | None = None

    @property
    def there(self) -> bool:
        return self.state in (ShiftKind.PLANNED, ShiftKind.ON_CALL)


def presence(shifts: Sequence[Span], at: datetime) -> Presence:
    """Where a crew's day stands at an instant. On shift wins over on call."""
    for kind in (ShiftKind.PLANNED, ShiftKind.ON_CALL):
        for start, end in present(shifts, kind):
            if start <= at < end:
                return Presence(str(kind), start, end)
    coming = [start for start, _end in present(shifts, ShiftKind.PLANNED, ShiftKind.ON_CALL) if start > at]
    absent = any(one.holds(at) for one in shifts if one.kind == ShiftKind.ABSENT)
    return Presence("absent" if absent else "off", None, min(coming, default=None))


@dataclass(frozen=True, slots=True)
class Rest:
    """Eleven hours are due from `since`; work may begin again at `until`."""

    since: datetime
    until: datetime


def rest_due(shifts: Sequence[Span], missions: Sequence[Mission], start: datetime, end: datetime) -> Rest | None:
    """The rest that work from `start` to `end` would break, or None.

    Before a planned shift: eleven hours since the last working day or recall. At its end: what goes past the shift ends
    thirteen hours after the day began at the latest. A recall while on call breaks none: that is what on call is for.
    """
    days = joined(present(shifts, ShiftKind.PLANNED), gap=PAUSE)
    today = next((day for day in days if day[0] <= start < day[1]), None)
    if today is None:
        return None
    broken = _before(days, recalls(shifts, missions), today, start)
    if broken is not None:
        return broken
    latest = today[0] + DAY
    if end > today[1] and end > latest:
        return Rest(max(latest, today[1]), max(latest, today[1]) + REST)
    return None


def recalls(shifts: Sequence[Span], missions: Sequence[Mission]) -> list[Stretch]:
    """Work done outside planned shifts."""
    planned = present(shifts, ShiftKind.PLANNED)
    return [
        (one.start, one.end) for one in missions if not any(start <= one.start < end for start, end in planned)
    ]  # fmt: skip


def _before(days: list[Stretch], called: list[Stretch], today: Stretch, start: datetime) -> Rest | None:
    earlier = sorted([day for day in days if day[1] <= today[0]] + [one for one in called if one[0] < today[0]])
    if not earlier:
        return None
    worked = max(end for _start, end in earlier)
    last = max(earlier, key=lambda one: one[1])
    rested = max((end for _start, end in earlier if end <= last[0]), default=None)
    if last in called and (rested is None or last[0] - rested >= REST):
        return None  # eleven hours had passed before the recall
    return Rest(worked, worked + REST) if start < worked + REST else None


def load(shifts: Sequence[Span], missions: Sequence[Mission], at: datetime) -> float:
    """The share (0..1) of the shift around `at`, or of the next one, that missions take. On call, of the time on call."""
    kind = ShiftKind.ON_CALL if presence(shifts, at).state == ShiftKind.ON_CALL else ShiftKind.PLANNED
    days = joined(present(shifts, kind), gap=PAUSE)
    day = next((one for one in days if one[1] > at), None)
    if day is None:
        return 0.0
    inside = [(max(one.start, day[0]), min(one.end, day[1])) for one in missions]
    taken = sum((end - start for start, end in joined(one for one in inside if one[0] < one[1])), timedelta(0))
    there = sum((end - start for start, end in present(shifts, kind) if day[0] <= start < day[1]), timedelta(0))
    return min(1.0, taken / there) if there else 0.0
