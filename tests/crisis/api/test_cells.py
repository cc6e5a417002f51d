"""A cell over HTTP, from the form to the archive, as the page calls it."""

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.roles import Role
from crisis import services
from crisis.models import Cell
from journal.models import Entry
from prove._world import PNG
from tests import cast
from tests.crisis import world
from tests.incidents.api.calling import ROOT, Api, problem

pytestmark = pytest.mark.django_db
QUERIES = 45  # of the whole page; what matters is that it does not grow


@pytest.fixture
def cell() -> Cell:
    return world.opened()


def at(cell: Cell, rest: str = "") -> str:
    return f"/crisis/cells/{cell.id}/{rest}"


def whole(response: Any) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def test_opened_listed_and_looked_at() -> None:
    by = world.director()
    api, key = Api(by), uuid4()
    form = {"plan": "flood", "level": "alert", "facts": "L'Ouche monte"}
    made = api.post("/crisis/cells/", form, key=key)
    assert made.status_code == 201, made.content
    assert api.post("/crisis/cells/", form, key=key).content == made.content
    assert [one["id"] for one in api.get("/crisis/cells/").json()["results"]] == [made.json()["id"]]
    assert Api(world.director()).get("/crisis/cells/").json()["results"] == []
    found = api.get(f"/crisis/cells/{made.json()['id']}/").json()
    assert found["cell"] == made.json()
    assert {"log", "decide", "level", "approve"} <= set(found["allowed"])
    assert "close" not in found["allowed"], "not from alert"
    assert {one["function"] for one in found["missing"]} >= {"logbook_secretary", "situation_mapping"}


def test_the_page_costs_as_many_queries_for_a_long_cell_as_for_a_short_one(cell: Cell) -> None:
    api = Api(cell.director)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert api.get(at(cell)).status_code == 200
        return len(captured)

    world.everything(cell)
    before = cost()
    for number in range(30):
        services.log(cell_id=cell.id, by=cell.director, entry=services.Words(text=f"Ligne {number}"))
        services.act(cell_id=cell.id, by=cell.director, task=services.Task(text="Faire", function="logistics"))
    assert cost() == before <= QUERIES


def test_a_line_written_without_network_is_sent_once(cell: Cell) -> None:
    api, line = Api(cell.director), {"id": str(uuid4()), "text": "Vu", "occurred_at": "2026-11-25T08:00:00Z"}
    numbers = {api.post(at(cell, "lines/"), line).json()["number"] for _again in range(3)}
    assert len(numbers) == 1
    assert Entry.objects.filter(about=cell.id, kind="crisis.logged", data__contains=line["id"]).count() == 1
    pages = api.get(at(cell, "lines/"), limit=2).json()
    assert len(pages["results"]) == 2
    following = api.get(at(cell, "lines/"), limit=2, before=pages["next"]).json()
    assert following["results"][0]["number"] == pages["results"][1]["number"] - 1


def test_two_edit_one_section_and_nothing_is_overwritten(cell: Cell) -> None:
    api = Api(cell.director)
    report = api.post(at(cell, "reports/")).json()
    path = at(cell, f"reports/{report['id']}/sections/outlook/")
    assert api.send("PUT", path, {"text": "Pic à 17:00"}, version=1).status_code == 200
    stale = problem(api.send("PUT", path, {"text": "Rien"}, version=1), 412, "stale")
    assert (stale["current"]["text"], stale["current"]["version"]) == ("Pic à 17:00", 2)
    approve = at(cell, f"reports/{report['id']}/approve/")
    problem(api.post(approve, version=1), 412, "stale")
    assert api.post(approve, version=2).json()["state"] == "approved"
    printed = api.get(at(cell, f"reports/{report['id']}/report.pdf"))
    assert whole(printed).startswith(b"%PDF")
    problem(Api(world.director()).get(at(cell, f"reports/{report['id']}/report.pdf")), 404, "not-found")


def test_a_file_enters_the_record_by_its_hash(cell: Cell) -> None:
    api = Api(cell.director)
    sent: Any = api.client.post(
        ROOT + at(cell, "files/"),
        {"file": SimpleUploadedFile("berge.png", PNG, "image/png")},
        headers={"Idempotency-Key": str(uuid4())},
    )
    assert sent.status_code == 201, sent.content
    file = sent.json()
    line = api.post(at(cell, "lines/"), {"text": "Photo", "files": [file["id"]]}).json()
    assert line["files"][0]["sha256"] == file["sha256"]
    assert whole(api.get(at(cell, f"files/{file['id']}/")))
    problem(Api(cast.person(Role.CALL_TAKER)).get(at(cell, f"files/{file['id']}/")), 404, "not-found")


def test_what_stands_against_closing_is_said(cell: Cell) -> None:
    services.act(cell_id=cell.id, by=cell.director, task=services.Task(text="Faire", function="logistics"))
    services.set_level(cell_id=cell.id, by=cell.director, level="recovery", reason="décrue")
    cell.refresh_from_db()
    api = Api(cell.director)
    refused = problem(api.post(at(cell, "close/"), {"reason": "fini"}, version=cell.version), 409, "conflict")
    assert refused["conditions"] == api.get(at(cell, "close/")).json()["conditions"]
    assert len(refused["conditions"]) == 1


def test_an_extract_in_its_three_forms(cell: Cell) -> None:
    api = Api(cast.person(Role.AUDITOR))
    taken = api.post(at(cell, "extracts/")).json()
    assert whole(api.client.get(taken["jsonl"])).startswith(b'{"format"')
    assert whole(api.client.get(taken["pdf"])).startswith(b"%PDF")
    with zipfile.ZipFile(BytesIO(api.client.get(taken["zip"]).content)) as zipped:
        assert zipped.testzip() is None
    assert Api(world.director()).client.get(taken["zip"]).status_code == 404


def test_the_archive_by_command(cell: Cell, tmp_path: Path) -> None:
    to = tmp_path / "archive.zip"
    call_command("archive_cell", cell.reference, by=cell.director.login, to=to)
    assert zipfile.is_zipfile(to)
    with pytest.raises(CommandError):
        call_command("archive_cell", cell.reference, by=world.director().login, to=tmp_path / "other.zip")


def test_whoever_is_offered_the_direction_finds_it_without_seeing_the_cell(cell: Cell) -> None:
    other = world.director()
    api = Api(other)
    services.offer_direction(cell_id=cell.id, by=cell.director, reason="relève", person=other.id)
    assert api.get(at(cell)).status_code == 404
    (offer,) = api.get("/crisis/cells/").json()["offers"]
    assert (offer["title"], offer["transfer"]["reason"]) == (cell.title, "relève")
    assert Api(cast.person(Role.CRISIS_MEMBER)).get("/crisis/cells/").json()["offers"] == []
    assert api.post(f"/crisis/offers/{offer['transfer']['id']}/reply/", {"accept": True}).status_code == 200
    assert api.get(at(cell)).json()["cell"]["director"]["id"] == str(other.id)
    assert api.get("/crisis/cells/").json()["offers"] == []


def test_a_colour_passed_on_by_somebody_outside_the_cell_tells_them_nothing_of_it(cell: Cell) -> None:
    told = {"hazard": "flood", "colour": "red", "why": "2,10 m"}
    made = Api(cast.person(Role.CALL_TAKER)).post("/crisis/colours/", told)
    assert (made.status_code, made.json()["results"]) == (201, [])
    assert Api(cell.director).get(at(cell)).json()["suggestions"][0]["level"] == "crisis"
