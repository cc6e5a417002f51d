"""A plan over HTTP: asked for, worked out, followed, called off, applied whole and in part, and what changed meanwhile."""

import importlib.util
from datetime import timedelta
from typing import Any

import pytest

from access.roles import Role
from incidents.services.handling import clock
from interventions import services
from interventions.models import Intervention, Plan
from interventions.planning import applying, searching, solving
from interventions.planning import services as planning
from interventions.rows import plan_row_of
from interventions.services import rostering
from journal.errors import NotFound, WrongState
from journal.models import Entry
from tests import cast
from tests.incidents.api.calling import Api, problem
from tests.interventions import means
from tests.interventions.test_dispatching import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator() -> Any:
    return cast.person(Role.INTERVENTION_COORDINATOR)


def work(number: int = 3, **more: Any) -> list[Intervention]:
    incident = cast.incident(status="qualified")
    told = {"skills": ["lighting"], "duration_minutes": 30, **more}
    return [means.mission(incident=incident, **told) for _ in range(number)]


def solved(by: Any, **more: Any) -> Plan:
    plan = planning.start(by=by, **more)
    assert planning.work_out_all() >= 1
    plan.refresh_from_db()
    assert plan.state == "solved", (plan.state, plan.failure)
    return plan


def test_from_the_question_to_the_assignments(coordinator: Any) -> None:
    api, missions = Api(coordinator), work(3)
    crews = [means.crew(), means.crew(name="other")]
    unable = means.mission(skills=["green"])
    asked = api.post("/plans/", {"hours": 6})
    assert (asked.status_code, asked.json()["state"]) == (201, "queued"), asked.content
    plan = asked.json()["id"]
    assert planning.work_out_all() == 1
    told = api.get(f"/plans/{plan}/")
    body = told.json()
    assert (body["plan"]["state"], body["plan"]["progress"], body["plan"]["served"]) == ("solved", 100, 3)
    assert {visit["intervention"] for visit in body["visits"]} == {str(one.id) for one in missions}
    assert {visit["crew"] for visit in body["visits"]} <= {str(crew.id) for crew in crews}
    assert [(one["intervention"], one["why"]) for one in body["unserved"]] == [(str(unable.id), "no_crew")]
    assert not Intervention.objects.filter(status="assigned").exists(), "nothing is assigned without a person's word"
    done = api.post(f"/plans/{plan}/apply/", {}, version=body["plan"]["version"])
    assert done.status_code == 200, done.content
    assert (len(done.json()["assigned"]), done.json()["refused"]) == (3, [])
    slots = {one["id"]: one["slot_start"] for one in done.json()["assigned"]}
    assert slots == {visit["intervention"]: visit["start"] for visit in body["visits"]} or len(slots) == 3
    assert Entry.objects.filter(kind="interventions.assigned").count() == 3
    kinds = Entry.objects.filter(kind="interventions.plan_changed", about=plan)
    assert kinds.count() == 6, "queued, claimed, two steps, solved, applied"
    assert {tuple(entry.audiences) for entry in kinds} == {(f"person:{coordinator.id}",)}
    problem(api.post(f"/plans/{plan}/apply/", {}, version=body["plan"]["version"] + 1), 409, "wrong-state")
    assert api.get("/plans/").json()["results"][0]["state"] == "applied"


def test_a_part_of_it(coordinator: Any) -> None:
    missions, _crew = work(3), means.crew()
    plan = solved(coordinator)
    done = applying.apply(plan_id=plan.id, by=coordinator, interventions={missions[1].id})
    assert [one.id for one in done.assigned] == [missions[1].id]
    assert Intervention.objects.filter(status="assigned").count() == 1
    assert (done.plan.state, plan_row_of(done.plan).open, plan_row_of(done.plan).applied) == ("solved", 2, 1)


