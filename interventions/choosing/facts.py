"""What the judgement knows: plain frozen values, no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar
from uuid import UUID

from territory.geometry import LatLon


@dataclass(frozen=True, slots=True)
class Span:
    """A shift: planned, on_call or absent; half-open."""

    kind: str
    start: datetime
    end: datetime

    def holds(self, at: datetime) -> bool:
        return self.start <= at < self.end


@dataclass(frozen=True, slots=True)
class Mission:
    """Work in a crew's calendar, held now or over."""

    id: UUID
    reference: str
    title: str
    priority: str
    start: datetime
    end: datetime
    at: LatLon
    held: bool = True
    begun: bool = False  # the crew is on its way or there


@dataclass(frozen=True, slots=True)
class Terms:
    """A contract in force; empty means all, no `response_minutes` the category's."""

    title: str
    communes: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    response_minutes: int | None = None

    def cover(self, *, commune: str, category: str) -> bool:
        above = {category, category.partition(".")[0]}
        here = not self.communes or commune in self.communes
        return here and (not self.categories or not above.isdisjoint(self.categories))


class Promising(Protocol):
    @property
    def response_minutes(self) -> int | None: ...


P = TypeVar("P", bound=Promising)


def firmest(found: Iterable[P]) -> P | None:
    """Of several contracts that cover a piece of work, the one that promises to be there first."""
    return min(found, key=lambda one: (one.response_minutes is None, one.response_minutes or 0), default=None)


@dataclass(frozen=True, slots=True)
class Crew:
    """`position` is where its vehicle last was, with `seen_at`; None when that was never known. `shifts` in order, from a
    day and a half back; `missions` in order, those of the same time."""

    id: UUID
    name: str
    organisation: UUID
    organisation_name: str
    skills: frozenset[str]
    base: LatLon
    position: LatLon | None = None
    seen_at: datetime | None = None
    source: str = ""
    shifts: tuple[Span, ...] = ()
    missions: tuple[Mission, ...] = ()
    terms: tuple[Terms, ...] = ()

    @property
    def place(self) -> LatLon:
        return self.position or self.base

    def held(self) -> list[Mission]:
        return [mission for mission in self.missions if mission.held]


@dataclass(frozen=True, slots=True)
class Clock:
    """How the response is counted: from `since`, without the time in which it `stood`; `minutes` are the category's."""

    since: datetime
    stood: timedelta
    minutes: int

    def due(self, minutes: int | None) -> datetime:
        """On site by, with so many minutes; None: the category's."""
        return self.since + timedelta(minutes=self.minutes if minutes is None else minutes) + self.stood


@dataclass(frozen=True, slots=True)
class Wanted:
    """The work. `due`: on site by, for whoever has it now; None when there is no such target or it has been met. `clock`
    says what it would be for another organisation, where that is known."""

    id: UUID
    skills: frozenset[str]
    at: LatLon
    commune: str
    category: str
    priority: str
    minutes: int
    due: datetime | None = None
    not_before: datetime | None = None
    clock: Clock | None = None

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Leg:
    """A drive: seconds, metres, and how it is known."""

    seconds: int
    metres: int
    method: str


@dataclass(frozen=True, slots=True)
class Limits:
    stale: timedelta = timedelta(minutes=15)
    recall: timedelta = timedelta(minutes=30)  # from the call to the departure of a crew on call
    far: timedelta = timedelta(minutes=45)
    heavy: float = 0.85  # of the shift


@dataclass(frozen=True, slots=True)
class Reason:
    """`code` and `values` are for the screen to word. `weight`: `for`, `against`, or `blocking` (a crew is sent in spite
    of it only with a reason in words)."""

    code: str
    weight: str
    values: dict[str, Any]


FOR, AGAINST, BLOCKING = "for", "against", "blocking"
