"""The crisis room's pages: what they hold, for whom, and at what price."""

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from access.models import Person
from access.roles import Role
from crisis import services
from crisis.models import Cell
from tests.cast import incident, person
from tests.crisis import world

pytestmark = pytest.mark.django_db
MOST_QUERIES = 60  # of the page with everything on it: as many as kinds of things


def asked(by: Person, path: str) -> Any:
    client = Client()
    client.force_login(by)
    return client.get(path, headers={"accept-language": "en"})


def data(by: Person, path: str) -> dict[str, Any]:
    page = asked(by, path).content.decode()
    island = re.search(r'<script id="desk-data" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert island
    return dict(json.loads(island[1]))


@pytest.fixture
def cell() -> Cell:
    return world.opened()


def test_the_room_holds_the_cell_and_where_the_journal_stood(cell: Cell) -> None:
    services.log(cell_id=cell.id, by=cell.director, entry=services.Words(text="Hauteur 1,62 m"))
    found = data(cell.director, f"/crisis/{cell.id}/")
    assert found["cell"]["reference"] == cell.reference
    assert found["lines"][0]["text"] == "Hauteur 1,62 m"
    assert re.fullmatch(r"\d+\.[0-9a-f]{8}", found["cursor"])
    assert "decide" in found["allowed"]
    assert len(found["communes"]) == 23


@pytest.mark.parametrize("role", [Role.CRISIS_DIRECTOR, Role.MUNICIPAL_POLICE, Role.COMMUNE_OFFICER, Role.CALL_TAKER])
def test_rank_alone_opens_no_cell(cell: Cell, role: Role) -> None:
    stranger = person(role)
    assert asked(stranger, f"/crisis/{cell.id}/").status_code == 404
    assert asked(stranger, f"/wall/{cell.reference}/").status_code == 404
    assert asked(stranger, f"/replay/?cell={cell.id}").status_code == 404
    assert data(stranger, "/crisis/")["cells"] == []


def test_an_auditor_sees_and_writes_nothing(cell: Cell) -> None:
    page = asked(person(Role.AUDITOR), f"/crisis/{cell.id}/")
    assert page.status_code == 200
    assert b'id="entry"' not in page.content


def test_an_administrator_is_refused() -> None:
    for path in ("/crisis/", "/wall/desk/", "/replay/"):
        assert asked(person(Role.ADMINISTRATOR), path).status_code == 403


def test_nobody_signed_in_is_sent_to_the_door() -> None:
    for path in ("/crisis/", "/wall/desk/", "/replay/"):
        assert Client().get(path)["Location"].startswith("/login/")


@pytest.mark.parametrize(
    "path", ["/replay/?cell=nonsense", "/wall/c-1999-001/", "/crisis/00000000-0000-0000-0000-000000000000/"]
)
def test_what_is_not_there_is_not_found(path: str) -> None:
    assert asked(person(Role.AUDITOR), path).status_code == 404


def test_a_wall_never_shows_what_is_restricted_whoever_asks() -> None:
    incident(title="À tous", priority="P1")
    incident(title="Réservé", priority="P1", sensitivity="restricted")
    rows = data(person(Role.AUDITOR), "/wall/desk/")["rows"]
    assert [row["title"] for row in rows] == ["À tous"]


def test_a_wall_finds_its_cell_by_reference_or_shows_the_newest(cell: Cell) -> None:
    for name in (cell.reference, cell.reference.lower(), "cell"):
        assert data(cell.director, f"/wall/{name}/")["cell"]["id"] == str(cell.id)
    assert "cell" not in data(cell.director, "/wall/desk/")


def test_only_those_who_may_open_get_the_form_and_the_names() -> None:
    assert data(person(Role.CRISIS_DIRECTOR), "/crisis/")["people"] != []
    hall = data(person(Role.CALL_TAKER), "/crisis/")
    assert (hall["may_open"], hall["people"], hall["plans"]) == (False, [], [])
    own = data(person(Role.COMMUNE_OFFICER), "/crisis/")["plans"]
    assert {plan["commune"] for plan in own} == {"21231"}


def test_a_longer_log_costs_no_more_queries(cell: Cell) -> None:
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert asked(cell.director, f"/crisis/{cell.id}/").status_code == 200
        return len(queries)

    before = count()
    for number in range(20):
        services.log(cell_id=cell.id, by=cell.director, entry=services.Words(text=f"ligne {number}"))
    assert count() == before <= MOST_QUERIES
