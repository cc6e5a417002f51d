"""From a week that repeats to shifts with instants, over nights and both changes of the clock. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Week:
    """`weekdays`: 0 Monday to 6 Sunday, of the start. An end at or before the start lies on the next day."""

    weekdays: frozenset[int]
    starts: time
    ends: time
    valid_from: date
    valid_until: date | None = None


def instant(day: date, wall: time, zone: ZoneInfo = PARIS) -> datetime:
    """When a wall clock shows this time on this day, in UTC.

    A time that occurs twice (autumn) is the first one; one that does not occur (spring) is the moment of the change.
    So later times on the wall are never earlier instants, and two shifts that meet on the wall meet in fact.
    """
    first = datetime.combine(day, wall, tzinfo=zone)
    found = first.astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == first.replace(tzinfo=None):
        return found
    return _change(first.replace(fold=1).astimezone(UTC), found, zone)


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The instant, to the second, at which the offset becomes what it is at `after`."""
    new = after.astimezone(zone).utcoffset()
    low, high = before, after
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == new:
            high = middle
        else:
            low = middle
    return high


def span_on(week: Week, day: date, zone: ZoneInfo = PARIS) -> tuple[datetime, datetime] | None:
    """The shift that starts on this day; None when there is none, or when the change of the clock swallows it whole."""
    valid = week.valid_from <= day and (week.valid_until is None or day <= week.valid_until)
    if not valid or day.weekday() not in week.weekdays:
        return None
    last = day + ONE_DAY if week.ends <= week.starts else day
    start, end = instant(day, week.starts, zone), instant(last, week.ends, zone)
    return (start, end) if start < end else None


def expand(week: Week, since: date, until: date, zone: ZoneInfo = PARIS) -> Iterator[tuple[datetime, datetime]]:
    """(start, end) in UTC of the shifts that start on the days from `since` to `until`, both included, in order."""
    day = since
    while day <= until:
        found = span_on(week, day, zone)
        if found is not None:
            yield found
        day += ONE_DAY
