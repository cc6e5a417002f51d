"""The problem as plain values. Times are whole seconds from the plan's origin; places are numbers of a travel matrix."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from territory.geometry import LatLon

WEIGHTS = {"P1": 100, "P2": 40, "P3": 12, "P4": 4}  # what leaving one unserved costs, against the others; at most 100


@dataclass(frozen=True, slots=True)
class Job:
    """`needs`: skills, and the contract that it takes. Work begins in [`earliest`, `latest`], both included."""

    id: UUID
    at: LatLon
    seconds: int
    needs: frozenset[str]
    earliest: int
    latest: int
    weight: int


@dataclass(frozen=True, slots=True)
class Break:
    """A pause of so many seconds that begins in [`earliest`, `latest`]."""

    seconds: int
    earliest: int
    latest: int


@dataclass(frozen=True, slots=True)
class Turn:
    """A free stretch of a crew's time. It begins where the crew is then and, before a mission that it holds already,
    ends at that one's place. A crew has several, one between each two things that are fixed."""

    crew: UUID
    start: LatLon
    end: LatLon | None
    since: int
    until: int
    offers: frozenset[str]
    pause: Break | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """`travel[a][b]`: seconds between two places, in the order of `places`."""

    jobs: tuple[Job, ...]
    turns: tuple[Turn, ...]
    places: tuple[LatLon, ...]
    travel: Sequence[Sequence[int]]

    def place(self, at: LatLon) -> int:
        return self.places.index(at)


@dataclass(frozen=True, slots=True)
class Visit:
    """The crew of `turn` (its number) works on `job` from `start` to `end`, after `travel` seconds of driving."""

    job: UUID
    turn: int
    start: int
    end: int
    travel: int


@dataclass(frozen=True, slots=True)
class Solution:
    """`travel`: all driving, in seconds, the way on to fixed missions included."""

    visits: tuple[Visit, ...]
    travel: int

    def served(self) -> set[UUID]:
        return {visit.job for visit in self.visits}


def unserved_weight(problem: Problem, solution: Solution) -> int:
    served = solution.served()
    return sum(job.weight for job in problem.jobs if job.id not in served)


def places_of(jobs: Sequence[Job], turns: Sequence[Turn]) -> tuple[LatLon, ...]:
    """Every place once, in order of appearance."""
    found = dict.fromkeys(job.at for job in jobs)
    for turn in turns:
        found[turn.start] = None
        if turn.end is not None:
            found[turn.end] = None
    return tuple(found)
