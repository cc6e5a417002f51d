"""Declaring, listing and reading incidents over HTTP."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.roles import Role
from incidents import services
from incidents.models import Comment, Incident, Report
from journal.models import Entry
from tests import cast
from tests.incidents.api.calling import Api, problem

pytestmark = pytest.mark.django_db
LAT, LON = cast.SPOTS[cast.DIJON]
LAMP: dict[str, Any] = {"category": cast.LIGHT, "lat": LAT, "lon": LON}


@pytest.fixture
def operator() -> Any:
    return cast.person(Role.CALL_TAKER)


def test_declaring_makes_an_incident_its_report_and_one_entry(operator: Any) -> None:
    told: dict[str, Any] = {
        **LAMP,
        "id": str(uuid4()),
        "title": "Éteint",
        "reporter_name": "Mme Durand",
        "source": "phone",
    }
    response = Api(operator).post("/incidents/", told)
    assert response.status_code == 201
    row = response.json()
    assert response["ETag"] == '"1"'
    assert row["reference"].startswith("DM-")
    assert (row["status"], row["commune"], row["source"], row["reports"]) == ("declared", cast.DIJON, "phone", 1)
    assert Report.objects.get(id=told["id"]).reporter_name == "Mme Durand"
    assert "Durand" not in Entry.objects.get(about=row["id"]).data


def test_the_same_key_and_body_get_the_same_answer_once(operator: Any) -> None:
    api, key = Api(operator), uuid4()
    first = api.post("/incidents/", LAMP, key=key)
    again = api.post("/incidents/", LAMP, key=key)
    assert first.content == again.content
    assert again["Idempotency-Replayed"] == "true"
    assert again["ETag"] == first["ETag"]
    assert Incident.objects.count() == 1
    other = problem(api.post("/incidents/", {**LAMP, "title": "autre"}, key=key), 409, "conflict")
    assert "Idempotency-Key" in other["detail"]


def test_a_key_belongs_to_its_person(operator: Any) -> None:
    key = uuid4()
    Api(operator).post("/incidents/", LAMP, key=key)
    assert Api(cast.person(Role.VIDEO_OPERATOR)).post("/incidents/", LAMP, key=key).status_code == 201
    assert Incident.objects.count() == 2


def test_writes_need_a_key_that_is_a_uuid(operator: Any) -> None:
    problem(Api(operator).post("/incidents/", LAMP, key=None), 428, "idempotency-key-required")
    problem(Api(operator).post("/incidents/", LAMP, key="yes"), 400, "malformed")
    assert Incident.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"category": "no.such"}, "category"),
        ({"category": "lighting"}, "category"),
        ({"lat": 48.85, "lon": 2.35}, "lat"),
        ({"lat": 91}, "lat"),
        ({"lat": "47"}, "lat"),
        ({"priority": "P9"}, "priority"),
        ({"title": "x" * 161}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"category": "a\0b"}, "category"),
        ({"occurred_at": "2026-11-23T03:00:00"}, "occurred_at"),
        ({"surprise": 1}, "surprise"),
        ({"id": "7"}, "id"),
    ],
)
def test_values_that_are_not_right_are_named(operator: Any, change: dict[str, Any], field: str) -> None:
    found = problem(Api(operator).post("/incidents/", {**LAMP, **change}), 422, "invalid")
    assert field in found["errors"], found


def test_a_missing_value_is_named(operator: Any) -> None:
    assert "lat" in problem(Api(operator).post("/incidents/", {"category": cast.LIGHT}), 422, "invalid")["errors"]


def test_who_may_not_declare_is_refused_and_that_is_recorded() -> None:
    auditor = cast.person(Role.AUDITOR)
    problem(Api(auditor).post("/incidents/", LAMP), 403, "not-allowed")
    entry = Entry.objects.get(kind="access.refused")
    assert entry.by == auditor.id
    assert "incidents.declare" in entry.data
    problem(Api(None).post("/incidents/", LAMP), 401, "not-signed-in")
    outside = Api(cast.person(Role.COMMUNE_OFFICER, communes=(cast.CHENOVE,))).post("/incidents/", LAMP)
    problem(outside, 403, "not-allowed")


def test_the_list_pages_through_everything_once_newest_first(operator: Any) -> None:
    made = [cast.incident(by=operator) for _ in range(7)]
    api = Api(operator)
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = api.get("/incidents/", limit=3, **({"cursor": cursor} if cursor else {})).json()
        seen += [row["id"] for row in page["results"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 7
    assert set(seen) == {str(one.id) for one in made}


def test_the_list_shows_own_scope_only() -> None:
    here, there = cast.incident(), cast.incident(commune=cast.CHENOVE)
    secret = cast.incident(sensitivity="restricted")

    def seen(role: Role, **more: Any) -> set[str]:
        return {row["id"] for row in Api(cast.person(role, **more)).get("/incidents/").json()["results"]}

    assert seen(Role.CALL_TAKER) == {str(here.id), str(there.id)}
    assert seen(Role.COMMUNE_OFFICER, communes=(cast.CHENOVE,)) == {str(there.id)}
    assert seen(Role.AUDITOR) == {str(here.id), str(there.id), str(secret.id)}
    assert seen(Role.CREW_LEADER, home="voirie") == set()
    problem(Api(cast.person(Role.ADMINISTRATOR)).get("/incidents/"), 403, "not-allowed")
    problem(Api(None).get("/incidents/"), 401, "not-signed-in")


def test_filters_narrow(operator: Any) -> None:
    lamp = cast.incident(by=operator)
    done = cast.incident(by=operator, status="closed", priority="P1")
    far = cast.incident(by=operator, commune=cast.CHENOVE)
    api = Api(operator)

    def found(**query: Any) -> set[str]:
        response = api.get("/incidents/", **query)
        assert response.status_code == 200, response.content
        return {row["id"] for row in response.json()["results"]}

    everything = {str(one.id) for one in (lamp, done, far)}
    assert found() == everything
    assert found(status="closed,resolved") == {str(done.id)}
    assert found(status=["closed", "declared"]) == everything
    assert found(priority="P1") == {str(done.id)}
    assert found(category="lighting") == everything
    assert found(category="buildings") == set()
    assert found(commune=cast.CHENOVE) == {str(far.id)}
    assert found(open=1, commune=cast.DIJON) == {str(lamp.id)}
    assert found(bbox="4.9,47.28,5.02,47.30") == {str(far.id)}
    assert found(q=lamp.reference.lower()) == {str(lamp.id)}
    assert found(assignee="me") == set()
    assert found(since="2027-01-01T00:00:00Z") == set()
    services.watch(incident_id=far.id, by=operator)
    assert found(watched=1) == {str(far.id)}
    assert found(status="") == everything


@pytest.mark.parametrize(
    "query",
    [
        {"colour": "red"},
        {"limit": "0"},
        {"limit": "201"},
        {"limit": "many"},
        {"limit": ["1", "2"]},
        {"cursor": "bm9uc2Vuc2U"},
        {"cursor": "é"},
        {"status": "lost"},
        {"bbox": "1,2,3"},
        {"since": "yesterday"},
        {"assignee": "you"},
        {"organisation": "7"},
        {"q": "a\0b"},
    ],
)
def test_a_query_that_is_not_understood_is_refused(operator: Any, query: dict[str, Any]) -> None:
    problem(Api(operator).get("/incidents/", **query), 400, "malformed")


def test_the_number_of_queries_does_not_grow_with_the_rows(operator: Any) -> None:
    api = Api(operator)

    def queries(path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert api.get(path).status_code == 200
        return len(captured)

    one = cast.incident(by=operator)
    services.comment(incident_id=one.id, by=operator, text="vu")
    few = [queries(path) for path in ("/incidents/", "/incidents/counts/", f"/incidents/{one.id}/")]
    for _ in range(5):
        cast.incident(by=operator)
        services.comment(incident_id=one.id, by=cast.person(Role.VIDEO_OPERATOR), text="vu")
        services.add_report(incident_id=one.id, by=operator, draft=services.Draft(**LAMP))
    many = [queries(path) for path in ("/incidents/", "/incidents/counts/", f"/incidents/{one.id}/")]
    assert few == many
    assert few[0] <= 4


def test_counts(operator: Any) -> None:
    cast.incident(by=operator, priority="P1")
    cast.incident(by=operator, status="closed")
    counts = Api(operator).get("/incidents/counts/").json()
    assert (counts["open"], counts["urgent"], counts["priority"]) == (1, 1, {"P1": 1})


def test_one_incident_with_all_that_hangs_on_it(operator: Any) -> None:
    api = Api(operator)
    row = api.post("/incidents/", {**LAMP, "reporter_phone": "0380123456", "description": "tout noir"}).json()
    services.comment(incident_id=row["id"], by=operator, text="vu à la caméra")
    services.watch(incident_id=row["id"], by=operator)
    response = api.get(f"/incidents/{row['id']}/")
    found = response.json()
    assert response["ETag"] == f'"{found["version"]}"'
    assert found["reference"] == row["reference"]
    (report,) = found["reports"]
    assert (report["description"], report["reporter_phone"]) == ("tout noir", "0380123456")
    assert found["comments"][0]["text"] == "vu à la caméra"
    assert found["comments"][0]["by"]["name"] == operator.name
    assert [entry["kind"] for entry in found["history"]] == ["incidents.declared", "incidents.commented"]
    assert found["history"][0]["by_name"] == operator.name
    assert found["watching"] is True
    assert "qualify" in found["allowed"]
    assert "assign" not in found["allowed"]
    assert found["named_people"] == found["merged"] == found["attachments"] == []


def test_reporters_are_shown_to_those_who_may_see_them_only() -> None:
    taker = cast.person(Role.CALL_TAKER)
    row = Api(taker).post("/incidents/", {**LAMP, "reporter_name": "Mme Durand", "description": "tout noir"}).json()
    for role, sees in ((Role.VIDEO_OPERATOR, False), (Role.COMMUNE_OFFICER, False), (Role.AUDITOR, True)):
        response = Api(cast.person(role)).get(f"/incidents/{row['id']}/")
        assert ("Durand" in response.content.decode()) is sees, role
        assert ("reporter_name" in response.json()["reports"][0]) is sees


def test_out_of_sight_is_not_there() -> None:
    on = cast.incident()
    officer = Api(cast.person(Role.COMMUNE_OFFICER, communes=(cast.CHENOVE,)))
    problem(officer.get(f"/incidents/{on.id}/"), 404, "not-found")
    problem(officer.get(f"/incidents/{uuid4()}/"), 404, "not-found")


def test_the_merged_ones_are_listed_where_they_went(operator: Any) -> None:
    one, into = cast.incident(by=operator), cast.incident(by=operator)
    services.merge(incident_id=one.id, into=into.id, by=operator)
    assert Api(operator).get(f"/incidents/{into.id}/").json()["merged"] == [
        {"id": str(one.id), "reference": one.reference}
    ]


def test_nearby_names_what_may_be_the_same_one(operator: Any) -> None:
    api = Api(operator)
    near = api.post("/incidents/", LAMP).json()
    response = api.get("/incidents/nearby/", lat=LAT + 0.0002, lon=LON, category=cast.LIGHT)
    (found,) = response.json()
    assert found["row"]["id"] == near["id"]
    assert 0 < found["score"] <= 1
    assert 10 < found["distance_m"] < 40
    assert api.get("/incidents/nearby/", lat=LAT, lon=LON, **{"except": near["id"]}).json() == []


def test_addresses_and_methods_that_do_not_exist(operator: Any) -> None:
    problem(Api(operator).get("/nowhere/"), 404, "not-found")
    wrong = Api(operator).send("DELETE", "/incidents/")
    problem(wrong, 405, "method-not-allowed")
    assert wrong["Allow"] == "GET, POST, OPTIONS"
    assert Api(operator).client.options("/api/v1/incidents/")["Allow"] == "GET, POST, OPTIONS"
    assert Comment.objects.count() == 0
