"""Declaring: by keyboard alone, under the eyes of another desk; the same one is offered; nothing typed is lost."""

from playwright.sync_api import Page, expect

from access.roles import Role
from incidents.models import Incident
from tests.browser.conftest import Enter
from tests.cast import LIGHT, incident, person


def choose(page: Page, box: str, text: str) -> None:
    """Type into a combobox and take its first match."""
    page.locator(box).fill(text)
    expect(page.locator(f"{box}-list li").first).to_be_visible()
    page.locator(box).press("Enter")
    expect(page.locator(f"{box}-list")).to_be_hidden()


def test_declared_here_seen_there_not_seen_elsewhere(enter: Enter) -> None:
    here, there = enter(person(Role.CALL_TAKER)), enter(person(Role.VIDEO_OPERATOR))
    elsewhere = enter(person(Role.COMMUNE_OFFICER, home="commune-21166", communes=("21166",)))
    for desk in (here, there, elsewhere):
        desk.live()
    page = here.page
    page.keyboard.press("n")
    choose(page, "#place", "Mairie de Dijon")
    choose(page, "#category", "lampadaire")
    page.locator("#description").fill("Deux lampes éteintes devant l'entrée")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#declare")).to_be_hidden()
    made = Incident.objects.get()
    assert made.commune_id == "21231"
    expect(there.page.locator(f'#rows li[data-id="{made.id}"]')).to_be_visible()
    expect(page.locator("#drawer .mono").first).to_have_text(made.reference)
    expect(elsewhere.page.locator("#rows li")).to_have_count(0)


def test_the_category_brings_its_priority_and_can_be_overruled(enter: Enter) -> None:
    page = enter(person(Role.CALL_TAKER)).page
    page.keyboard.press("n")
    choose(page, "#category", "lampadaire")
    pressed = page.locator('#declare .priorities [aria-pressed="true"]')
    expect(pressed).to_have_count(1)
    page.locator('#declare .priorities [value="P1"]').click()
    choose(page, "#category", "nid-de-poule")
    expect(pressed).to_have_attribute("value", "P1")


def test_the_same_one_is_offered_and_takes_the_report(enter: Enter) -> None:
    known = incident(category=LIGHT)
    page = enter(person(Role.CALL_TAKER)).page
    page.keyboard.press("n")
    choose(page, "#place", "Mairie de Dijon")
    choose(page, "#category", "lampadaire")
    offered = page.locator("#same button")
    expect(offered.first).to_be_visible()
    offered.first.click()
    expect(page.locator("#declare")).to_be_hidden()
    expect(page.locator("#drawer .mono").first).to_have_text(known.reference)
    assert Incident.objects.count() == 1
    assert known.reports.count() == 2


def test_a_draft_survives_a_reload_and_a_lost_connection(enter: Enter) -> None:
    desk = enter(person(Role.CALL_TAKER))
    page = desk.page
    page.keyboard.press("n")
    choose(page, "#place", "Mairie de Dijon")
    choose(page, "#category", "lampadaire")
    page.locator("#description").fill("Ne pas perdre ceci")
    page.reload()
    expect(page.locator("#declare")).to_be_visible()
    expect(page.locator("#description")).to_have_value("Ne pas perdre ceci")
    desk.context.set_offline(True)
    page.locator("#declare-send").click()
    expect(page.locator("#declare-error")).to_contain_text("injoignable")
    assert not Incident.objects.exists()
    desk.context.set_offline(False)
    page.locator("#declare-send").click()
    expect(page.locator("#declare")).to_be_hidden()
    assert Incident.objects.count() == 1


def test_what_is_missing_is_said_beside_its_field(enter: Enter) -> None:
    page = enter(person(Role.CALL_TAKER)).page
    page.keyboard.press("n")
    page.locator("#declare-send").click()
    expect(page.locator("#place-error")).to_contain_text("Choisissez")
    expect(page.locator("#category-error")).to_contain_text("Choisissez")
    expect(page.locator("#place")).to_be_focused()


def test_a_click_on_the_map_says_where(enter: Enter) -> None:
    page = enter(person(Role.CALL_TAKER)).page
    page.keyboard.press("n")
    page.locator("#map").click(position={"x": 300, "y": 330})
    expect(page.locator("#category")).to_be_focused()
    expect(page.locator("#map .pin")).to_be_visible()
