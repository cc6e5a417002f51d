"""Asking, listing, reading and acting over HTTP."""

import json
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from access.roles import Role
from tests import cast
from tests.incidents.api.calling import ROOT, Api, problem
from tests.interventions import means

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator() -> Any:
    return cast.person(Role.INTERVENTION_COORDINATOR)


def picture() -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "JPEG")
    out.seek(0)
    out.name = "a.jpg"
    return out


def test_a_mission_from_the_request_to_the_detail(coordinator: Any) -> None:
    api, incident = Api(coordinator), cast.incident(status="qualified")
    made = api.post("/interventions/", {"incident": str(incident.id)})
    assert (made.status_code, made["ETag"]) == (201, '"1"')
    row = made.json()
    crew = means.crew()
    given = api.post(f"/interventions/{row['id']}/assign/", {"crew": str(crew.id)}, version=1)
    assert (given.status_code, given.json()["crew"]["name"]) == (200, crew.name)
    problem(api.post(f"/interventions/{row['id']}/accept/", {}, version=1), 412, "stale")
    problem(api.post(f"/interventions/{row['id']}/accept/", {}), 428, "version-required")
    assert api.post(f"/interventions/{row['id']}/accept/", {}, version=2).json()["status"] == "accepted"
    note = {"id": str(uuid4()), "text": "portail fermé"}
    assert api.post(f"/interventions/{row['id']}/note/", note).status_code == 200
    detail = api.get(f"/interventions/{row['id']}/").json()
    assert [one["text"] for one in detail["notes"]] == ["portail fermé"]
    assert [one["kind"].split(".")[1] for one in detail["history"]] == ["proposed", "assigned", "accepted", "noted"]
    assert "check_in" not in detail["allowed"]
    assert {"depart", "refuse", "unassign", "hold"} <= set(detail["allowed"])


def test_an_overlap_as_a_problem(coordinator: Any) -> None:
    api, crew = Api(coordinator), means.crew()
    held = means.mission(status="accepted", with_crew=crew)
    start = held.slot_start
    assert start is not None
    other = means.mission()
    body = {"crew": str(crew.id), "start": start.isoformat()}
    met = problem(api.post(f"/interventions/{other.id}/assign/", body, version=1), 409, "overlap")
    assert met["mission"]["reference"] == held.reference
    assert met["next_free"]


def test_photos_are_cleaned_kept_and_served_to_those_who_see_the_mission(coordinator: Any) -> None:
    leader = cast.person(Role.CREW_LEADER)
    one = means.mission(status="on_site", with_crew=means.crew(leader=leader))
    path, key = f"{ROOT}/interventions/{one.id}/photos/", str(uuid4())
    api = Api(leader)
    form = {"file": picture(), "stage": "after", "item": "photo"}
    sent = api.client.post(path, form, headers={"Idempotency-Key": key})
    assert sent.status_code == 201, sent.content
    url = sent.json()["url"]
    served: Any = api.client.get(url)
    assert served["Content-Type"] == "image/jpeg"
    assert b"".join(served.streaming_content).startswith(b"\xff\xd8")
    assert Api(cast.person(Role.CREW_LEADER, home="voirie")).client.get(url).status_code == 404
    wrong = api.client.post(path, {"file": picture(), "stage": "later"}, headers={"Idempotency-Key": str(uuid4())})
    assert wrong.status_code == 422


def test_a_list_costs_one_query_whatever_its_length(coordinator: Any) -> None:
    incident = cast.incident(status="qualified")
    api = Api(coordinator)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert api.get("/interventions/", open=1).status_code == 200
        return len(seen)

    means.mission(incident=incident)
    few = queries()
    for _ in range(5):
        means.mission(incident=incident, status="accepted")
    assert queries() == few


def test_pages_and_filters(coordinator: Any) -> None:
    incident = cast.incident(status="qualified")
    made = {str(means.mission(incident=incident).id) for _ in range(5)}
    done = means.mission(incident=incident, status="done")
    api, seen, cursor = Api(coordinator), [], ""
    while True:
        page = api.get("/interventions/", limit=2, status="proposed", cursor=cursor).json()
        seen += [row["id"] for row in page["results"]]
        cursor = page["next"]
        if not cursor:
            break
    assert sorted(seen) == sorted(made)
    assert [row["id"] for row in api.get("/interventions/", crew=str(done.crew_id)).json()["results"]] == [str(done.id)]
    assert len(api.get("/interventions/", skill="green").json()["results"]) == 0
    assert api.get("/interventions/counts/").json()["status"] == {"proposed": 5}
    problem(api.get("/interventions/", cursor="rubbish"), 400, "malformed")


def test_a_partner_sees_and_moves_only_its_own() -> None:
    leader = cast.person(Role.CREW_LEADER)
    own = means.mission(status="assigned", with_crew=means.crew(leader=leader))
    foreign = means.mission(status="assigned", with_crew=means.crew(owner="voirie"))
    api = Api(leader)
    assert [row["id"] for row in api.get("/interventions/").json()["results"]] == [str(own.id)]
    assert api.get(f"/interventions/{foreign.id}/").status_code == 404
    assert api.post(f"/interventions/{foreign.id}/accept/", {}, version=1).status_code == 404
    assert api.post(f"/interventions/{own.id}/accept/", {}, version=1).status_code == 200
    assert json.loads(api.get("/interventions/counts/").content)["status"] == {"accepted": 1}
