"""What the desk's page holds, and for whom."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from access.models import Person
from access.roles import Role
from tests.cast import CHENOVE, DIJON, incident, person

pytestmark = pytest.mark.django_db


def opened(by: Person) -> Any:
    client = Client()
    client.force_login(by)
    return client.get("/", headers={"accept-language": "en"})


def data(by: Person) -> dict[str, Any]:
    """The page's own data island."""
    page = opened(by).content.decode()
    island = re.search(r'<script id="desk-data" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert island
    return dict(json.loads(island[1]))


def test_nobody_signed_in_is_sent_to_the_door() -> None:
    answer = Client().get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/")


def test_somebody_without_a_duty_is_told_so() -> None:
    assert opened(person(None)).status_code == 403


@pytest.mark.parametrize(
    ("role", "communes", "seen"),
    [
        (Role.CALL_TAKER, (), {"here", "there"}),
        (Role.COMMUNE_OFFICER, (CHENOVE,), {"there"}),
        (Role.MUNICIPAL_POLICE, (), {"here", "there", "restricted"}),
        (Role.ADMINISTRATOR, (), set()),
        (Role.PREFECTURE_LIAISON, (), set()),
    ],
)
def test_the_first_list_is_what_the_duty_opens(role: Role, communes: tuple[str, ...], seen: set[str]) -> None:
    incident(title="here", commune=DIJON)
    incident(title="there", commune=CHENOVE)
    incident(title="restricted", sensitivity="restricted", category="public_safety.assault")
    incident(title="over", status="closed")
    held = data(person(role, communes=communes))
    assert {row["title"] for row in held["rows"]} == seen
    assert held["counts"]["open"] == len(seen)


def test_colleagues_are_named_only_to_those_who_need_them() -> None:
    person(Role.CALL_TAKER, name="Amandine Roy")
    assert data(person(Role.CALL_TAKER))["people"] == []
    assert "Amandine Roy" in {one["name"] for one in data(person(Role.INTERVENTION_COORDINATOR))["people"]}


def test_the_page_is_small_and_never_stored() -> None:
    for _ in range(20):
        incident()
    client = Client()
    client.force_login(person(Role.CALL_TAKER))
    answer = client.get("/", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) < 40_000
    assert "no-store" in answer["Cache-Control"]


def test_it_costs_the_same_few_queries_however_many_incidents(django_assert_max_num_queries: Any) -> None:
    for _ in range(5):
        incident()
    by = person(Role.INTERVENTION_COORDINATOR)
    client = Client()
    client.force_login(by)
    with django_assert_max_num_queries(14):
        client.get("/")
