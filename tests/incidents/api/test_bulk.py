"""A thousand reports in one call, each taken or refused for itself."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.roles import Role
from incidents.models import Incident, Report
from journal.models import Entry
from tests import cast
from tests.incidents.api.calling import Api, problem

pytestmark = pytest.mark.django_db
LAT, LON = cast.SPOTS[cast.DIJON]


@pytest.fixture
def operator() -> Any:
    return cast.person(Role.CALL_TAKER)


def fresh(**more: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "category": cast.LIGHT, "lat": LAT, "lon": LON, "source": "sensor", **more}


def send(by: Any, *reports: Any, **more: Any) -> list[dict[str, Any]]:
    response = Api(by).post("/reports/", {"reports": list(reports)}, **more)
    assert response.status_code == 200, response.content
    results: list[dict[str, Any]] = response.json()["results"]
    return results


def test_each_item_has_its_own_outcome(operator: Any) -> None:
    known, gone = cast.incident(by=operator), cast.incident(by=operator, status="closed")
    hidden = cast.incident(sensitivity="restricted")
    good, twin = fresh(), fresh()
    more = {"id": str(uuid4()), "incident": str(known.id), "description": "aussi"}
    sent = [
        *(good, twin, twin, more, {**more, "id": str(uuid4())}),
        *(fresh(category="no.such"), fresh(lat=48.85), fresh(category="a\0b"), fresh(surprise=1), 7, {"id": "x"}),
        *({"id": str(uuid4())}, {**more, "id": str(uuid4()), "incident": str(gone.id)}),
        *({**more, "id": str(uuid4()), "incident": str(hidden.id)}, {**more, "incident": str(uuid4())}),
    ]
    results = send(operator, *sent)
    assert [one["status"] for one in results] == [201, 201, 200, 201, 201, *[422] * 7, 409, 404, 404]
    assert results[1]["incident"] == results[2]["incident"]
    assert results[3]["incident"] == str(known.id)
    assert results[0]["reference"].startswith("DM-")
    assert results[5]["problem"]["errors"]["category"]
    assert Incident.objects.get(id=known.id).reports_count == 3
    assert Incident.objects.get(id=known.id).version == 2
    assert Entry.objects.filter(about=known.id, kind="incidents.reported").count() == 2
    again = send(operator, *sent[:5])
    assert [one["status"] for one in again] == [200] * 5
    assert [one["incident"] for one in again] == [one["incident"] for one in results[:5]]
    assert Report.objects.filter(id__in=[good["id"], twin["id"]]).count() == 2


def test_the_id_of_somebody_elses_report_is_taken(operator: Any) -> None:
    first = fresh()
    send(operator, first)
    other = cast.person(Role.VIDEO_OPERATOR)
    assert send(other, first)[0]["status"] == 409


def test_rights_count_for_each_item() -> None:
    officer = cast.person(Role.COMMUNE_OFFICER, communes=(cast.CHENOVE,))
    lat, lon = cast.SPOTS[cast.CHENOVE]
    there, here = fresh(lat=lat, lon=lon, source="commune"), fresh(source="commune")
    assert [one["status"] for one in send(officer, there, here)] == [201, 403]
    problem(Api(cast.person(Role.AUDITOR)).post("/reports/", {"reports": [fresh()]}), 403, "not-allowed")


def test_a_thousand_cost_as_many_queries_as_one(operator: Any) -> None:
    known = [cast.incident(by=operator) for _ in range(3)]

    def queries(number: int) -> int:
        declared = [fresh() for _ in range(number)]
        added = [
            {"id": str(uuid4()), "incident": str(known[place % 3].id), "source": "sensor"} for place in range(number)
        ]
        with CaptureQueriesContext(connection) as captured:
            assert {one["status"] for one in send(operator, *declared, *added)} == {201}
        return len(captured)

    assert queries(1) == queries(500)


def test_limits(operator: Any) -> None:
    problem(Api(operator).post("/reports/", {"reports": []}), 422, "invalid")
    problem(Api(operator).post("/reports/", {"reports": [{}] * 1001}), 422, "invalid")
    problem(Api(operator).post("/reports/", {"reports": [fresh()]}, key=None), 428, "idempotency-key-required")


def test_the_same_call_again_gives_the_same_answer(operator: Any) -> None:
    key, item = uuid4(), fresh()
    assert send(operator, item, key=key) == send(operator, item, key=key)
    assert Incident.objects.count() == 1
