"""Solving with VROOM (github.com/VROOM-Project/vroom) through pyvroom, loaded only when a plan is made.

Measured (bench/dispatch.py): exploration level 1 takes a third of a second for 200 × 60, level 5 on the whole four to
fifteen. Trades that share no crew are independent: level 5 on each, level 3 on a very large one, takes about a second.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from importlib.util import find_spec
from typing import Any

from django.utils.translation import gettext_noop

from interventions.planning.parts import parts_of
from interventions.planning.problem import Job, Problem, Solution, Turn, Visit
from journal.errors import Problem as ProblemDocument

QUICK, GOOD, DEEPEST = 1, 3, 5
LARGE = 50  # jobs in one part, from which the deepest level would take too long
THREADS = 2
QUICK_S, LIMIT_S, LEAST_S = 0.5, 1.7, 0.05  # the first search, the deep one, and each part's at least


class NoSolver(ProblemDocument):
    """No wheel of the solver exists for this machine; everything else works."""

    type, status, title = "no-solver", 503, gettext_noop("Planning many at once is not possible on this machine")


def present() -> None:
    """Raises NoSolver where the library is not installed, without loading it."""
    if find_spec("vroom") is None:
        raise NoSolver


def solver() -> Any:
    """The library. Raises NoSolver where it is not installed (see its marker in requirements.in)."""
    try:
        import vroom
    except ImportError as missing:
        raise NoSolver from missing
    return vroom


def solve_well(problem: Problem) -> Solution:
    """What a plan is made with: each part of the problem searched as deeply as the time allows, which is bounded however
    busy the machine is. Raises NoSolver."""
    return _by_parts(problem, lambda jobs: GOOD if jobs > LARGE else DEEPEST, LIMIT_S)


def solve_quickly(problem: Problem) -> Solution:
    """A first good idea, part by part. Raises NoSolver."""
    return _by_parts(problem, lambda _jobs: QUICK, QUICK_S)


def _by_parts(problem: Problem, level_for: Callable[[int], int], seconds: float) -> Solution:
    visits: list[Visit] = []
    travel, until = 0, time.monotonic() + seconds
    parts = list(parts_of(problem))
    work = [len(part.problem.jobs) ** 1.5 for part in parts]  # a search grows faster than its part
    for n, part in enumerate(parts):
        jobs = len(part.problem.jobs)
        share = (until - time.monotonic()) * work[n] / sum(work[n:])
        found = solve(part.problem, level=level_for(jobs), limit=timedelta(seconds=max(share, LEAST_S)))
        visits += [replace(visit, turn=part.turns[visit.turn]) for visit in found.visits]
        travel += found.travel
    return Solution(tuple(visits), travel)


def solve(problem: Problem, *, level: int, threads: int = THREADS, limit: timedelta | None = None) -> Solution:
    """The least unserved by weight, then the least driving, that the search finds; after `limit` the best so far.
    Raises NoSolver."""
    vroom = solver()
    if not problem.jobs or not problem.turns:
        return Solution((), 0)
    number = {place: n for n, place in enumerate(problem.places)}
    skills = {name: n for n, name in enumerate(sorted({need for job in problem.jobs for need in job.needs}))}
    model = vroom.Input()
    model.set_durations_matrix("car", problem.travel)
    model.add_vehicle([_vehicle(vroom, n, turn, number, skills) for n, turn in enumerate(problem.turns)])
    model.add_job([_job(vroom, n, job, number, skills) for n, job in enumerate(problem.jobs)])
    return _read(problem, model.solve(exploration_level=level, nb_threads=threads, timeout=limit), number)


def _job(vroom: Any, n: int, job: Job, number: dict[Any, int], skills: dict[str, int]) -> Any:
    return vroom.Job(
        n,
        number[job.at],
        default_service=job.seconds,
        skills={skills[need] for need in job.needs},
        priority=job.weight,
        time_windows=[vroom.TimeWindow(job.earliest, job.latest)],
    )


def _vehicle(vroom: Any, n: int, turn: Turn, number: dict[Any, int], skills: dict[str, int]) -> Any:
    pause = turn.pause
    breaks = [vroom.Break(n, [vroom.TimeWindow(pause.earliest, pause.latest)], pause.seconds)] if pause else []
    return vroom.Vehicle(
        n,
        start=number[turn.start],
        end=number[turn.end] if turn.end is not None else None,
        skills={skills[name] for name in turn.offers if name in skills},
        time_window=vroom.TimeWindow(turn.since, turn.until),
        breaks=breaks,
    )


def _read(problem: Problem, found: Any, number: dict[Any, int]) -> Solution:
    """Routes as visits. Travel is read from our own matrix, so that it is what we would say ourselves."""
    visits: list[Visit] = []
    total, at, turn = 0, 0, -1
    for row in found.routes.to_dict("records"):
        if int(row["vehicle_id"]) != turn:
            turn = int(row["vehicle_id"])
            at = number[problem.turns[turn].start]
        if row["type"] == "job":
            job = problem.jobs[int(row["id"])]
            here = number[job.at]
            start = int(row["arrival"]) + int(row["waiting_time"])
            visits.append(Visit(job.id, turn, start, start + job.seconds, problem.travel[at][here]))
            total += problem.travel[at][here]
            at = here
        elif row["type"] == "end" and problem.turns[turn].end is not None:
            total += problem.travel[at][number[problem.turns[turn].end]]
    return Solution(tuple(visits), total)
