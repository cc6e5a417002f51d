"""Which sectors would have help, with which skill, within how many minutes; and what sending a crew away changes.

A crew covers when it is on shift or on call and has nothing to do; one on call needs its recall time first. A sector's
minutes are those to the farthest of its points. Pure, except for the file of sectors.
"""

import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from django.utils.translation import get_language

from interventions.choosing import hours
from interventions.choosing.facts import Crew, Limits
from interventions.choosing.judging import still_to_do
from interventions.workflow import ShiftKind
from territory.geometry import LatLon

FILE = Path(__file__).parent / "data" / "sectors.toml"
Seconds = Callable[[Crew, LatLon], int]


@dataclass(frozen=True, slots=True)
class Sector:
    key: str
    label_fr: str
    label_en: str
    communes: tuple[str, ...]
    points: tuple[LatLon, ...]

    @property
    def label(self) -> str:
        return self.label_en if (get_language() or "fr").startswith("en") else self.label_fr


@cache
def sectors() -> tuple[Sector, ...]:
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["sector"]
    return tuple(
        Sector(
            key=row["key"],
            label_fr=row["label_fr"],
            label_en=row["label_en"],
            communes=tuple(row["communes"]),
            points=tuple((point["lat"], point["lon"]) for point in row["points"]),
        )
        for row in rows
    )


def points() -> list[LatLon]:
    """Every sector's points, in the order of `sectors`."""
    return [point for sector in sectors() for point in sector.points]


@dataclass(frozen=True, slots=True)
class Reach:
    """The nearest crew that could come: `minutes` to the sector's farthest point, None when nobody can."""

    minutes: int | None
    crew: UUID | None


Cover = dict[tuple[str, str], Reach]  # by (sector, skill)


def available(crew: Crew, at: datetime) -> bool:
    """There, and with nothing to do."""
    return hours.presence(crew.shifts, at).there and not any(one.start <= at < one.end for one in still_to_do(crew, at))


@dataclass(frozen=True, slots=True)
class Helper:
    """A crew that could come now: minutes to each sector's farthest point."""

    crew: UUID
    name: str
    skills: frozenset[str]
    minutes: dict[str, int]


def helpers(crews: Iterable[Crew], *, at: datetime, seconds: Seconds, limits: Limits) -> list[Helper]:
    """The crews that cover at that instant, and how far they are."""
    return [
        Helper(crew.id, crew.name, crew.skills, _minutes(crew, at, seconds, limits))
        for crew in crews
        if available(crew, at)
    ]


def _minutes(crew: Crew, at: datetime, seconds: Seconds, limits: Limits) -> dict[str, int]:
    called = hours.presence(crew.shifts, at).state == ShiftKind.ON_CALL
    recall = round(limits.recall.total_seconds() / 60) if called else 0
    return {one.key: round(max(seconds(crew, point) for point in one.points) / 60) + recall for one in sectors()}


def cover(those: Sequence[Helper], *, skills: Iterable[str]) -> Cover:
    """How far help is, by sector and skill."""
    found: Cover = {}
    for skill in skills:
        able = [one for one in those if skill in one.skills]
        for sector in sectors():
            nearest = min(able, key=lambda one: (one.minutes[sector.key], one.name), default=None)
            found[sector.key, skill] = (
                Reach(nearest.minutes[sector.key], nearest.crew) if nearest else Reach(None, None)
            )
    return found


@dataclass(frozen=True, slots=True)
class Loss:
    """A sector that would be left without a skill within the minutes: help is so far before, and so far after."""

    sector: str
    skill: str
    before: int | None
    after: int | None


def losses(before: Cover, after: Cover, *, minutes: int) -> list[Loss]:
    """What was covered within the minutes and no longer is."""
    return [
        Loss(sector, skill, reach.minutes, after[sector, skill].minutes)
        for (sector, skill), reach in before.items()
        if _within(reach, minutes) and not _within(after[sector, skill], minutes)
    ]


def _within(reach: Reach, minutes: int) -> bool:
    return reach.minutes is not None and reach.minutes <= minutes
