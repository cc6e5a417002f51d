"""The search in two steps, so that progress can be shown and an urgent target counts: first with every response target as
a limit, then, better and longer, without the targets that nobody can meet. Pure but for the solver and the travel table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from interventions import travel
from interventions.choosing.facts import Crew
from interventions.planning.building import Task, job_of, turns_of
from interventions.planning.problem import Job, Problem, Solution, Turn, places_of
from interventions.planning.solving import solve_quickly, solve_well

Step = Callable[[int, "Found"], bool]  # progress in percent, what is known so far; False: stop


@dataclass(frozen=True, slots=True)
class Found:
    """`late`: jobs whose response target was let go. `never`: tasks that do not fit into the plan's time at all."""

    problem: Problem
    solution: Solution
    method: str
    late: frozenset[object]
    never: tuple[Task, ...]


def search(
    tasks: Sequence[Task], crews: Sequence[Crew], *, now: datetime, until: datetime, estimator: travel.Estimator,
    step: Step,
) -> Found | None:  # fmt: skip
    """The plan; None when `step` said to stop. Raises NoSolver."""
    turns = tuple(turn for crew in crews for turn in turns_of(crew, tasks, now=now, until=until))
    strict = {task.wanted.id: job_of(task, now=now, until=until) for task in tasks}
    loose = {task.wanted.id: job_of(task, now=now, until=until, relaxed=True) for task in tasks}
    never = tuple(task for task in tasks if loose[task.wanted.id] is None)
    jobs = [job for job in loose.values() if job is not None]
    places = places_of(jobs, turns)
    table = estimator.table(places, places)

    problem = Problem(tuple(job for job in strict.values() if job is not None), turns, places, table.seconds)
    first = solve_quickly(problem)
    late = frozenset(job.id for job in jobs if job.id not in first.served() and _let_go(job, strict[job.id]))
    if not step(40, Found(problem, first, table.method, frozenset(), never)):
        return None
    chosen = [job if job.id in late else strict[job.id] or job for job in jobs]
    problem = replace(problem, jobs=tuple(chosen))
    found = Found(problem, solve_well(problem), table.method, late, never)
    return found if step(95, found) else None


def _let_go(loose: Job, strict: Job | None) -> bool:
    """Whether its target is what stood in the way."""
    return strict is None or strict.latest < loose.latest


def able(job: Job, turns: Sequence[Turn]) -> bool:
    """Whether anybody on shift has the skills and the contract."""
    return any(job.needs <= turn.offers for turn in turns)
