"""Each act that asks for something, done by hand in its form."""

from playwright.sync_api import Page, expect

from access.roles import Role
from incidents.models import Incident
from tests.browser.conftest import Enter
from tests.browser.test_declare import choose
from tests.cast import CHENOVE, DIJON, incident, organisation, person


def press(page: Page, act: str) -> None:
    """Press the act's button, in the menu if it is there."""
    expect(page.locator("#drawer ol.thread")).to_be_attached()
    button = page.locator(f'#drawer [data-act="{act}"]')
    expect(button).to_be_attached()
    if not button.is_visible():
        page.locator(".more-acts summary").click()
    button.click()


def send(page: Page) -> None:
    page.locator("#form-slot [type=submit]").click()
    expect(page.locator("#form-slot form")).to_have_count(0)


def test_moving_derives_the_commune_from_the_point(enter: Enter) -> None:
    one = incident(commune=DIJON)
    page = enter(person(Role.CALL_TAKER), f"/?incident={one.id}").page
    press(page, "move")
    choose(page, "#f-place", "Chenôve")
    send(page)
    one.refresh_from_db()
    assert one.commune_id == CHENOVE
    expect(page.locator(f'#rows li[data-id="{one.id}"] .meta')).to_contain_text("Chenôve")


def test_moving_by_a_click_on_the_map(enter: Enter) -> None:
    one = incident()
    page = enter(person(Role.CALL_TAKER), f"/?incident={one.id}").page
    before = (one.lat, one.lon)
    press(page, "move")
    page.locator("#map").click(position={"x": 260, "y": 340})
    expect(page.locator("#f-place")).not_to_have_value("")
    send(page)
    one.refresh_from_db()
    assert (one.lat, one.lon) != before


def test_assigning_to_an_organisation_and_a_person(enter: Enter) -> None:
    one = incident(status="qualified")
    crew = person(Role.CREW_LEADER, name="Gaëlle Petit")
    page = enter(person(Role.INTERVENTION_COORDINATOR), f"/?incident={one.id}").page
    press(page, "assign")
    page.locator("#f-organisation").select_option(str(organisation("eclairage").id))
    choose(page, "#f-person", "Gaëlle")
    send(page)
    one.refresh_from_db()
    assert (one.organisation, one.assignee) == (organisation("eclairage"), crew)
    expect(page.locator(f'#rows li[data-id="{one.id}"] .meta')).to_contain_text("Gaëlle Petit")


def test_merging_and_taking_it_back(enter: Enter) -> None:
    one, other = incident(title="Le petit"), incident(title="Le grand")
    page = enter(person(Role.CALL_TAKER), f"/?incident={one.id}").page
    press(page, "merge")
    choose(page, "#f-into", "Le grand")
    send(page)
    one.refresh_from_db()
    assert (one.status, one.merged_into) == ("merged", other)
    page.locator("#toasts button", has_text="Annuler").click()
    page.locator("#f-reason").fill("Deux choses différentes")
    send(page)
    one.refresh_from_db()
    assert one.merged_into is None


def test_restricting_to_named_people(enter: Enter) -> None:
    one = incident(title="Rixe")
    named = person(Role.CALL_TAKER, name="Amandine Roy")
    page = enter(person(Role.MUNICIPAL_POLICE), f"/?incident={one.id}").page
    press(page, "restrict")
    page.locator("#f-reason").fill("Enquête en cours")
    page.get_by_label("Amandine Roy").check()
    send(page)
    expect(page.locator("#drawer .tag.restricted")).to_be_visible()
    assert Incident.objects.get(id=one.id).sensitivity == "restricted"
    there = enter(named, f"/?incident={one.id}").page
    expect(there.locator("#drawer-title")).to_have_text("Rixe")


def test_resolving_closing_and_reopening(enter: Enter) -> None:
    one = incident(status="in_progress")
    page = enter(person(Role.INTERVENTION_COORDINATOR), f"/?incident={one.id}").page
    press(page, "resolve")
    page.locator("#f-outcome").fill("Lampe changée")
    send(page)
    press(page, "close")
    expect(page.locator('#drawer [data-act="close"]')).to_have_count(0)
    press(page, "reopen")
    page.locator("#f-reason").fill("Encore éteinte")
    send(page)
    expect(page.locator("#drawer ol.thread")).to_contain_text("Encore éteinte")
    one.refresh_from_db()
    assert one.status == "qualified"
