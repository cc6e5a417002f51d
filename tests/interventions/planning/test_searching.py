"""From facts to a plan: what is free of a crew's time, what may be given to whom; every plan checked by other code."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from bench._city_day import city_day
from bench._dispatch_check import faults
from interventions import travel
from interventions.choosing.facts import Crew, Mission, Span, Terms, Wanted
from interventions.planning.building import Task, job_of, turns_of
from interventions.planning.problem import Solution, Visit, unserved_weight
from interventions.planning.searching import Found, search
from interventions.planning.solving import QUICK, solve

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
HERE, NEAR, FAR = (47.32, 5.04), (47.325, 5.045), (47.25, 4.95)
UNTIL = NOW + 10 * HOUR
LIGHT = "lighting.street_light_out"


def crew(**more: Any) -> Crew:
    told: dict[str, Any] = {
        "name": "Éclairage 1", "skills": frozenset({"lighting"}), "position": HERE, "seen_at": NOW,
        "shifts": (Span("planned", NOW - HOUR, NOW + 4 * HOUR),), "terms": (Terms("Tout"),),
    }  # fmt: skip
    return Crew(id=uuid4(), organisation=uuid4(), organisation_name="x", base=HERE, **{**told, **more})


def task(*, done_by: datetime | None = None, at: Any = NEAR, **more: Any) -> Task:
    told: dict[str, Any] = {
        "skills": frozenset({"lighting"}), "commune": "21231", "category": LIGHT, "priority": "P3", "minutes": 60,
    }  # fmt: skip
    return Task(Wanted(id=uuid4(), at=at, **{**told, **more}), done_by)


def mission(start: datetime, hours: float = 1, **more: Any) -> Mission:
    return Mission(uuid4(), "T", "t", "P3", start, start + hours * HOUR, FAR, **more)


def found(tasks: list[Task], crews: list[Crew]) -> Found:
    made = search(tasks, crews, now=NOW, until=UNTIL, estimator=travel.estimation(), step=lambda _percent, _found: True)
    assert made is not None
    assert faults(made.problem, made.solution) == []
    return made


def spans(of: Crew) -> list[tuple[float, float]]:
    """In hours; the five minutes that the decision takes left out of sight."""
    return [
        (round(turn.since / 3600 - 0.04, 1), turn.until / 3600) for turn in turns_of(of, [task()], now=NOW, until=UNTIL)
    ]


def test_what_is_free_of_a_shift() -> None:
    assert spans(crew()) == [(0, 4)]
    assert spans(crew(missions=(mission(NOW + HOUR), mission(NOW + 3 * HOUR)))) == [(0, 1), (2, 3)]
    assert spans(crew(missions=(mission(NOW - HOUR / 2),))) == [(0.5, 4)]
    away = Span("absent", NOW + HOUR, NOW + 2 * HOUR)
    assert spans(crew(shifts=(*crew().shifts, away))) == [(0, 1), (2, 4)]
    assert spans(crew(shifts=(Span("on_call", NOW - HOUR, NOW + 4 * HOUR),))) == [], "a recall is a person's decision"
    late = (Span("planned", NOW - 12 * HOUR, NOW - 4 * HOUR), Span("planned", NOW, NOW + 9 * HOUR))
    assert spans(crew(shifts=late)) == [(7, 9)], "eleven hours of rest first"
    assert spans(crew(shifts=(Span("planned", NOW + 20 * HOUR, NOW + 25 * HOUR),))) == []


def test_a_turn_goes_on_to_the_mission_that_is_held() -> None:
    before, after = turns_of(crew(missions=(mission(NOW + 2 * HOUR),)), [task()], now=NOW, until=UNTIL)
    assert (before.start, before.end, after.start, after.end) == (HERE, FAR, FAR, None)


def test_a_long_day_has_a_pause() -> None:
    (turn,) = turns_of(crew(shifts=(Span("planned", NOW, NOW + 8 * HOUR),)), [task()], now=NOW, until=UNTIL)
    assert turn.pause is not None
    assert (turn.pause.earliest, turn.pause.latest) == (3 * 3600, 6 * 3600 - 1200)
    (short,) = turns_of(crew(), [task()], now=NOW, until=UNTIL)
    assert short.pause is None


def test_windows_and_targets() -> None:
    job = job_of(task(due=NOW + HOUR, done_by=NOW + 5 * HOUR), now=NOW, until=UNTIL)
    assert job is not None
    assert (job.earliest, job.latest) == (0, 3600)
    job = job_of(task(due=NOW + HOUR, done_by=NOW + 5 * HOUR), now=NOW, until=UNTIL, relaxed=True)
    assert job is not None
    assert job.latest == 4 * 3600
    assert job_of(task(due=NOW - HOUR), now=NOW, until=UNTIL) is None
    assert job_of(task(not_before=NOW + 12 * HOUR), now=NOW, until=UNTIL, relaxed=True) is None


def test_who_may_do_what() -> None:
    wrong_skill, no_contract = task(skills=frozenset({"green"})), task(category="water.leak")
    limited = crew(terms=(Terms("x", frozenset(), frozenset({"lighting"})),))
    made = found([task(), wrong_skill, no_contract], [limited])
    assert len(made.solution.visits) == 1


def test_the_urgent_first_and_late_ones_all_the_same() -> None:
    urgent, calm = task(priority="P1", due=NOW + HOUR / 2), [task() for _ in range(3)]
    hopeless = task(priority="P2", due=NOW - HOUR)
    made = found([*calm, urgent, hopeless], [crew(shifts=(Span("planned", NOW, NOW + 3.5 * HOUR),))])
    served = made.solution.served()
    assert {urgent.wanted.id, hopeless.wanted.id} <= served
    assert len(served) == 3
    assert made.late == {hopeless.wanted.id}
    first = next(visit for visit in made.solution.visits if visit.job == urgent.wanted.id)
    assert first.start <= 1800


def test_what_does_not_fit_is_left_and_named() -> None:
    later = task(not_before=NOW + 20 * HOUR)
    made = found([later, task()], [crew()])
    assert [one.wanted.id for one in made.never] == [later.wanted.id]


def test_it_can_be_stopped_between_the_steps() -> None:
    seen: list[int] = []

    def step(percent: int, _found: Found) -> bool:
        seen.append(percent)
        return False

    assert search([task()], [crew()], now=NOW, until=UNTIL, estimator=travel.estimation(), step=step) is None
    assert seen == [40]


def test_nothing_to_do_and_nobody_there() -> None:
    assert found([], [crew()]).solution == Solution((), 0)
    assert found([task()], []).solution == Solution((), 0)


@pytest.mark.parametrize("seed", range(4))
def test_a_city_day_is_solved_without_faults(seed: int) -> None:
    problem = city_day(seed, 40, 14)
    assert faults(problem, solve(problem, level=QUICK)) == []


def test_the_checker_sees_every_fault() -> None:
    """What is broken on purpose is found: otherwise a clean check says nothing."""
    problem = city_day(7, 40, 14)
    good = solve(problem, level=QUICK)
    one = good.visits[0]

    def broken(*changed: Visit) -> str:
        return "; ".join(faults(problem, Solution((*changed, *good.visits[1:]), good.travel)))

    job = next(job for job in problem.jobs if job.id == one.job)
    unable = next(n for n, turn in enumerate(problem.turns) if not job.needs <= turn.offers)
    assert "twice" in broken(one, one)
    assert "needs" in broken(replace(one, turn=unable))
    assert "window" in broken(replace(one, start=job.latest + 60, end=job.latest + 60 + job.seconds))
    assert "before the crew can be there" in broken(replace(one, start=-3600, end=job.seconds - 3600))
    assert "as long as it takes" in broken(replace(one, end=one.end - 60))
    assert unserved_weight(problem, Solution((), 0)) == sum(job.weight for job in problem.jobs)
