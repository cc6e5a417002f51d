"""Zones, circles, lines and points drawn on a cell's map without a pointer, and what is said of it."""

import pytest
from playwright.sync_api import Page, expect

from crisis.models import Cell, ZoneVersion
from tests.browser.conftest import Room
from tests.browser.test_everybody import serious

LISTEN = """window.said = []; new MutationObserver(() => window.said.push(document.getElementById("say").textContent))
  .observe(document.getElementById("say"), {childList: true, characterData: true, subtree: true});"""


def said(page: Page, words: str) -> None:
    """The live region told this since it was last asked, whatever came after."""
    page.wait_for_function("words => window.said.some((one) => one.includes(words))", arg=words)
    page.evaluate("window.said = []")


def choose(page: Page, tool: str, down: int) -> None:
    """By Z, the arrows and Enter, as the help says."""
    page.keyboard.press("z")
    expect(page.locator("#zone-tools select")).to_be_focused()
    for _time in range(down):
        page.keyboard.press("ArrowDown")
    expect(page.locator("#zone-tools select")).to_have_value(tool)
    page.keyboard.press("Enter")
    expect(page.locator("#map")).to_be_focused()


def press(page: Page, key: str, times: int = 1) -> None:
    for _time in range(times):
        page.keyboard.press(key)


def save(page: Page, label: str) -> None:
    expect(page.locator("#f-label")).to_be_focused()
    page.keyboard.type(label)
    page.keyboard.press("Enter")
    said(page, f"Sur la carte : {label}")
    expect(page.locator("#zone-tools select")).to_be_focused()


def drawn(label: str) -> ZoneVersion:
    return ZoneVersion.objects.get(label=label)


def test_an_area_is_drawn_by_keyboard_alone_and_every_step_is_said(room: Room, cell: Cell) -> None:
    here = room(cell.director)
    page = here.page
    page.evaluate(LISTEN)
    choose(page, "polygon", 1)
    said(page, "Les flèches déplacent la croix")
    expect(page.locator("#map-hint")).to_contain_text("Ctrl+Entrée termine")
    assert page.locator("#map").get_attribute("aria-describedby") == "map-hint"
    assert serious(page) == []
    press(page, "Enter")
    said(page, "Point 1 posé.")
    press(page, "ArrowRight", 4)
    said(page, "m à l’est du point 1")
    press(page, "Enter")
    press(page, "Control+Enter")
    said(page, "Il faut encore des points.")
    press(page, "ArrowUp", 3)
    said(page, "m au nord du point 2")
    press(page, "Enter")
    said(page, "Point 3 posé. Ctrl+Entrée termine.")
    press(page, "ArrowUp", 9)
    press(page, "Enter")
    press(page, "Backspace")
    said(page, "Point repris ; points restants : 3")
    press(page, "Control+Enter")
    save(page, "Berge")
    (south, west), (south_too, east), (north, east_too) = drawn("Berge").shape["points"]
    assert (south, east) == (pytest.approx(south_too, abs=2e-6), pytest.approx(east_too, abs=2e-6))
    assert north > south
    assert east > west
    assert here.complaints == []


def test_a_circle_a_line_and_a_point_too(room: Room, cell: Cell) -> None:
    page = room(cell.director).page
    page.evaluate(LISTEN)
    choose(page, "circle", 2)
    press(page, "Enter")
    press(page, "ArrowLeft", 5)
    press(page, "Enter")  # the edge ends it
    save(page, "Périmètre")
    choose(page, "line", 3)
    press(page, "Enter")
    press(page, "ArrowDown", 2)
    press(page, " ")
    press(page, " ")  # the same point again ends it
    save(page, "Barrage")
    choose(page, "point", 4)
    press(page, "Shift+ArrowRight")
    press(page, "Enter")
    save(page, "Relais")
    shapes = {one.label: one.shape for one in ZoneVersion.objects.all()}
    assert shapes["Périmètre"]["type"] == "circle"
    assert shapes["Périmètre"]["radius_m"] > 10
    assert (shapes["Barrage"]["type"], len(shapes["Barrage"]["points"])) == ("line", 2)
    assert (shapes["Relais"]["type"], len(shapes["Relais"]["points"])) == ("point", 1)
    expect(page.locator('#map-layers [value="zones"]')).to_contain_text("3")


def test_escape_ends_drawing_and_the_map_moves_again(room: Room, cell: Cell) -> None:
    page = room(cell.director, language="en").page
    page.evaluate(LISTEN)
    choose(page, "line", 3)
    said(page, "Arrows move the cross")
    press(page, "Enter")
    press(page, "ArrowDown", 30)  # further than the map is high: it comes along
    said(page, "m south of point 1")
    press(page, "+")
    said(page, "Zoom in")
    press(page, "Escape")
    said(page, "Drawing stopped.")
    expect(page.locator("#zone-tools select")).to_be_focused()
    expect(page.locator("#zone-tools select")).to_have_value("")
    expect(page.locator("#map-hint")).to_be_hidden()
    assert not ZoneVersion.objects.exists()


def test_the_help_says_how(room: Room, cell: Cell) -> None:
    page = room(cell.director).page
    press(page, "?")
    told = page.locator("#modal .helplist")
    for words in (
        "Dessiner sur la carte : choisir quoi, puis Entrée",
        "déplacer la croix",
        "poser un point",
        "terminer",
    ):
        expect(told).to_contain_text(words)
    expect(told.locator("kbd", has_text="Retour arrière")).to_be_visible()