def test_the_rest_stays_open_until_it_is_accepted_or_called_off(coordinator: Any) -> None:
    api, (first, second, third, fourth), _crew = Api(coordinator), work(4), means.crew()
    plan = solved(coordinator)
    path = f"/plans/{plan.id}/"

    def take(*chosen: Intervention) -> Any:
        version = api.get(path).json()["plan"]["version"]
        return api.post(f"{path}apply/", {"interventions": [str(one.id) for one in chosen]}, version=version).json()

    assert [row["id"] for row in take(first)["assigned"]] == [str(first.id)]
    problem(api.post(f"{path}apply/", {}, version=plan.version), 412, "stale")
    services.cancel(intervention_id=second.id, by=coordinator, reason="doublon")
    told = take(first, second)
    assert (told["assigned"], [one["intervention"] for one in told["refused"]]) == ([], [str(second.id)])
    body = api.get(path).json()
    assert (body["applied"], body["refused"]) == ([str(first.id)], [str(second.id)])
    assert (body["plan"]["state"], body["plan"]["open"], body["plan"]["served"]) == ("solved", 2, 4)
    assert take(third)["plan"]["state"] == "solved"
    last = take(fourth)["plan"]
    assert (last["state"], last["open"], last["applied"]) == ("applied", 0, 3)
    problem(api.post(f"{path}apply/", {}, version=last["version"]), 409, "wrong-state")
    assert api.post(f"{path}stop/", {}).status_code == 409
    missions = work(2)
    plan = solved(coordinator, interventions=tuple(one.id for one in missions))
    applying.apply(plan_id=plan.id, by=coordinator, interventions={missions[0].id})
    assert planning.stop(plan_id=plan.id, by=coordinator).state == "cancelled"
    with pytest.raises(WrongState):
        applying.apply(plan_id=plan.id, by=coordinator)
    assert Intervention.objects.get(id=missions[1].id).status == "proposed"


def test_what_is_left_of_it_ends_when_its_times_are_past(coordinator: Any) -> None:
    (first, second), _crew = work(2), means.crew()
    plan = solved(coordinator)
    for visit in plan.result["visits"]:
        if visit["intervention"] == str(second.id):
            visit["start"] = (clock() - timedelta(minutes=11)).isoformat()
    plan.save()
    done = applying.apply(plan_id=plan.id, by=coordinator, interventions={first.id})
    assert ([one.id for one in done.assigned], done.plan.state) == ([first.id], "applied")


def test_what_changed_meanwhile_is_refused_and_told(coordinator: Any) -> None:
    edited, taken, cancelled, good, restricted = work(5)
    crew = means.crew()
    plan = solved(coordinator)
    words = services.Correction(title="autre", priority="P1", skills=("lighting",), duration_minutes=30)
    services.edit(intervention_id=edited.id, by=coordinator, correction=words)
    services.assign(intervention_id=taken.id, by=coordinator, crew=means.crew(name="quick").id)
    services.cancel(intervention_id=cancelled.id, by=coordinator, reason="doublon")
    Intervention.objects.filter(id=restricted.id).update(audiences=["restricted"])
    done = applying.apply(plan_id=plan.id, by=coordinator)
    assert {one.intervention: one.code for one in done.refused} == {
        edited.id: "stale", taken.id: "stale", cancelled.id: "wrong_state", restricted.id: "gone",
    }  # fmt: skip
    assert [one.id for one in done.assigned] == [good.id]
    assert crew.id == done.assigned[0].crew_id


def test_a_crew_that_fell_ill_and_a_slot_that_was_taken(coordinator: Any) -> None:
    (one,) = work(1)
    crew, now = means.crew(), clock()
    plan = solved(coordinator)
    rostering.set_shift(
        crew_id=crew.id, by=coordinator, kind="absent", starts_at=now, ends_at=now + timedelta(hours=20)
    )  # fmt: skip
    done = applying.apply(plan_id=plan.id, by=coordinator)
    assert [(each.code, [reason.code for reason in each.objections]) for each in done.refused] == [
        ("objections", ["absent"])
    ]
    (other,) = work(1)
    means.crew(name="second")
    plan = solved(coordinator, interventions=(one.id,))
    visit = plan.result["visits"][0]
    services.assign(intervention_id=other.id, by=coordinator, crew=visit["crew"])
    done = applying.apply(plan_id=plan.id, by=coordinator)
    assert [reason.code for reason in done.refused[0].objections] == ["overlap"]


