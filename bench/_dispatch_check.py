"""Checks a plan with code of its own: other formulas, other data structures, nothing of interventions.planning but the
plain values. Used by bench/dispatch.py on every solution, and by the tests."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from math import acos, cos, radians, sin

from interventions.planning.problem import Problem, Solution, Turn, Visit
from territory.geometry import LatLon

ROUNDING_S = 2


def drive(a: LatLon, b: LatLon, *, detour: float = 1.35, kmh: float = 25.0) -> float:
    """Seconds, by the spherical law of cosines."""
    (lat_a, lon_a), (lat_b, lon_b) = (tuple(map(radians, point)) for point in (a, b))
    arc = sin(lat_a) * sin(lat_b) + cos(lat_a) * cos(lat_b) * cos(lon_a - lon_b)
    return 6_371_008.8 * acos(min(1.0, max(-1.0, arc))) * detour / (kmh / 3.6)


def faults(problem: Problem, solution: Solution) -> list[str]:
    """Everything that is wrong with it, in words; empty when it is right."""
    jobs = {job.id: job for job in problem.jobs}
    routes: dict[int, list[Visit]] = defaultdict(list)
    found, seen = [], set()
    for visit in solution.visits:
        job, turn = jobs[visit.job], problem.turns[visit.turn]
        routes[visit.turn].append(visit)
        if visit.job in seen:
            found.append(f"{job.id} is served twice")
        seen.add(visit.job)
        if not job.needs.issubset(turn.offers):
            found.append(f"{job.id} needs {sorted(job.needs - turn.offers)}")
        if not job.earliest <= visit.start <= job.latest:
            found.append(f"{job.id} begins outside its window")
        if visit.end - visit.start != job.seconds:
            found.append(f"{job.id} does not last as long as it takes")
    for number, visits in routes.items():
        found += _route(problem, problem.turns[number], sorted(visits, key=lambda one: one.start))
    return found + _twice_at_once(problem, solution)


def _route(problem: Problem, turn: Turn, visits: list[Visit]) -> list[str]:
    """Shift, drives and pause of one turn: between two things there is time to drive, and once, if wanted, to rest."""
    at = {job.id: job.at for job in problem.jobs}
    found, place, free = [], turn.start, float(turn.since)
    rests: list[tuple[float, float, float]] = []  # from, to, idle seconds
    for visit in visits:
        needed = drive(place, at[visit.job])
        if visit.start < free + needed - ROUNDING_S:
            found.append(f"{visit.job} begins before the crew can be there")
        rests.append((free, visit.start, visit.start - free - needed))
        place, free = at[visit.job], float(visit.end)
    last = drive(place, turn.end) if turn.end is not None else 0.0
    if free + last > turn.until + ROUNDING_S * (len(visits) + 1):
        found.append(f"the turn of {turn.crew} is over before it is done")
    rests.append((free, turn.until, turn.until - free - last))
    if visits and turn.pause is not None and not any(_rests(turn, *one) for one in rests):
        found.append(f"{turn.crew} has no pause")
    return found


def _rests(turn: Turn, start: float, end: float, idle: float) -> bool:
    pause = turn.pause
    if pause is None or idle < pause.seconds - ROUNDING_S:
        return False
    begins = max(start, pause.earliest)
    return begins <= pause.latest and begins + pause.seconds <= end + ROUNDING_S


def _twice_at_once(problem: Problem, solution: Solution) -> list[str]:
    busy: dict[object, list[tuple[int, int]]] = defaultdict(list)
    for visit in solution.visits:
        busy[problem.turns[visit.turn].crew].append((visit.start, visit.end))
    found = []
    for crew, stretches in busy.items():
        stretches.sort()
        if any(second[0] < first[1] for first, second in pairwise(stretches)):
            found.append(f"{crew} works on two things at once")
    return found
