"""Who is on call when: pure functions over plain data. Spans are half-open: at the instant of hand-over the next one is.

Wall-clock times are Paris'; an hour that the clocks skip is the hour after, one that comes twice is its first coming.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
UTC = ZoneInfo("UTC")
DAY = timedelta(days=1)
Interval = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class LayerPlan:
    """A layer as it turns; see `Layer`. `until` None: still in force."""

    name: str
    people: tuple[UUID, ...]
    starts_on: date
    turn_days: int
    handover_at: time
    weekdays: frozenset[int]
    hours: tuple[time, time] | None
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` until before `end`, somebody is on call by a layer or an override (`by` says which), or nobody."""

    start: datetime
    end: datetime
    person: UUID | None
    by: str = ""
    override: UUID | None = None

    @property
    def hours(self) -> float:
        return (self.end - self.start) / timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class RotaPlan:
    """All that decides who is on call. `overrides` latest first; `layers` from the top; `available`: when somebody has
    a duty at all; who is not in it never is."""

    layers: tuple[LayerPlan, ...]
    overrides: tuple[Span, ...]
    available: Mapping[UUID, tuple[Interval, ...]]

    def spans(self, start: datetime, end: datetime) -> list[Span]:
        """Everything between two instants, in order, without holes: gaps are spans with nobody."""
        free: list[Interval] = [(start.astimezone(UTC), end.astimezone(UTC))]
        taken: list[Span] = []
        for claims in (*([one] for one in self.overrides), *(turns(layer, start, end) for layer in self.layers)):
            for claim in claims:
                for offered in self._on_duty(claim):
                    free = _take(free, offered, taken)
        gaps = [Span(left, right, None) for left, right in free]
        return _joined(sorted([*taken, *gaps], key=lambda span: span.start))

    def at(self, instant: datetime) -> UUID | None:
        """Who is on call at this instant."""
        return self.spans(instant, instant + timedelta(microseconds=1))[0].person

    def _on_duty(self, claim: Span) -> Iterator[Span]:
        for since, until in self.available.get(claim.person, ()) if claim.person else ():
            start, end = max(claim.start, since), min(claim.end, until)
            if start < end:
                yield replace(claim, start=start, end=end)


def turns(layer: LayerPlan, start: datetime, end: datetime) -> Iterator[Span]:
    """Whom one layer offers between two instants, in order."""
    start, end = max(start, layer.since).astimezone(UTC), min(end, layer.until or end).astimezone(UTC)
    if not layer.people or start >= end:
        return
    first = (start.astimezone(PARIS).date() - layer.starts_on).days // layer.turn_days - 1
    number = max(first, 0)
    while (begins := _turn(layer, number)) < end:
        person = layer.people[number % len(layer.people)]
        for left, right in _within_hours(layer, begins, _turn(layer, number + 1)):
            if max(left, start) < min(right, end):
                yield Span(max(left, start), min(right, end), person, layer.name)
        number += 1


def _turn(layer: LayerPlan, number: int) -> datetime:
    return instant(layer.starts_on + number * layer.turn_days * DAY, layer.handover_at)


def instant(day: date, at: time) -> datetime:
    """The instant of a wall-clock time in Paris."""
    return datetime.combine(day, at, PARIS).astimezone(UTC)


def _within_hours(layer: LayerPlan, start: datetime, end: datetime) -> Iterator[Interval]:
    """The parts of a turn that lie on the layer's weekdays, between its hours."""
    if not layer.weekdays and layer.hours is None:
        yield start, end
        return
    opens, closes = layer.hours or (time(0), time(0))
    day = start.astimezone(PARIS).date() - DAY
    while day <= end.astimezone(PARIS).date():
        if not layer.weekdays or day.weekday() in layer.weekdays:
            last = day if closes > opens else day + DAY
            left, right = max(start, instant(day, opens)), min(end, instant(last, closes))
            if left < right:
                yield left, right
        day += DAY


def _take(free: list[Interval], offered: Span, taken: list[Span]) -> list[Interval]:
    """Put as much of what is offered as is still free into `taken`; returns what is free then."""
    left_over: list[Interval] = []
    for start, end in free:
        begin, finish = max(start, offered.start), min(end, offered.end)
        if begin >= finish:
            left_over.append((start, end))
            continue
        taken.append(replace(offered, start=begin, end=finish))
        left_over += [part for part in ((start, begin), (finish, end)) if part[0] < part[1]]
    return left_over


def _joined(spans: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last and last.end == span.start and (last.person, last.by, last.override) == (
            span.person, span.by, span.override,
        ):  # fmt: skip
            joined[-1] = replace(last, end=span.end)
        else:
            joined.append(span)
    return joined


@dataclass(frozen=True, slots=True)
class Load:
    """What one person carries, in hours."""

    person: UUID
    hours: float
    night: float
    weekend: float


def loads(spans: Iterable[Span]) -> list[Load]:
    """Hours on call by person, most first; of these at night (22:00 to 6:00) and at weekends (Saturday and Sunday)."""
    sums: dict[UUID, list[float]] = {}
    for span in spans:
        if span.person is None:
            continue
        mine = sums.setdefault(span.person, [0.0, 0.0, 0.0])
        mine[0] += span.hours
        mine[1] += _overlap(span, time(22), time(6), frozenset(range(7)))
        mine[2] += _overlap(span, time(0), time(0), frozenset({5, 6}))
    return sorted((Load(person, *hours) for person, hours in sums.items()), key=lambda load: -load.hours)


def _overlap(span: Span, opens: time, closes: time, weekdays: frozenset[int]) -> float:
    hours = LayerPlan("", (), date.min, 1, opens, weekdays, (opens, closes), span.start, None)
    return sum((right - left) / timedelta(hours=1) for left, right in _within_hours(hours, span.start, span.end))
