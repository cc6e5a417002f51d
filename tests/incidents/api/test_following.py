"""The drawer's two panels by the API: what happens next, and the procedures' steps."""

from typing import Any
from uuid import uuid4

import pytest

from access.models import Person
from access.roles import Role
from incidents import services
from incidents.models import StepAct
from tests import cast
from tests.incidents.api.calling import Api, problem
from tests.incidents.escalations import declared, pass_time, policy, step
from tests.incidents.test_procedures import procedure

pytestmark = pytest.mark.django_db
CHIEF = Role.INTERVENTION_COORDINATOR


@pytest.fixture
def caller() -> Person:
    return cast.person(Role.CALL_TAKER)


def course(by: Person, made: Any) -> Any:
    response = Api(by).get(f"/incidents/{made.id}/escalation/")
    assert response.status_code == 200, response.content
    return response.json()


def test_what_happened_and_what_happens_next(caller: Person) -> None:
    chief = cast.person(CHIEF, name="Farid Benali")
    policy(
        step(2, StepAct.DUTY, role=CHIEF, vital=True), step(10, StepAct.CRISIS), category_id=cast.LIGHT, untouched=15
    )
    made = declared(caller)
    pass_time(made, 3)
    found = course(caller, made)
    assert (found["state"], found["turn"], found["number"], found["untouched_minutes"]) == ("running", 1, 1, 15)
    first, second = found["steps"]
    assert first["done_at"]
    assert [(told["name"], told["acknowledged_at"]) for told in first["told"]] == [("Farid Benali", None)]
    (way,) = [one for one in first["told"][0]["ways"] if "SMS" in one["channel"]]
    assert (way["state"], way["why"]) == ("failed", "aucun numéro de téléphone connu")
    assert (second["done_at"], second["due_at"]) == (None, found["due_at"])
    assert "cellule" in second["words"]
    services.acknowledge(incident_id=made.id, by=chief)
    found = course(caller, made)
    assert found["state"] == "taken"
    assert [one["number"] for one in found["steps"]] == [1]
    assert found["due_at"]


def test_snoozed_and_handed_over_by_the_api(caller: Person) -> None:
    made, api = declared(caller), Api(caller)
    path = f"/incidents/{made.id}"
    problem(api.post(f"{path}/snooze/", {"minutes": 10081, "reason": "x"}, version=1), 422, "invalid")
    row = api.post(f"{path}/snooze/", {"minutes": 45, "reason": "équipe prévenue"}, version=1).json()
    assert row["acknowledged_at"]
    found = course(caller, made)
    assert (found["state"], found["reason"], found["snoozed_by"]["id"]) == (
        "snoozed",
        "équipe prévenue",
        str(caller.id),
    )
    to = str(cast.organisation("voirie").id)
    row = api.post(f"{path}/hand-over/", {"organisation": to, "reason": "c'est la voirie"}, version=2).json()
    assert (row["organisation"]["id"], row["acknowledged_at"]) == (to, None)
    problem(api.post(f"{path}/hand-over/", {"organisation": to, "reason": "x"}, version=2), 412, "stale")


def test_no_policy_is_said(caller: Person) -> None:
    assert course(caller, cast.incident())["state"] == "none"


def test_steps_are_ticked(caller: Person) -> None:
    procedure()
    made, api = declared(caller), Api(caller)
    (run,) = api.get(f"/incidents/{made.id}/procedures/").json()["results"]
    assert [one["state"] for one in run["steps"]] == ["open"] * 3
    tick = {"run": run["id"], "step": 1, "state": "done"}
    (run,) = api.post(f"/incidents/{made.id}/ticks/", tick).json()["results"]
    assert (run["steps"][0]["state"], run["steps"][0]["by"]["name"]) == ("done", caller.name)
    skip = {"run": run["id"], "step": 2, "state": "skipped"}
    problem(api.post(f"/incidents/{made.id}/ticks/", skip), 422, "invalid")
    (run,) = api.post(f"/incidents/{made.id}/ticks/", {**skip, "reason": "sans objet"}).json()["results"]
    assert (run["steps"][1]["state"], run["steps"][1]["reason"]) == ("skipped", "sans objet")
    problem(api.post(f"/incidents/{made.id}/ticks/", {**tick, "state": "skipped", "reason": "x"}), 409, "conflict")


def test_one_more_procedure(caller: Person) -> None:
    made, api = declared(caller), Api(caller)
    other = api.get(f"/incidents/{made.id}/procedures/").json()["others"][0]
    answer = api.post(f"/incidents/{made.id}/procedures/", {"procedure": other["id"]})
    assert answer.status_code == 201
    assert [one["name"] for one in answer.json()["results"]] == [other["name"]]
    problem(api.post(f"/incidents/{made.id}/procedures/", {"procedure": str(uuid4())}), 422, "invalid")


def test_out_of_sight_there_is_nothing(caller: Person) -> None:
    made = declared(caller)
    foreign = Api(cast.person(Role.COMMUNE_OFFICER, communes=(cast.CHENOVE,)))
    for panel in ("escalation", "procedures"):
        problem(foreign.get(f"/incidents/{made.id}/{panel}/"), 404, "not-found")
