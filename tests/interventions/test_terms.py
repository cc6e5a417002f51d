"""Contracts, checklists and vehicles as the administrator keeps them: on record, and followed from then on."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser

from access.keys import create_client
from access.machines import machine
from access.models import Person
from access.roles import Role
from access.services import end_duty
from incidents.models import Category
from incidents.services.handling import clock
from interventions import services
from interventions.models import Checklist, Contract, Delivery, Intervention, Vehicle, Webhook
from interventions.services.agreeing import Point, publish_checklist
from interventions.services.linking import change_webhook, send_again
from journal.errors import NotAllowed, NotFound
from journal.models import Entry
from tests import cast
from tests.access.test_machines import ask
from tests.incidents.api.calling import ROOT
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


def test_dead_letters_are_seen_without_their_content(client: Browser, chief: Person) -> None:
    hook = Webhook.objects.create(organisation=cast.organisation("eclairage"), url="https://example.org/", secret="x")
    kind = "interventions.assigned"
    dead = Delivery.objects.create(
        webhook=hook, kind=kind, about=uuid4(), body='{"said":"secret"}', dead_at=clock(), failure="HTTP 500"
    )
    Delivery.objects.create(webhook=hook, kind=kind, about=uuid4(), body="{}", failure="waits")
    page = client.get("/admin/interventions/delivery/?dead_at__isempty=0").content.decode()
    assert "HTTP 500" in page
    assert ">waits<" not in page
    one = client.get(f"/admin/interventions/delivery/{dead.id}/change/").content.decode()
    assert "HTTP 500" in one
    assert "secret" not in one


def test_dead_letters_are_sent_again_from_their_list(client: Browser, chief: Person) -> None:
    fields = {"kind": "interventions.assigned", "about": uuid4(), "body": "{}"}
    hook, stopped = (
        Webhook.objects.create(organisation=cast.organisation(owner), url="https://a.example/", secret="x", active=on)
        for owner, on in (("eclairage", True), ("voirie", False))
    )
    dead = Delivery.objects.create(webhook=hook, dead_at=clock(), attempts=10, failure="HTTP 500", **fields)
    waiting = Delivery.objects.create(webhook=hook, attempts=1, failure="HTTP 503", **fields)
    gone = Delivery.objects.create(webhook=stopped, dead_at=clock(), attempts=1, failure="HTTP 410", **fields)

    def chosen(*letters: Delivery) -> Any:
        form = {"action": "send_again", "_selected_action": [str(one.id) for one in letters]}
        return client.post("/admin/interventions/delivery/", form, follow=True)

    page = chosen(dead, waiting, gone).content.decode()
    found = {one.id: (one.dead_at is None, one.attempts, one.failure) for one in Delivery.objects.all()}
    assert found == {
        dead.id: (True, 0, ""), waiting.id: (True, 1, "HTTP 503"), gone.id: (False, 1, "HTTP 410"),
    }  # fmt: skip
    assert [str(one.id) in page for one in (waiting, gone)] == [True, True], "each refusal is told by its letter"
    entry = Entry.objects.get(kind="interventions.webhook_sent_again")
    assert (entry.by, entry.about) == (chief.id, hook.id)
    assert str(dead.id) in entry.data
    for duty in chief.duties.all():
        end_duty(duty_id=duty.id, by=None)
    with pytest.raises(NotFound):
        send_again(webhook_id=hook.id, delivery_id=dead.id, by=chief)
    with pytest.raises(NotAllowed):
        change_webhook(webhook_id=hook.id, by=cast.person(Role.ADMINISTRATOR), url=hook.url, active=False, version=1)


def test_a_partner_s_own_system_sees_and_moves_only_its_own(client: Browser) -> None:
    person = machine(login="gmao", name="GMAO", organisation="eclairage", role=Role.CREW_LEADER)
    made, secret = create_client(
        person=person, name="GMAO", scopes=["interventions.read", "interventions.write"], by=None
    )
    token = ask(client, made, secret).json()["access_token"]
    own = means.mission(status="assigned", with_crew=means.crew())
    foreign = means.mission(status="assigned", with_crew=means.crew(owner="voirie"))
    waiting = means.mission()

    def call(path: str, body: dict[str, Any], version: int = 1) -> Any:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4()), "If-Match": f'"{version}"'}
        return client.post(f"{ROOT}{path}", body, content_type="application/json", headers=headers)

    seen = client.get(f"{ROOT}/interventions/", headers={"Authorization": f"Bearer {token}"}).json()["results"]
    assert [row["id"] for row in seen] == [str(own.id)]
    assert call(f"/interventions/{own.id}/accept/", {}).json()["status"] == "accepted"
    assert call(f"/interventions/{own.id}/depart/", {}, 2).json()["status"] == "en_route"
    for one in (foreign, waiting):
        assert call(f"/interventions/{one.id}/accept/", {}).status_code == 404
    assert call(f"/interventions/{own.id}/assign/", {"crew": str(own.crew_id)}, 3).status_code == 403
    assert Entry.objects.filter(about=own.id, by=person.id).count() == 2
