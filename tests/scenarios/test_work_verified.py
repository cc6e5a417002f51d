"""An incident that needs hands, whole: two desks and a phone. A proposal with reasons, an assignment, a mission on the
phone, work done without network and sent once, a verified report and its PDF; every step live on both desks."""

from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from access.models import Person
from access.roles import Role
from incidents.services.handling import clock
from interventions.models import Crew, Intervention, Vehicle
from journal.events import decode
from journal.models import Entry
from journal.verification import verify
from tests import cast
from tests.browser.conftest import Desk, Enter
from tests.browser.test_field_offline import all_sent, open_mission, waiting, write
from tests.interventions import means

pytestmark = pytest.mark.usefixtures("committed")
ACTS = ["proposed", "assigned", "accepted", "departed", "arrived", "noted", "finished", "verified"]


def crews(leader: Person) -> Crew:
    """One that can, where it was seen just now; one that lacks the skill; one that is off shift."""
    lat, lon = cast.SPOTS[cast.DIJON]
    van = Vehicle.objects.create(
        code="ECL-12", organisation=leader.organisation, lat=lat + 0.01, lon=lon, seen_at=clock(), source="tracker"
    )
    means.crew(name="Propreté 1", owner="proprete", skills=["cleanliness"])
    means.crew(name="Éclairage 9", on_shift=False)
    return means.crew(name="Éclairage 2", leader=leader, vehicle=van)


def on_the_phone(page: Page, one: Intervention) -> None:
    """All of it without network: four states and a note wait on the phone."""
    page.locator(f"[data-key='accept-{one.id}']").click()
    open_mission(page, one)
    page.locator("[data-key=depart]").click()
    page.locator("[data-key=arrive]").click()
    write(page, "coffret ouvert, fusible fondu")
    page.locator("[data-key=finish]").click()
    page.locator("#f-outcome").fill("fusible remplacé")
    page.locator("#f-left_out").fill("consignation inutile")
    page.locator("dialog [value=yes]").click()
    waiting(page, 5)


def both(here: Desk, there: Desk, words: str) -> None:
    """Said on the incident's drawer and on the board, by the stream alone."""
    expect(here.page.locator("#work-panel .card")).to_contain_text(words)
    expect(there.page.locator("#sheet")).to_contain_text(words)


def report_of(desk: Desk, one: Intervention) -> str:
    address = desk.page.locator("#sheet").get_by_role("link", name="Compte rendu").get_attribute("href") or ""
    assert str(one.id) in address
    answer = desk.page.request.get(address)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(answer.body())).pages)


def test_an_incident_becomes_work_that_is_proved(enter: Enter) -> None:
    leader, coordinator = cast.person(Role.CREW_LEADER, name="Gaëlle Petit"), cast.person(Role.INTERVENTION_COORDINATOR)
    crew = crews(leader)
    incident = cast.incident(status="qualified", title="Rue Monge dans le noir", priority="P2")
    here = enter(cast.person(Role.INTERVENTION_COORDINATOR), f"/?incident={incident.id}")
    there = enter(coordinator, "/interventions/", size=(1920, 1080))
    phone = enter(leader, "/field/", size=(360, 640))
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    for desk in (here, there):
        desk.live()

    here.page.locator('#work-panel [data-act="ask"]').click()
    here.page.locator('#work-panel form [type="submit"]').click()
    row = there.page.locator("#rows li", has_text="Rue Monge dans le noir")
    expect(row).to_be_visible()
    one = Intervention.objects.get(incident=incident)

    row.click()
    proposals = there.page.locator("#choose .pr")
    expect(proposals.first).to_contain_text("Éclairage 2")
    expect(there.page.locator("#choose")).to_contain_text("sous contrat")
    expect(there.page.locator("#choose")).to_contain_text("Compétence manquante")
    there.page.keyboard.press("1")
    there.page.keyboard.press("d")
    both(here, there, "Affectée")

    mission = phone.page.locator(f'[data-mission="{one.id}"]')
    expect(mission).to_be_visible()
    phone.context.set_offline(True)
    on_the_phone(phone.page, one)
    away = clock()
    assert Intervention.objects.get(id=one.id).status == "assigned", "nothing is known of it yet"

    phone.context.set_offline(False)
    all_sent(phone.page, 5)
    both(here, there, "fusible remplacé")
    there.page.locator('#sheet [data-act="verify"]').first.click()
    there.page.locator("#f-note").fill("photo conforme")
    there.page.locator("#sheet form .check input").check()
    there.page.locator('#sheet form [type="submit"]').click()
    both(here, there, "Vérifiée")

    _on_record(one, away)
    one.refresh_from_db()
    incident.refresh_from_db()
    assert (one.crew_id, one.verified_by_id, incident.status) == (crew.id, coordinator.id, "resolved")
    words = report_of(there, one)
    for said in (one.reference, "Éclairage 2", "fusible remplacé", "coffret ouvert", "consignation inutile"):
        assert said in words
    assert coordinator.name in words
    for desk in (here, there, phone):
        assert desk.violations() == []


def _on_record(one: Intervention, away: Any) -> None:
    """Each thing once and in order; the phone's with its own times, heard when the network was back."""
    entries = list(Entry.objects.filter(about=one.id).order_by("seq"))
    assert [entry.kind.partition(".")[2] for entry in entries] == ACTS
    said: list[Any] = [decode(entry.kind, entry.data) for entry in entries[2:7]]
    assert all(before.at <= after.at for before, after in pairwise(said))
    assert said[-1].at <= away
    assert all(entry.at > away for entry in entries[2:7])
    assert verify().broken is None
