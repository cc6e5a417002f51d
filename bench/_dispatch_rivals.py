"""The two ways that a room without a solver plans: the nearest crew first, and greedy insertion. Both keep every rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from interventions.planning.problem import Job, Problem, Solution, Visit


@dataclass
class Route:
    """The jobs of one turn in order; `plan` gives their starts, or None when they do not fit."""

    problem: Problem
    number: int
    jobs: list[Job] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.turn = self.problem.turns[self.number]
        self.place = {at: n for n, at in enumerate(self.problem.places)}

    def leg(self, a: tuple[float, float], b: tuple[float, float]) -> int:
        return self.problem.travel[self.place[a]][self.place[b]]

    def plan(self, jobs: list[Job]) -> list[int] | None:
        """Each as early as it goes; the pause as soon as it may be, before what would leave no room for it."""
        pause, clock, at, starts = self.turn.pause, self.turn.since, self.turn.start, []
        for job in jobs:
            start = max(clock + self.leg(at, job.at), job.earliest)
            if pause and (clock >= pause.earliest or start + job.seconds > pause.latest):
                rests = max(clock, pause.earliest)
                if rests > pause.latest:
                    return None
                clock, pause = rests + pause.seconds, None
                start = max(clock + self.leg(at, job.at), job.earliest)
            if start > job.latest:
                return None
            starts.append(start)
            clock, at = start + job.seconds, job.at
        if pause:
            rests = max(clock, pause.earliest)
            if rests > pause.latest:
                return None
            clock = rests + pause.seconds
        way_on = self.leg(at, self.turn.end) if self.turn.end is not None else 0
        return starts if clock + way_on <= self.turn.until else None

    def travel(self, jobs: list[Job]) -> int:
        if not jobs:
            return 0
        stops = [self.turn.start, *(job.at for job in jobs), *([self.turn.end] if self.turn.end is not None else [])]
        return sum(self.leg(a, b) for a, b in pairwise(stops))

    def visits(self) -> Iterator[Visit]:
        at = self.turn.start
        for job, start in zip(self.jobs, self.plan(self.jobs) or [], strict=True):
            yield Visit(job.id, self.number, start, start + job.seconds, self.leg(at, job.at))
            at = job.at


def _urgent_first(problem: Problem) -> list[Job]:
    return sorted(problem.jobs, key=lambda job: (-job.weight, job.latest, str(job.id)))


def _solution(routes: list[Route]) -> Solution:
    visits = tuple(visit for route in routes for visit in route.visits())
    return Solution(visits, sum(route.travel(route.jobs) for route in routes))


def nearest_first(problem: Problem) -> Solution:
    """The most urgent one to the nearest crew that can, after what that one has already."""
    routes = [Route(problem, n) for n in range(len(problem.turns))]
    for job in _urgent_first(problem):
        able = [route for route in routes if job.needs <= route.turn.offers]
        able.sort(key=lambda route: route.leg(route.jobs[-1].at if route.jobs else route.turn.start, job.at))
        taker = next((route for route in able if route.plan([*route.jobs, job]) is not None), None)
        if taker is not None:
            taker.jobs.append(job)
    return _solution(routes)


def greedy(problem: Problem) -> Solution:
    """The most urgent one where it costs the least driving, anywhere in any route."""
    routes = [Route(problem, n) for n in range(len(problem.turns))]
    for job in _urgent_first(problem):
        best: tuple[int, Route, list[Job]] | None = None
        for route in (one for one in routes if job.needs <= one.turn.offers):
            before = route.travel(route.jobs)
            for place in range(len(route.jobs) + 1):
                jobs = [*route.jobs[:place], job, *route.jobs[place:]]
                more = route.travel(jobs) - before
                if (best is None or more < best[0]) and route.plan(jobs) is not None:
                    best = (more, route, jobs)
        if best is not None:
            best[1].jobs = best[2]
    return _solution(routes)
