"""The crew leader's phone: a mission from the order to the report, safety, positions, and everybody's needs."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from access.roles import Role
from incidents.services.handling import clock
from interventions import services
from interventions.models import FieldConsent, Intervention, Position, Shift
from tests.browser.conftest import Enter
from tests.browser.field_world import day
from tests.browser.test_everybody import serious
from tests.browser.test_field_offline import all_sent, open_mission, phone, write
from tests.cast import person
from tests.interventions import means

HERE: dict[str, Any] = {"geolocation": {"latitude": 47.3402, "longitude": 5.0621}, "permissions": ["geolocation"]}


def test_a_mission_from_the_order_to_the_report(enter: Enter) -> None:
    world = day(lone=False)
    Intervention.objects.filter(id=world.here.id).update(status="verified", done_at=clock())
    page = phone(enter, world).page
    page.locator(f"[data-key='accept-{world.next.id}']").click()
    open_mission(page, world.next)
    href = page.get_by_role("link", name="Itinéraire").get_attribute("href") or ""
    assert href.startswith(f"geo:{world.next.lat:.6f},{world.next.lon:.6f}?q=")
    page.locator("[data-key=depart]").click()
    page.locator("[data-key=arrive]").click()
    page.locator("[data-key=hold]").click()
    page.get_by_label("météo").check()
    page.locator("dialog [value=yes]").click()
    expect(page.locator(".pause")).to_contain_text("météo")
    page.locator("[data-key=release]").click()
    page.locator("[data-key=material]").click()
    page.locator("#f-label").fill("lanterne LED")
    page.locator("#f-quantity").fill("2")
    page.locator("dialog [value=yes]").click()
    write(page, "câble repris")
    page.locator("[data-key=finish]").click()
    page.locator("#f-outcome").fill("lanterne changée")
    page.locator("dialog [value=yes]").click()
    expect(page.locator("h1")).to_have_text("Mes missions")
    all_sent(page, 8)
    one = Intervention.objects.get(id=world.next.id)
    assert (one.status, one.outcome, one.minutes_spent) == ("done", "lanterne changée", 0)
    assert (one.materials.count(), one.notes.count(), one.pauses.count()) == (1, 1, 1)


def test_needed_items_left_out_are_asked_about(enter: Enter) -> None:
    world = day()
    page = phone(enter, world).page
    open_mission(page, world.here)
    page.locator("[data-key=finish]").click()
    expect(page.locator("#h-left_out")).to_contain_text("Consignation faite, Photo après travaux")
    page.locator("#f-outcome").fill("fait")
    page.locator("#f-left_out").fill("impasse privée")
    page.locator("dialog [value=yes]").click()
    all_sent(page, 1)
    assert Intervention.objects.get(id=world.here.id).outcome == "fait (impasse privée)"


def test_a_new_order_appears_by_itself(enter: Enter) -> None:
    world = day()
    page = phone(enter, world).page
    expect(page.locator("section.m")).to_have_count(4)
    boss = person(Role.INTERVENTION_COORDINATOR)
    one = means.mission(title="Armoire forcée", address="rue de Jouvence")
    start = clock() + timedelta(hours=3)
    services.assign(intervention_id=one.id, by=boss, crew=world.crew.id, start=start, override="après le service")
    expect(page.locator(f'[data-mission="{one.id}"]')).to_contain_text("Armoire forcée")
    services.unassign(intervention_id=one.id, by=boss, reason="erreur")
    expect(page.locator(f'[data-mission="{one.id}"]')).to_have_count(0)
    expect(page.locator(f'[data-trouble="{one.id}"]')).to_contain_text("Retirée entre-temps")


def test_the_sign_of_life(enter: Enter) -> None:
    world = day()
    desk = phone(enter, world)
    due = Intervention.objects.get(id=world.here.id).check_in_due
    assert due is not None
    desk.page.get_by_role("button", name="Je vais bien").click()
    all_sent(desk.page, 1)
    later = Intervention.objects.get(id=world.here.id).check_in_due
    assert later is not None
    assert later > due
    desk.context.set_offline(True)
    link = desk.page.get_by_role("link", name="Je vais bien")
    expect(link).to_have_attribute("href", "tel:+33353010000")


def test_an_overdue_sign_of_life_is_loud(enter: Enter) -> None:
    world = day()
    Intervention.objects.filter(id=world.here.id).update(check_in_due=clock() - timedelta(minutes=2))
    page = phone(enter, world).page
    expect(page.locator("#lone")).to_have_attribute("data-state", "over")
    expect(page.locator("#cry")).to_contain_text("le coordonnateur est prévenu")
    expect(page.locator(".card.m")).to_have_count(4)
    assert serious(page) == []


def positions(page: Page) -> list[str]:
    """Positions that the page sends from now on."""
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.post_data or "") if "/positions/" in asked.url else None)
    return sent


def test_the_position_is_shared_by_consent_until_it_is_taken_back(enter: Enter) -> None:
    world = day()
    page = phone(enter, world, **HERE).page
    sent = positions(page)
    expect(page.locator("#share")).to_have_attribute("data-state", "ask")
    page.locator("#share .link").click()
    expect(page.locator("dialog")).to_contain_text("Effacée après 30 jours")
    assert serious(page) == []
    with page.expect_response("**/api/v1/positions/") as answered:
        page.locator("dialog [value=yes]").click()
    assert answered.value.ok
    expect(page.locator("#share")).to_contain_text("Position partagée jusqu’à")
    kept = Position.objects.get()
    assert world.crew.vehicle is not None
    assert (kept.vehicle_id, round(kept.lat, 4)) == (world.crew.vehicle.id, 47.3402)
    assert FieldConsent.objects.get(person=world.leader).withdrawn_at is None
    page.locator("#share .link").click()
    expect(page.locator("#share")).to_have_attribute("data-state", "ask")
    all_sent(page, 2)
    assert FieldConsent.objects.get(person=world.leader).withdrawn_at is not None
    assert len(sent) == 1


def test_no_position_outside_a_shift(enter: Enter) -> None:
    """Consent stands, the shift is over: nothing is asked of the phone, nothing leaves it."""
    world = day()
    Shift.objects.update(ends_at=clock() - timedelta(minutes=1))
    services.share_position(by=world.leader)
    page = phone(enter, world, **HERE).page
    expect(page.locator("#share")).to_have_attribute("data-state", "off")
    assert page.evaluate("() => new Promise((done) => setTimeout(done, 300))") is None
    assert Position.objects.count() == 0


def test_it_can_be_installed_and_keeps_only_its_own(enter: Enter) -> None:
    world = day()
    desk = phone(enter, world)
    manifest = desk.page.evaluate("fetch(document.querySelector('[rel=manifest]').href).then((one) => one.json())")
    assert (manifest["scope"], manifest["start_url"], manifest["display"]) == ("/field/", "/field/", "standalone")
    assert {one["sizes"] for one in manifest["icons"]} == {"192x192", "512x512"}
    scope = desk.page.evaluate("navigator.serviceWorker.ready.then((one) => one.scope)")
    assert scope.endswith("/field/")
    kept = desk.page.evaluate(
        """async () => { const found = []; for (const name of await caches.keys())
             for (const one of await (await caches.open(name)).keys()) found.push(new URL(one.url).pathname); return found }"""
    )
    assert "/field/" in kept
    assert not [path for path in kept if path.startswith("/api/")]
    assert desk.violations() == []


def test_leaving_takes_the_missions_off_the_phone(enter: Enter) -> None:
    world = day()
    page = phone(enter, world).page
    page.locator("#menu summary").click()
    page.locator('#about form[action*="logout"] button').click()
    page.wait_for_url("**/login/**")
    assert page.evaluate("caches.has('field-page')") is False


def test_for_whoever_has_no_crew_and_whoever_has_no_field_work(enter: Enter) -> None:
    page = enter(person(Role.CREW_LEADER), "/field/", size=(360, 640)).page
    expect(page.locator(".empty")).to_contain_text("aucune équipe")
    assert serious(page) == []
    page = enter(person(Role.CALL_TAKER), "/field/").page
    expect(page.locator("h1")).to_contain_text("n’ouvrent pas")


@pytest.mark.parametrize(("theme", "language"), [("dark", "fr"), ("light", "en")])
def test_axe_finds_nothing_and_nothing_overflows(enter: Enter, theme: str, language: str) -> None:
    world = day()
    desk = enter(world.leader, "/field/", size=(360, 640), theme=theme, language=language)
    page = desk.page

    def look() -> None:
        assert serious(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        small = page.evaluate(
            """[...document.querySelectorAll("button, a, summary")].filter((one) => one.checkVisibility() && !one.closest(".skips"))
                 .filter((one) => one.getBoundingClientRect().height < 43.9).map((one) => one.outerHTML.slice(0, 80))"""
        )
        assert small == [], "too small for a thumb"

    expect(page.locator(".card.m")).to_have_count(4)
    look()
    page.locator("#menu summary").click()
    expect(page.locator("#language")).to_be_visible()
    look()
    page.locator("#menu summary").click()
    open_mission(page, world.here)
    expect(page.locator(".mis h1")).to_be_visible()
    look()
    for key in ("finish", "hold", "material", "fail"):
        page.locator(f"[data-key={key}]").click()
        expect(page.locator("dialog[open]")).to_be_visible()
        look()
        page.keyboard.press("Escape")
        expect(page.locator("dialog")).to_have_count(0)
    desk.context.set_offline(True)
    page.locator("[data-key=ck-off]").click()
    expect(page.locator("#net")).to_have_attribute("data-state", "off")
    expect(page.locator("[data-key=ck-off]")).to_have_attribute("aria-checked", "true")
    look()
    page.locator("#net").click()
    expect(page.locator("dialog li")).to_have_count(1)
    look()
