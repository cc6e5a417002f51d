"""The verbs over HTTP: versions, rights, bodies, replays."""

from typing import Any
from uuid import uuid4

import pytest

from access.roles import Role
from incidents import services
from incidents.models import Incident, Watch
from journal.models import Entry
from tests import cast
from tests.incidents.api.calling import Api, problem

pytestmark = pytest.mark.django_db
LAT, LON = cast.SPOTS[cast.CHENOVE]


@pytest.fixture
def coordinator() -> Any:
    return cast.person(Role.INTERVENTION_COORDINATOR)


def bodies(survivor: Incident) -> dict[str, tuple[dict[str, Any], str]]:
    """For each act: a good body, and the state it starts from."""
    owner = str(cast.organisation("voirie").id)
    return {
        "acknowledge": ({}, "declared"),
        "qualify": ({"priority": "P2", "category": cast.LIGHT}, "declared"),
        "edit": ({"title": "Lampadaire", "address": "rue Monge"}, "declared"),
        "assign": ({"organisation": owner, "person": None}, "qualified"),
        "start": ({}, "qualified"),
        "resolve": ({"outcome": "réparé"}, "in_progress"),
        "close": ({}, "resolved"),
        "cancel": ({"reason": "doublon"}, "declared"),
        "reopen": ({"reason": "encore"}, "closed"),
        "move": ({"lat": LAT, "lon": LON, "address": "Chenôve"}, "declared"),
        "merge": ({"into": str(survivor.id)}, "declared"),
        "unmerge": ({"reason": "pas le même"}, "merged"),
    }


ACTS = (
    *("acknowledge", "qualify", "edit", "assign", "start", "resolve"),
    *("close", "cancel", "reopen", "move", "merge", "unmerge"),
)


@pytest.mark.parametrize("act", ACTS)
def test_each_act_answers_with_the_new_row_and_its_version(coordinator: Any, act: str) -> None:
    body, state = bodies(cast.incident(by=coordinator))[act]
    on = cast.incident(by=coordinator, status=state)
    path, api, key = f"/incidents/{on.id}/{act}/", Api(coordinator), uuid4()
    problem(api.post(path, body, version=None), 428, "version-required")
    stale = api.post(path, body, version=9)
    assert problem(stale, 412, "stale")["current"]["version"] == 1
    assert stale["ETag"] == '"1"'
    done = api.post(path, body, version=1, key=key)
    assert done.status_code == 200, done.content
    assert done["ETag"] == f'"{done.json()["version"]}"' == '"2"'
    entries = Entry.objects.filter(about=on.id).count()
    again = api.post(path, body, version=1, key=key)
    assert (again.status_code, again.content) == (200, done.content)
    assert again["Idempotency-Replayed"] == "true"
    assert Entry.objects.filter(about=on.id).count() == entries > 0
    problem(api.post(path, {**body, "surprise": 1}, version=2), 422, "invalid")


@pytest.mark.parametrize("act", ACTS)
def test_no_act_reaches_out_of_sight_or_beyond_its_right(act: str) -> None:
    on = cast.incident()
    body, state = bodies(cast.incident())[act]
    on = cast.incident(status=state)
    foreign = Api(cast.person(Role.CRISIS_DIRECTOR, communes=(cast.CHENOVE,)))
    problem(foreign.post(f"/incidents/{on.id}/{act}/", body, version=1), 404, "not-found")
    problem(Api(cast.person(Role.AUDITOR)).post(f"/incidents/{on.id}/{act}/", body, version=1), 403, "not-allowed")
    problem(Api(None).post(f"/incidents/{on.id}/{act}/", body, version=1), 401, "not-signed-in")
    assert Entry.objects.filter(about=on.id).count() == 0


def test_a_weak_or_wild_version_protects_nothing_and_is_refused(coordinator: Any) -> None:
    on = cast.incident(by=coordinator)
    for version, status, slug in (("*", 428, "version-required"), ('W/"1"', 400, "malformed"), ("1", 400, "malformed")):
        problem(Api(coordinator).post(f"/incidents/{on.id}/acknowledge/", version=version), status, slug)


