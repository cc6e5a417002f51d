"""For everybody: both themes, both languages, every size, readers of screens."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from access.roles import Role
from tests.browser.conftest import Enter
from tests.cast import LIGHT, incident, person

SIZES = {"small": (1280, 720), "usual": (1920, 1080), "large": (3840, 2160), "phone": (390, 844)}


def serious(page: Page) -> list[str]:
    """What axe finds serious or critical, with the spot."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node.get('failureSummary', '')}"
        for one in found
        if one["impact"] in {"serious", "critical", "moderate"}
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_nothing_on_desk_drawer_and_declare(enter: Enter, theme: str) -> None:
    one = incident(priority="P1", title="Odeur de gaz")
    incident(priority="P2", status="qualified")
    incident(priority="P4", status="in_progress", sensitivity="normal")
    desk = enter(person(Role.INTERVENTION_COORDINATOR), theme=theme)
    desk.live()
    page = desk.page
    expect(page.locator("#rows li")).to_have_count(3)
    assert serious(page) == []
    page.locator(f'#rows li[data-id="{one.id}"] button').click()
    expect(page.locator("#drawer ol.thread")).to_be_attached()
    page.keyboard.press("q")
    expect(page.locator("#form-slot form")).to_be_visible()
    assert serious(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#form-slot form")).to_have_count(0)
    page.keyboard.press("n")
    page.locator("#category").fill("lamp")
    expect(page.locator("#category-list li").first).to_be_visible()
    assert serious(page) == []
    page.locator("#declare-close").click()
    expect(page.locator("#declare")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.locator("#modal")).to_be_visible()
    assert serious(page) == []


def test_the_language_switch_keeps_the_page(enter: Enter) -> None:
    one = incident(category=LIGHT)
    page = enter(person(Role.CALL_TAKER), f"/?incident={one.id}").page
    expect(page.locator("#declare-open")).to_contain_text("Déclarer")
    page.locator("#menu summary").click()
    page.locator('#language [value="en"]').click()
    expect(page.locator("#declare-open")).to_contain_text("Declare")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert f"incident={one.id}" in page.url
    expect(page.locator(f'#rows li[data-id="{one.id}"] .meta')).to_contain_text("Declared")
    expect(page.locator("#drawer-title")).to_be_visible()


def test_the_theme_is_chosen_and_kept_without_a_flash(enter: Enter) -> None:
    page = enter(person(Role.CALL_TAKER)).page
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("#menu summary").click()
    page.locator('#theme [value="light"]').click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != dark
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


@pytest.mark.parametrize("name", SIZES)
def test_it_fits_every_screen(enter: Enter, name: str) -> None:
    one = incident(title="Un titre assez long pour déborder d'une petite colonne de liste s'il le pouvait")
    page = enter(person(Role.CALL_TAKER), size=SIZES[name]).page
    page.locator(f'#rows li[data-id="{one.id}"] button').click()
    expect(page.locator("#drawer ol.thread")).to_be_attached()
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow == 0
    expect(page.locator("#drawer-title")).to_be_visible()


def test_a_phone_shows_one_thing_at_a_time(enter: Enter) -> None:
    one = incident()
    page = enter(person(Role.CALL_TAKER), size=SIZES["phone"]).page
    page.locator('#tabs [value="map"]').click()
    expect(page.locator("#map canvas").first).to_be_visible()
    page.locator('#tabs [value="list"]').click()
    page.locator(f'#rows li[data-id="{one.id}"] button').click()
    expect(page.locator("#drawer-title")).to_be_visible()
    page.locator(".closer").click()
    page.locator("#tab-declare").click()
    page.locator("#pick-on-map").click()
    page.locator("#map").click(position={"x": 195, "y": 330})
    expect(page.locator("#declare")).to_be_visible()
    expect(page.locator("#place")).not_to_have_value("")


def test_little_is_moved_and_little_is_sent(enter: Enter) -> None:
    incident()
    page = enter(person(Role.CALL_TAKER)).page
    page.wait_for_selector("#link[data-state=live]")
    shift = page.evaluate(
        """() => new Promise((done) => { let sum = 0; new PerformanceObserver((list) => {
             for (const entry of list.getEntries()) sum += entry.value }).observe({type: "layout-shift", buffered: true});
             setTimeout(() => done(sum), 300) })"""
    )
    assert shift < 0.02
    sent = page.evaluate(
        """performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"))
             .filter((one) => !one.name.includes("/api/")).reduce((sum, one) => sum + one.transferSize, 0)"""
    )
    assert sent < 300_000
