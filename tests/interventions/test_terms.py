"""Contracts, checklists and vehicles as the administrator keeps them: on record, and followed from then on."""

from typing import Any

import pytest
from django.test import Client as Browser

from access.models import Person
from access.roles import Role
from incidents.models import Category
from interventions import services
from interventions.models import Checklist, Contract, Intervention, Vehicle
from interventions.services.agreeing import Point, publish_checklist
from journal.errors import NotAllowed
from journal.models import Entry
from tests import cast
from tests.interventions import means

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(client: Browser) -> Person:
    person = cast.person(Role.ADMINISTRATOR)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return person


def told(kind: str) -> list[Any]:
    return list(Entry.objects.filter(kind=f"interventions.{kind}").values_list("by", flat=True))


def test_a_checklist_gets_a_new_version_and_missions_keep_theirs(client: Browser, chief: Person) -> None:
    sheet = Checklist.objects.get(category_id="lighting")
    coordinator, crew = cast.person(Role.INTERVENTION_COORDINATOR), means.crew()
    one = services.assign(intervention_id=means.mission().id, by=coordinator, crew=crew.id)
    kept = sheet.items[0]
    lines = f"! {kept['text']}\n\nTrappe refermée\n! Mât photographié #photo\n"
    page = client.post("/admin/interventions/checklist/add/", {"category": "lighting", "title": "Mât", "lines": lines})
    assert page.status_code == 302, page.content
    made = Checklist.objects.get(category_id="lighting", version=sheet.version + 1)
    assert [(item["text"], item["needed"], item["photo"]) for item in made.items] == [
        (kept["text"], True, False), ("Trappe refermée", False, False), ("Mât photographié", True, True),
    ]  # fmt: skip
    assert made.items[0]["key"] == kept["key"], "the same words are the same item"
    assert len({item["key"] for item in made.items}) == 3
    assert Intervention.objects.get(id=one.id).checklist == sheet.items
    two = services.assign(intervention_id=means.mission().id, by=coordinator, crew=crew.id)
    assert two.checklist == made.items
    assert told("checklist_published") == [chief.id]
    shown = client.get(f"/admin/interventions/checklist/{made.id}/change/").content.decode()
    assert "! Mât photographié #photo" in shown
    assert client.post(f"/admin/interventions/checklist/{made.id}/change/", {"title": "x"}).status_code == 403
    empty = client.post("/admin/interventions/checklist/add/", {"category": "lighting", "title": "x", "lines": " !"})
    assert empty.status_code == 200


def test_a_contract_is_kept_and_its_times_are_promised(client: Browser, chief: Person) -> None:
    crew = means.crew()
    form = {
        "organisation": str(crew.organisation_id), "title": "Éclairage express", "communes": [cast.DIJON],
        "categories": ["lighting"], "response_minutes": "20", "repair_minutes": "", "valid_from": "2026-01-01",
        "valid_until": "",
    }  # fmt: skip
    wrong = client.post("/admin/interventions/contract/add/", {**form, "valid_until": "2025-01-01"})
    assert wrong.status_code == 200
    assert client.post("/admin/interventions/contract/add/", form).status_code == 302
    assert Contract.objects.get(title="Éclairage express").communes == [cast.DIJON]
    assert told("contract_changed") == [chief.id]
    incident = cast.incident(status="qualified")
    coordinator = cast.person(Role.INTERVENTION_COORDINATOR)
    one = services.propose(by=coordinator, ask=services.Ask(incident=incident.id))
    one = services.assign(intervention_id=one.id, by=coordinator, crew=crew.id)
    assert one.response_due is not None
    assert (one.response_due - one.created_at).total_seconds() == 20 * 60


def test_a_vehicle_is_added_and_put_out_of_use(client: Browser, chief: Person) -> None:
    form = {"code": "ECL-99", "label": "nacelle", "organisation": str(cast.organisation("eclairage").id), "tracker": ""}
    assert client.post("/admin/interventions/vehicle/add/", {**form, "active": "on"}).status_code == 302
    made = Vehicle.objects.get(code="ECL-99")
    assert client.post(f"/admin/interventions/vehicle/{made.id}/change/", form).status_code == 302
    made.refresh_from_db()
    assert (made.active, told("vehicle_changed")) == (False, [chief.id, chief.id])
    assert client.post(f"/admin/interventions/vehicle/{made.id}/delete/").status_code == 403


@pytest.mark.parametrize("role", [Role.INTERVENTION_COORDINATOR, Role.CREW_LEADER])
def test_nobody_else_may(client: Browser, role: Role) -> None:
    who = cast.person(role)
    with pytest.raises(NotAllowed):
        publish_checklist(category=Category.objects.get(key="lighting"), title="x", points=[Point("x")], by=who)
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/admin/interventions/contract/").status_code in (302, 403)
