"""The whole story without a mouse."""

from playwright.sync_api import expect

from access.roles import Role
from incidents.models import Incident
from tests.browser.conftest import Enter
from tests.cast import incident, person


def test_from_opening_to_acting_by_keyboard_alone(enter: Enter) -> None:
    first = incident(title="Premier", priority="P2")
    second = incident(title="Second", priority="P3")
    desk = enter(person(Role.INTERVENTION_COORDINATOR))
    desk.live()
    page = desk.page
    page.keyboard.press("j")
    expect(page.locator("#drawer-title")).to_have_text("Premier")
    page.keyboard.press("j")
    expect(page.locator("#drawer-title")).to_have_text("Second")
    page.keyboard.press("k")
    expect(page.locator("#drawer-title")).to_have_text("Premier")
    expect(page.locator('#drawer [data-act="acknowledge"]')).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#modal")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#modal")).to_be_hidden()
    expect(page.locator("#drawer")).to_be_visible()  # closing the help closes nothing behind it
    page.keyboard.press("a")
    expect(page.locator('#drawer [data-act="acknowledge"]')).to_have_count(0)
    page.keyboard.press("q")
    expect(page.locator("#form-slot form")).to_be_visible()
    page.locator("#f-title").focus()
    page.keyboard.type(", requalifié")
    page.keyboard.press("Enter")
    expect(page.locator("#form-slot form")).to_have_count(0)
    first.refresh_from_db()
    assert (first.status, first.title) == ("qualified", "Premier, requalifié")
    page.keyboard.press("d")
    expect(page.locator("#f-organisation")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#form-slot form")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    assert Incident.objects.get(id=second.id).status == "declared"


def test_letters_are_letters_in_fields_and_can_be_turned_off(enter: Enter) -> None:
    page = enter(person(Role.CALL_TAKER)).page
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("nj?")
    expect(page.locator("#search")).to_have_value("nj?")
    expect(page.locator("#declare")).to_be_hidden()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#modal")).to_be_visible()
    page.locator("#modal input").uncheck()
    page.keyboard.press("Escape")
    expect(page.locator("#modal")).to_be_hidden()
    page.keyboard.press("n")
    expect(page.locator("#declare")).to_be_hidden()


def test_shortcuts_to_the_parts_come_first(enter: Enter) -> None:
    page = enter(person(Role.CALL_TAKER)).page
    page.keyboard.press("Tab")
    expect(page.locator(".skips a").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#list")).to_be_focused()
