"""The post's main job, whole: a citizen's app posts by the standard; the desks that may see it do, within a second;
the others never do; it is worked to its end in front of everybody, and all of it is in the record."""

import re
import time
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from access import keys
from access.machines import machine
from access.roles import Role
from incidents import services
from incidents.models import Incident, Report
from journal.models import Entry
from journal.verification import verify
from tests import cast
from tests.browser.conftest import Desk, Enter
from tests.conftest import PATIENCE_S, Server

pytestmark = pytest.mark.usefixtures("committed")
LIGHT = "lighting.street_light_out"
WORDS = "Tout le trottoir est dans le noir devant le 12"


def work_to_its_end(made: Incident, seen_by: Desk) -> None:
    """Each step by its service; each seen, in words, on a desk that does nothing but look."""
    chief, row = cast.person(Role.INTERVENTION_COORDINATOR), seen_by.page.locator(f"[data-id='{made.id}']").first
    owner = cast.organisation("eclairage").id
    steps: list[tuple[str, dict[str, Any], str]] = [
        ("qualify", {"priority": "P2", "category": LIGHT}, "Qualified"),
        ("assign", {"organisation": owner}, "Éclairage"),
        ("start", {}, "In progress"),
    ]
    for verb, words, said in steps:
        getattr(services, verb)(incident_id=made.id, by=chief, **words)
        expect(row).to_contain_text(said)
    services.resolve(incident_id=made.id, by=chief, outcome="ampoule changée")
    expect(seen_by.page.locator(f"[data-id='{made.id}']")).to_have_count(0)  # nothing left to do about it
    services.close(incident_id=made.id, by=chief)
    kinds = [entry.kind.partition(".")[2] for entry in Entry.objects.filter(about=made.id).order_by("seq")]
    assert kinds == ["declared", "qualified", "assigned", "started", "resolved", "closed"]


def post_as_a_standard_client(server: Server, api_key: str) -> httpx.Response:
    """What any GeoReport v2 client sends: a form, the key in it, the answer by extension."""
    lat, lon = cast.SPOTS[cast.CHENOVE]
    offered = httpx.get(f"{server.url}/open311/v2/services.json", timeout=PATIENCE_S).json()
    assert LIGHT in [service["service_code"] for service in offered]
    form = {"api_key": api_key, "service_code": LIGHT, "lat": str(lat), "long": str(lon), "description": WORDS}
    return httpx.post(f"{server.url}/open311/v2/requests.json", data=form, timeout=PATIENCE_S)


def test_a_citizens_report_reaches_the_right_desks_at_once_and_is_worked_to_its_end(
    server: Server, enter: Enter
) -> None:
    gateway = machine(login="appli", name="Appli", organisation="dijon-metropole", role=Role.CITIZEN_GATEWAY)
    _key, secret = keys.create_api_key(person=gateway, label="appli", by=None)
    coordinator = enter(cast.person(Role.INTERVENTION_COORDINATOR))
    elected = enter(cast.person(Role.COMMUNE_OFFICER, communes=(cast.CHENOVE,)), language="en")
    neighbour = enter(cast.person(Role.COMMUNE_OFFICER, communes=(cast.DIJON,)))
    for desk in (coordinator, elected, neighbour):
        desk.live()

    answer = post_as_a_standard_client(server, secret)
    posted = time.monotonic()
    assert answer.status_code == 201, answer.text
    made = Incident.objects.get()
    row = f"[data-id='{made.id}']"
    for desk in (coordinator, elected):
        desk.page.locator(row).first.wait_for()
    print(f"both desks showed it {time.monotonic() - posted:.3f} s after the answer")
    assert made.commune_id == cast.CHENOVE
    assert answer.json()[0]["service_request_id"]

    by = coordinator.page
    by.locator(row).first.click()
    expect(by.locator("#drawer")).to_contain_text(made.reference)
    work_to_its_end(made, elected)
    httpx.get(f"{server.url}/open311/v2/requests.xml", timeout=PATIENCE_S).raise_for_status()
    public = httpx.get(f"{server.url}/open311/v2/requests.json", timeout=PATIENCE_S).text
    assert WORDS not in public
    expect(neighbour.page.locator(row)).to_have_count(0)
    assert made.reference not in neighbour.page.content()
    for desk in (coordinator, elected, neighbour):
        assert desk.violations() == []
    assert not any(WORDS in entry.data for entry in Entry.objects.all())
    assert Report.objects.get().description.startswith(WORDS)
    assert verify().broken is None
    assert re.fullmatch(r"DM-\d{4}-000001", made.reference)
