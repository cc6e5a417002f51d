"""Thresholds are data that an administrator edits: recorded, kept over a reload of the file, and in force at once."""

from typing import Any

import pytest
from django.test import Client

from access.models import Person
from access.roles import Role
from journal.errors import Invalid, NotAllowed
from journal.models import Entry
from prefecture import catalogue
from prefecture.models import Criterion, Draft
from prefecture.services.judging import save_criterion
from tests import cast
from tests.prefecture.test_drafting import declared

pytestmark = pytest.mark.django_db
WATER = {
    "key": "fuite", "label_fr": "Grosse fuite", "label_en": "Large leak", "fact": "incident", "categories": "water.water_leak, lighting",
    "priorities": ["P3"], "words": "", "after_minutes": 0, "over": 0, "active": "on",
}  # fmt: skip


@pytest.fixture
def admin(client: Client) -> Person:
    person = cast.person(Role.ADMINISTRATOR)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return person


def told(client: Client, path: str, **change: Any) -> Any:
    return client.post(f"/admin/prefecture/criterion/{path}/", {**WATER, **change})


def test_a_new_threshold_is_in_force_at_once(client: Client, admin: Person) -> None:
    assert told(client, "add").status_code == 302
    made = Criterion.objects.get(key="fuite")
    assert (made.categories, made.kind, made.edited) == (["water.water_leak", "lighting"], "incident_report", True)
    entry = Entry.objects.get(kind="prefecture.criterion_changed")
    assert entry.by == admin.id
    declared("water.water_leak", priority="P3")
    assert Draft.objects.get().criterion_id == "fuite"


def test_what_is_edited_stays_when_the_file_is_loaded_again(client: Client, admin: Person) -> None:
    page = client.get("/admin/prefecture/criterion/road-cut-2h/change/").content.decode()
    assert "roads.collapse" in page
    changed = {"categories": "roads", "priorities": ["P1"], "after_minutes": 45, "label_fr": "Axe coupé 45 min"}
    assert told(client, "road-cut-2h/change", **changed).status_code == 302
    catalogue.load_criteria()
    one = Criterion.objects.get(key="road-cut-2h")
    assert (one.after_minutes, one.categories, one.label_fr) == (45, ["roads"], "Axe coupé 45 min")


@pytest.mark.parametrize(
    "change",
    [{"categories": "nowhere"}, {"priorities": ["P9"]}, {"categories": "", "priorities": []}, {"fact": "evacuated"},
     {"fact": "site", "over": 0}, {"fact": "weather"}, {"after_minutes": -1}, {"label_fr": ""}],
    ids=str,
)  # fmt: skip
def test_a_threshold_without_sense_is_refused_beside_its_field(
    client: Client, admin: Person, change: dict[str, Any]
) -> None:
    answer = told(client, "add", **change)
    assert answer.status_code == 200
    assert b"errorlist" in answer.content
    assert not Criterion.objects.filter(key="fuite").exists()


def test_nobody_else_edits_and_the_service_refuses_as_well(client: Client) -> None:
    director = cast.person(Role.CRISIS_DIRECTOR)
    client.force_login(director, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert told(client, "add").status_code in (302, 401, 403)
    assert not Criterion.objects.filter(key="fuite").exists()
    with pytest.raises(NotAllowed):
        save_criterion(criterion=Criterion(key="x", categories=["water"]), by=director)
    with pytest.raises(Invalid):
        save_criterion(criterion=Criterion(key="x"), by=cast.person(Role.ADMINISTRATOR))
