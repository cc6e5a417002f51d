"""A problem in independent parts: trades that share no crew are searched apart, which loses nothing and is much faster."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from interventions.planning.problem import Job, Problem, places_of


@dataclass(frozen=True, slots=True)
class Part:
    """`turns`: the numbers of its turns in the whole problem."""

    problem: Problem
    turns: tuple[int, ...]


def parts_of(problem: Problem) -> Iterator[Part]:
    """Jobs and turns that belong together by who may do what, the largest first. A job that nobody can do and a turn that
    no job needs are in none."""
    able = _able(problem)
    groups = _groups(len(problem.turns), able.values())
    jobs: dict[int, list[Job]] = defaultdict(list)
    for job in problem.jobs:
        if able[job.needs]:
            jobs[groups[able[job.needs][0]]].append(job)
    for group in sorted(jobs, key=lambda one: -len(jobs[one])):
        turns = tuple(n for n, its in enumerate(groups) if its == group)
        yield Part(_part(problem, tuple(jobs[group]), turns), turns)


def _able(problem: Problem) -> dict[frozenset[str], list[int]]:
    """The turns that offer all of what some job needs, by these needs."""
    needs = {job.needs for job in problem.jobs}
    return {one: [n for n, turn in enumerate(problem.turns) if one <= turn.offers] for one in needs}


def _groups(number: int, together: Iterable[list[int]]) -> list[int]:
    """Each turn's group: turns that some job could go to alike are in one (a union-find)."""
    leader = list(range(number))

    def find(turn: int) -> int:
        while leader[turn] != turn:
            leader[turn] = turn = leader[leader[turn]]
        return turn

    for turns in together:
        for other in turns[1:]:
            leader[find(other)] = find(turns[0])
    return [find(turn) for turn in range(number)]


def _part(problem: Problem, jobs: tuple[Job, ...], numbers: tuple[int, ...]) -> Problem:
    turns = tuple(problem.turns[n] for n in numbers)
    places = places_of(jobs, turns)
    known = {place: n for n, place in enumerate(problem.places)}
    rows = [known[place] for place in places]
    travel = [[problem.travel[a][b] for b in rows] for a in rows]
    return replace(problem, jobs=jobs, turns=turns, places=places, travel=travel)
