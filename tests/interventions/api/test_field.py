"""The phone's addresses: the picture, the queue's items under their keys, photos, consent."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from access.roles import Role
from incidents.services.handling import clock
from interventions import services
from interventions.models import FieldConsent, Intervention, Note, Photo
from journal.models import Entry
from tests import cast
from tests.incidents.api.calling import ROOT, Api, problem
from tests.interventions import means
from tests.interventions.api.test_interventions import picture

pytestmark = pytest.mark.django_db
SHEET = [{"key": "zone", "text": "Zone balisée", "needed": True}]


@pytest.fixture
def leader() -> Any:
    return cast.person(Role.CREW_LEADER)


def mission(leader: Any, status: str = "on_site", **fields: Any) -> Intervention:
    now = clock()
    slot = {"slot_start": now, "slot_end": now + timedelta(hours=1), "checklist": SHEET, **fields}
    return means.mission(status=status, with_crew=means.crew(leader=leader), **slot)


def item(one: Intervention, act: str, **body: Any) -> dict[str, Any]:
    return {"intervention": str(one.id), "act": act, "at": clock().isoformat(), "body": body}


def test_the_picture_holds_what_the_phone_needs(leader: Any) -> None:
    one = mission(leader)
    services.note(intervention_id=one.id, by=leader, text="portail fermé")
    services.material(intervention_id=one.id, by=leader, label="lanterne", quantity=2, unit="u")
    found = Api(leader).get("/field/").json()
    (seen,) = found["missions"]
    assert seen["row"]["reference"] == one.reference
    assert (seen["commune"], seen["checklist"][0]["text"]) == ("Dijon", "Zone balisée")
    assert [line["text"] for line in (*seen["notes"], *seen["materials"])] == ["portail fermé", "lanterne · 2.00 u"]
    assert found["crews"][0]["organisation"]
    assert (found["consent"], found["person"]["id"]) == (None, str(leader.id))


def test_its_queries_do_not_grow_with_the_missions(leader: Any) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert Api(leader).get("/field/").status_code == 200
        return len(caught)

    one = mission(leader)
    services.note(intervention_id=one.id, by=leader, text="un")
    few = count()
    for _n in range(5):
        other = mission(leader)
        services.note(intervention_id=other.id, by=leader, text="un")
        services.material(intervention_id=other.id, by=leader, label="lanterne", quantity=1)
    assert count() == few


def test_an_item_sent_twice_is_done_once(leader: Any) -> None:
    api, one, key = Api(leader), mission(leader), str(uuid4())
    body = item(one, "note", text="portail fermé", id=str(uuid4()))
    first, second = (api.post("/field/", body, key=key) for _ in range(2))
    assert first.json()["result"] == "done"
    assert (second.content, second["Idempotency-Replayed"]) == (first.content, "true")
    assert Note.objects.count() == Entry.objects.filter(kind="interventions.noted").count() == 1


def test_a_conflict_is_an_answer_and_its_repetition_the_same(leader: Any) -> None:
    api, one, key = Api(leader), mission(leader, status="accepted"), str(uuid4())
    services.cancel(intervention_id=one.id, by=cast.person(Role.INTERVENTION_COORDINATOR), reason="rien")
    body = item(one, "depart")
    first, second = (api.post("/field/", body, key=key) for _ in range(2))
    assert (first.status_code, first.json()["result"], first.json()["why"]) == (200, "conflict", "state")
    assert first.json()["row"]["status"] == "cancelled"
    assert second.content == first.content
    assert Entry.objects.filter(kind="interventions.field_conflict").count() == 1


def test_what_another_person_said_is_not_sent_in_my_name(leader: Any) -> None:
    one = mission(leader)
    problem(Api(leader).post("/field/", {**item(one, "check_in"), "person": str(uuid4())}), 403, "not-allowed")


def test_wrong_items(leader: Any) -> None:
    api, one = Api(leader), mission(leader)
    problem(api.post("/field/", item(one, "verify")), 422, "invalid")
    problem(api.post("/field/", item(one, "finish", outcome="fait")), 422, "invalid")
    problem(api.post("/field/", item(one, "finish")), 422, "invalid")
    problem(api.post("/field/", {**item(one, "note", text="x"), "intervention": str(uuid4())}), 404, "not-found")


def photo(api: Api, one: Intervention, key: str, **parts: str) -> Any:
    fields = {"intervention": str(one.id), "at": clock().isoformat(), "id": key, **parts}
    client: Client = api.client
    return client.post(f"{ROOT}/field/photos/", {**fields, "file": picture()}, headers={"Idempotency-Key": key})


def test_a_photo_under_its_key(leader: Any) -> None:
    api, one, key = Api(leader), mission(leader), str(uuid4())
    at = clock().isoformat()
    first, second = (photo(api, one, key, at=at, stage="before") for _ in range(2))
    assert (first.status_code, first.json()["result"], first.json()["row"]["photos"]) == (200, "done", 1)
    assert second.content == first.content
    assert [(str(made.id), made.stage) for made in Photo.objects.all()] == [(key, "before")]
    problem(photo(api, one, str(uuid4()), stage="during"), 422, "invalid")


def test_a_late_photo_is_a_conflict_and_stays(leader: Any) -> None:
    one = mission(leader)
    services.cancel(intervention_id=one.id, by=cast.person(Role.INTERVENTION_COORDINATOR), reason="rien")
    late = photo(Api(leader), one, str(uuid4()))
    assert late.json()["result"] == "conflict"
    assert Photo.objects.count() == 1


def test_consent_is_given_and_taken_back(leader: Any) -> None:
    api = Api(leader)
    assert api.post("/field/consent/", {"given": True}).status_code == 204
    assert api.get("/field/").json()["consent"] is not None
    assert api.post("/field/consent/", {"given": False}).status_code == 204
    assert api.get("/field/").json()["consent"] is None
    assert FieldConsent.objects.get().withdrawn_at is not None


def test_those_who_do_no_field_work_have_no_phone() -> None:
    problem(Api(cast.person(Role.CALL_TAKER)).get("/field/"), 403, "not-allowed")
