"""The journal by polling: the cursor, what is seen of it, and when to start again."""

from typing import Any

import pytest
from django.test import Client

from access.models import Person
from access.roles import Role
from incidents import services
from journal.api import polling
from journal.selectors import head
from tests import cast

pytestmark = pytest.mark.django_db
LAT, LON = cast.SPOTS[cast.DIJON]


def poll(person: Person | None, **query: Any) -> Any:
    client = Client()
    if person:
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.get("/api/v1/journal/", query)


@pytest.fixture
def operator() -> Person:
    return cast.person(Role.CALL_TAKER)


def declare(by: Person, number: int = 1) -> None:
    services.declare_many(by=by, drafts=[services.Draft(category=cast.LIGHT, lat=LAT, lon=LON) for _ in range(number)])


def test_from_now_on(operator: Person) -> None:
    start = poll(operator).json()
    assert start == {"entries": [], "cursor": str(head()), "reset": False}
    declare(operator, 2)
    page = poll(operator, after=start["cursor"]).json()
    assert [entry["kind"] for entry in page["entries"]] == ["incidents.declared"] * 2
    assert page["entries"][0]["data"]["row"]["reference"]
    assert set(page["entries"][0]) == {"seq", "at", "kind", "about", "by", "data"}
    assert page["cursor"] == str(head())
    assert poll(operator, after=page["cursor"]).json()["entries"] == []


def test_only_what_one_may_see_but_the_cursor_moves_on(operator: Person) -> None:
    elsewhere = cast.person(Role.COMMUNE_OFFICER, communes=(cast.CHENOVE,))
    start = poll(elsewhere).json()["cursor"]
    declare(operator)
    page = poll(elsewhere, after=start).json()
    assert page == {"entries": [], "cursor": str(head()), "reset": False}


def test_pages_by_limit(operator: Person) -> None:
    cursor, seen = poll(operator).json()["cursor"], []
    declare(operator, 250)
    while True:
        page = poll(operator, after=cursor, limit=100).json()
        if not page["entries"]:
            break
        seen += [entry["seq"] for entry in page["entries"]]
        cursor = page["cursor"]
    assert len(seen) == len(set(seen)) == 250
    assert seen == sorted(seen)


def test_an_unknown_cursor_or_a_long_absence_starts_again(operator: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    start = poll(operator).json()["cursor"]
    declare(operator, 3)
    seq = start.partition(".")[0]
    assert poll(operator, after=f"{seq}.0badc0de").json()["reset"] is True
    assert poll(operator, after="999999.0badc0de").json()["reset"] is True
    monkeypatch.setattr(polling, "GAP", 2)
    page = poll(operator, after=start).json()
    assert page == {"entries": [], "cursor": str(head()), "reset": True}


def test_refusals(operator: Person) -> None:
    assert poll(None).status_code == 401
    assert poll(cast.person(None)).status_code == 403
    for bad in ("x", "1", "1.zzzzzzzz", "-1.00000000"):
        assert poll(operator, after=bad).status_code == 400