def test_it_can_be_called_off_while_it_is_worked_out(coordinator: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    work(2)
    means.crew()
    plan = planning.start(by=coordinator)
    solve = solving.solve_quickly

    def slow(*args: Any, **more: Any) -> Any:
        Plan.objects.filter(id=plan.id, state="solving").update(state="cancelled")
        return solve(*args, **more)

    monkeypatch.setattr(searching, "solve_quickly", slow)
    planning.work_out_all()
    plan.refresh_from_db()
    assert (plan.state, plan.result) == ("cancelled", {})


def test_stopping_and_starting_anew(coordinator: Any) -> None:
    api = Api(coordinator)
    first = api.post("/plans/", {}).json()["id"]
    second = api.post("/plans/", {}).json()["id"]
    assert Plan.objects.get(id=first).state == "cancelled"
    assert api.post(f"/plans/{second}/stop/", {}).json()["state"] == "cancelled"
    problem(api.post(f"/plans/{second}/stop/", {}), 409, "wrong-state")
    assert planning.work_out_all() == 0
    with pytest.raises(WrongState):
        applying.apply(plan_id=second, by=coordinator)


def test_a_dead_workers_plan_is_taken_by_another(coordinator: Any) -> None:
    work(1)
    means.crew()
    plan = planning.start(by=coordinator)
    Plan.objects.filter(id=plan.id).update(state="solving", claimed_at=clock() - timedelta(minutes=1))
    assert planning.work_out_all() == 0
    Plan.objects.filter(id=plan.id).update(claimed_at=clock() - timedelta(minutes=2))
    assert planning.work_out_all() == 1
    plan.refresh_from_db()
    assert plan.state == "solved"


def test_a_plan_is_for_whoever_asked(coordinator: Any) -> None:
    plan = planning.start(by=coordinator)
    other = cast.person(Role.INTERVENTION_COORDINATOR)
    assert Api(other).get(f"/plans/{plan.id}/").status_code == 404
    with pytest.raises(NotFound):
        planning.stop(plan_id=plan.id, by=other)
    assert Api(cast.person(Role.CALL_TAKER)).post("/plans/", {}).status_code == 403


def test_without_the_solver_it_says_so(coordinator: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        "interventions.planning.solving.find_spec", lambda name: None if name == "vroom" else find(name)
    )
    problem(Api(coordinator).post("/plans/", {}), 503, "no-solver")


def test_a_failure_is_told(coordinator: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_more: Any) -> Any:
        raise ValueError("x")

    monkeypatch.setattr(planning, "search", broken)
    plan = planning.start(by=coordinator)
    planning.work_out_all()
    plan.refresh_from_db()
    assert (plan.state, bool(plan.failure)) == ("failed", True)


@pytest.mark.usefixtures("committed")
def test_two_plans_applied_at_the_same_instant_give_each_mission_once() -> None:
    """Crossing crews and missions, on connections of their own: no deadlock, nothing twice."""
    by = [cast.person(Role.INTERVENTION_COORDINATOR) for _ in range(2)]
    for crew in range(3):
        means.crew(name=f"Crew {crew}")
    for _round in range(5):
        missions = {one.id for one in work(6, duration_minutes=10)}
        plans = [solved(person, interventions=tuple(missions)) for person in by]
        first, second = race(
            *(lambda plan=plan, person=person: applying.apply(plan_id=plan.id, by=person)
              for plan, person in zip(plans, by, strict=True))
        )  # fmt: skip
        assert isinstance(first, applying.Applied), first
        assert isinstance(second, applying.Applied), second
        given = [one.id for done in (first, second) for one in done.assigned]
        assert sorted(given) == sorted(missions), (first.refused, second.refused)
        assert len(first.refused) + len(second.refused) == len(missions)
