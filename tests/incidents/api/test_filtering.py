"""Saved filters are one's own; the export is the list as a spreadsheet."""

import csv
from io import StringIO
from typing import Any

import pytest

from access.roles import Role
from incidents.api.filtering import cell
from incidents.models import SavedFilter
from incidents.services import filtering
from tests import cast
from tests.incidents.api.calling import Api, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Any:
    return cast.person(Role.CALL_TAKER)


def test_making_changing_and_deleting(operator: Any) -> None:
    api = Api(operator)
    made = api.post("/saved-filters/", {"name": "Urgent", "query": "?priority=P1,P2&open=1"})
    assert made.status_code == 201, made.content
    path = f"/saved-filters/{made.json()['id']}/"
    assert made.json()["query"] == "priority=P1,P2&open=1"
    assert api.get("/saved-filters/").json()["results"] == [api.get(path).json()]
    changed = {"name": "Très urgent", "query": "priority=P1"}
    problem(api.send("PUT", path, changed), 428, "version-required")
    problem(api.send("PUT", path, changed, version=1), 412, "stale")
    done = api.send("PUT", path, changed, version=api.get(path)["ETag"])
    assert (done.status_code, done.json()["name"]) == (200, "Très urgent")
    assert api.send("DELETE", path).status_code == 204
    assert not SavedFilter.objects.exists()


def test_one_never_meets_anothers(operator: Any) -> None:
    made = Api(operator).post("/saved-filters/", {"name": "Mine", "query": ""}).json()
    other = Api(cast.person(Role.CALL_TAKER))
    path = f"/saved-filters/{made['id']}/"
    assert other.get("/saved-filters/").json() == {"results": []}
    problem(other.get(path), 404, "not-found")
    problem(other.send("DELETE", path), 404, "not-found")
    problem(other.send("PUT", path, {"name": "x", "query": ""}, version=1), 404, "not-found")
    assert other.post("/saved-filters/", {"name": "Mine", "query": ""}).status_code == 201


def test_refusals(operator: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    api = Api(operator)
    for bad in ({"name": "x", "query": "colour=red"}, {"name": " ", "query": ""}, {"name": "", "query": ""}, {}):
        problem(api.post("/saved-filters/", bad), 422, "invalid")
    api.post("/saved-filters/", {"name": "x", "query": ""})
    problem(api.post("/saved-filters/", {"name": "x", "query": ""}), 409, "conflict")
    monkeypatch.setattr(filtering, "MOST", 1)
    problem(api.post("/saved-filters/", {"name": "y", "query": ""}), 422, "invalid")


def rows(by: Any, **query: Any) -> list[dict[str, str]]:
    response = Api(by).get("/incidents/export.csv", **query)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline="")))


def test_the_export_has_the_lists_filters_and_sight(operator: Any) -> None:
    here, there = cast.incident(by=operator, title="=HYPERLINK()"), cast.incident(commune=cast.CHENOVE)
    cast.incident(sensitivity="restricted")
    assert {row["reference"] for row in rows(operator)} == {here.reference, there.reference}
    (row,) = rows(operator, commune=cast.DIJON)
    assert row["title"] == "'=HYPERLINK()"
    assert row["lat"] == str(here.lat)
    assert row["organisation"] == here.organisation.name  # type: ignore[union-attr]
    officer = cast.person(Role.COMMUNE_OFFICER, communes=(cast.CHENOVE,))
    assert [row["reference"] for row in rows(officer)] == [there.reference]
    problem(Api(operator).get("/incidents/export.csv", colour="red"), 400, "malformed")
    problem(Api(operator).get("/incidents/export.csv", limit="5"), 400, "malformed")


@pytest.mark.parametrize("text", ["=1+1", "+33", "-1", "@SUM", "\tx", "\rx"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}"
    assert cell("rue Monge") == "rue Monge"
    assert cell(-1.5) == -1.5
    assert cell(None) == ""
