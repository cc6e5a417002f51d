"""How good and how fast the plan of a whole city's interventions is, against the deepest search, greedy and nearest first.

`--n` interventions and three crews for ten of them, on several days drawn from seeds: skills and durations of
interventions/data/means.toml, targets, windows, shifts, pauses, missions that stay where they are. Ours is what the worker
does: the travel table, the quick search, then the deep one by trades (its time includes all three; loading the solver's library,
once a worker, is told apart). The deepest is pyvroom's exploration level 5 on the same problem and machine. Every
solution is checked again by code of its own (bench/_dispatch_check.py): skills, windows, shifts, drives, pauses, overlaps.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from bench import Args, Post, Result, progress, spread, step, table
from bench._city_day import city_day
from bench._dispatch_check import faults
from bench._dispatch_rivals import greedy, nearest_first
from interventions import travel
from interventions.planning.problem import Problem, Solution, unserved_weight
from interventions.planning.solving import DEEPEST, solve, solve_quickly, solve_well, solver

SIZE, SMALL = 200, 40
START = False
SEEDS = (1, 2, 3, 4, 5)
GOAL_S, GOAL_TRAVEL = 3.0, 1.05


@dataclass(frozen=True)
class Way:
    """One way of planning one day: what came out, and in how many seconds."""

    problem: Problem
    solution: Solution
    seconds: float

    @property
    def weight(self) -> int:
        return unserved_weight(self.problem, self.solution)

    @property
    def travel(self) -> int:
        return self.solution.travel


def ours(problem: Problem) -> Solution:
    """The worker's whole way, the travel table included."""
    places = problem.places
    fresh = Problem(problem.jobs, problem.turns, places, travel.Estimation(1.35, 25.0).table(places, places).seconds)
    solve_quickly(fresh)
    return solve_well(fresh)


WAYS: dict[str, Callable[[Problem], Solution]] = {
    "ours": ours,
    "deepest": lambda problem: solve(problem, level=DEEPEST),
    "greedy": greedy,
    "nearest first": nearest_first,
}


def timed(way: Callable[[Problem], Solution], problem: Problem) -> Way:
    began = time.monotonic()
    solution = way(problem)
    return Way(problem, solution, time.monotonic() - began)


def run(post: Post, args: Args) -> Result:
    began = time.monotonic()
    solver()
    loading = time.monotonic() - began
    crews = max(2, args.n * 3 // 10)
    days: list[dict[str, Way]] = []
    for seed in progress(SEEDS[:2] if args.small else SEEDS, "days"):
        problem = city_day(seed, args.n, crews)
        days.append({name: timed(way, problem) for name, way in WAYS.items()})
    wrong = [line for day in days for way in day.values() for line in faults(way.problem, way.solution)]
    for line in wrong[:20]:
        step(line)
    _print(days)
    result = Result({"interventions": args.n, "crews": crews, "days": len(days), "loading_the_solver_s": loading})
    result.figures |= _figures(days)
    result.at_most("seconds for a plan, the slowest day", max(day["ours"].seconds for day in days), GOAL_S)
    result.at_most("travel over the deepest search, the worst day", max(_over_deepest(days, "ours")), GOAL_TRAVEL)
    more = max(day["ours"].weight - day["deepest"].weight for day in days)
    result.at_most("more unserved by weight than the deepest", more, 0)
    result.exactly("rules broken in any solution", len(wrong), 0)
    return result


def _over_deepest(days: list[dict[str, Way]], name: str) -> list[float]:
    return [day[name].travel / day["deepest"].travel for day in days]


def _figures(days: list[dict[str, Way]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name in WAYS:
        key = name.replace(" ", "_")
        found[f"{key}_seconds"] = spread([day[name].seconds for day in days])
        found[f"{key}_travel_over_deepest"] = spread(_over_deepest(days, name))
        found[f"{key}_unserved_weight"] = sum(day[name].weight for day in days)
    return found


def _print(days: list[dict[str, Way]]) -> None:
    rows = [
        (f"day {n + 1}, {name}", way.seconds, len(way.solution.visits), way.weight, way.travel / 60)
        for n, day in enumerate(days)
        for name, way in day.items()
    ]
    step("\n" + table(("", "seconds", "served", "unserved by weight", "travel in minutes"), rows))