def test_what_the_state_forbids_says_from_where_it_starts(coordinator: Any) -> None:
    on = cast.incident(by=coordinator)
    found = problem(Api(coordinator).post(f"/incidents/{on.id}/close/", version=1), 409, "wrong-state")
    assert (found["state"], found["allowed_from"]) == ("declared", ["resolved"])


def test_restricting_naming_and_lifting() -> None:
    chief, witness = cast.person(Role.CRISIS_DIRECTOR), cast.person(Role.VIDEO_OPERATOR)
    on, api = cast.incident(by=chief), Api(chief)
    row = api.post(f"/incidents/{on.id}/restrict/", {"reason": "enquête"}, version=1).json()
    assert row["sensitivity"] == "restricted"
    problem(Api(witness).get(f"/incidents/{on.id}/"), 404, "not-found")
    names = {"people": [str(chief.id), str(witness.id)]}
    row = api.post(f"/incidents/{on.id}/people/", names, version=row["version"]).json()
    detail = Api(witness).get(f"/incidents/{on.id}/").json()
    assert {one["id"] for one in detail["named_people"]} == set(names["people"])
    fewer = {"people": [str(chief.id)]}
    row = api.post(f"/incidents/{on.id}/people/", fewer, version=row["version"]).json()
    problem(Api(witness).get(f"/incidents/{on.id}/"), 404, "not-found")
    row = api.post(f"/incidents/{on.id}/unrestrict/", {"reason": "close"}, version=row["version"]).json()
    assert row["sensitivity"] == "normal"
    assert Api(witness).get(f"/incidents/{on.id}/").status_code == 200


def test_watching_needs_no_version(coordinator: Any) -> None:
    on, api = cast.incident(by=coordinator), Api(coordinator)
    assert api.post(f"/incidents/{on.id}/watch/").status_code == 200
    assert Watch.objects.filter(incident=on, person=coordinator).exists()
    assert api.post(f"/incidents/{on.id}/unwatch/").status_code == 200
    assert not Watch.objects.exists()


def test_comments(coordinator: Any) -> None:
    on, api = cast.incident(by=coordinator), Api(coordinator)
    made = api.post(f"/incidents/{on.id}/comments/", {"text": "équipe prévenue"})
    assert made.status_code == 201
    assert (made.json()["kind"], made.json()["by"]["name"]) == ("internal", coordinator.name)
    for bad in ({"text": ""}, {"text": "x" * 4001}, {"text": "a\0"}, {"text": "x", "kind": "loud"}, {}):
        problem(api.post(f"/incidents/{on.id}/comments/", bad), 422, "invalid")


def test_one_more_report_takes_its_place_from_the_incident(coordinator: Any) -> None:
    on, api, id_ = cast.incident(by=coordinator), Api(coordinator), str(uuid4())
    told = {"id": id_, "description": "moi aussi", "source": "phone", "reporter_name": "M. Petit"}
    made = api.post(f"/incidents/{on.id}/reports/", told)
    assert (made.status_code, made.json()["reports"]) == (201, 2)
    assert api.post(f"/incidents/{on.id}/reports/", told).json()["reports"] == 2
    assert (on.reports.get(id=id_).lat, on.reports.get(id=id_).description) == (on.lat, "moi aussi")
    other = cast.incident(by=coordinator)
    problem(api.post(f"/incidents/{other.id}/reports/", told), 409, "conflict")
    services.cancel(incident_id=on.id, by=coordinator, reason="rien")
    problem(api.post(f"/incidents/{on.id}/reports/", {}), 409, "wrong-state")


def test_a_page_without_its_token_writes_nothing(coordinator: Any) -> None:
    from django.test import Client

    api = Api(coordinator)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = api.client.cookies
    api.client = strict
    on = cast.incident(by=coordinator)
    problem(api.post(f"/incidents/{on.id}/acknowledge/", version=1), 403, "csrf")
    assert api.get("/incidents/").status_code == 200
