"""Which calendars an instant lies in, by Paris time: office hours, nights, public and school holidays, seasons."""

import tomllib
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from holidays.countries.france import France

LOCAL = ZoneInfo("Europe/Paris")
OPENS, CLOSES = 8, 18  # hours
NIGHT_FROM, NIGHT_UNTIL = 20, 6
SATURDAY = 5
WINTER, SUMMER = ((11, 15), (3, 15)), ((6, 1), (9, 15))
SCHOOL_FILE = Path(__file__).parent / "data" / "school_holidays.toml"


def calendars_at(instant: datetime) -> frozenset[str]:
    """The values of `Calendar` that hold at an instant (with its zone), `always` among them."""
    local = instant.astimezone(LOCAL)
    return _calendars(local.date(), local.hour)


@lru_cache(maxsize=256)
def _calendars(day: date, hour: int) -> frozenset[str]:
    free = is_holiday(day)
    office = day.weekday() < SATURDAY and not free and OPENS <= hour < CLOSES
    found = {"always", "office" if office else "outside"}
    if hour >= NIGHT_FROM or hour < NIGHT_UNTIL:
        found.add("night")
    if free:
        found.add("holiday")
    if any(first <= day < back for first, back in school_holidays()):
        found.add("school")
    return frozenset(found)


def seasons_at(instant: datetime) -> frozenset[str]:
    """The values of `Season` that hold at an instant, `all` among them."""
    day = instant.astimezone(LOCAL).date()
    mark = (day.month, day.day)
    found = {"all"}
    if mark >= WINTER[0] or mark <= WINTER[1]:
        found.add("winter")
    if SUMMER[0] <= mark <= SUMMER[1]:
        found.add("summer")
    return frozenset(found)


def is_holiday(day: date) -> bool:
    """Whether it is a public holiday in Côte-d'Or."""
    return day in _holidays(day.year)


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(France(years=year))  # type: ignore[no-untyped-call]  # the library's countries have no types


@cache
def school_holidays() -> tuple[tuple[date, date], ...]:
    """(first free day, day of return) of zone A; empty when the file names none."""
    rows = tomllib.loads(SCHOOL_FILE.read_text(encoding="utf-8")).get("holidays", [])
    return tuple((row["from"], row["back"]) for row in rows)
