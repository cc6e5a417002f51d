"""What leaves a cell or comes into it from its screen: direction, means, cards in part, words for the public, extracts."""

import re

import pytest
from playwright.sync_api import expect

from access.models import Person
from access.roles import Role
from crisis import services
from crisis.models import Action, Cell, Extract, Line, MeansRequest, PublicMessage
from tests.browser.conftest import Enter, Room
from tests.browser.test_cell import line, write
from tests.cast import incident, person
from tests.crisis import world


def test_the_direction_is_taken_by_somebody_who_did_not_see_the_cell(enter: Enter, room: Room, cell: Cell) -> None:
    other = person(Role.CRISIS_DIRECTOR, name="Salomé Garnier")
    waiting = enter(other, "/crisis/")
    waiting.live()
    desk = room(cell.director)
    desk.page.locator("[data-open=offer]").click()
    desk.page.locator("#f-person").fill("Salomé")
    desk.page.locator("#f-person-list li").first.click()
    desk.page.locator("#f-reason").fill("Relève")
    desk.page.locator("#modal button[type=submit]").click()
    offer = waiting.page.locator("#proposals li", has_text="Relève")
    expect(offer).to_contain_text(cell.title)
    offer.get_by_role("button", name="Accepter la direction").click()
    waiting.page.wait_for_url(f"**/crisis/{cell.id}/")
    expect(desk.page.locator("#director")).to_have_text("Salomé Garnier")
    expect(desk.page.locator("#exchanges")).to_contain_text("Salomé Garnier")
    assert desk.complaints == waiting.complaints == []


def test_means_are_answered_and_words_edited_and_approved(room: Room, cell: Cell) -> None:
    by = cell.director
    wish = services.Wish(function="logistics", what="motopompe", via="prefecture")
    services.request_means(cell_id=cell.id, by=by, wish=wish)
    services.draft_message(cell_id=cell.id, by=by, channel="Site", text="Évitez les berges")
    page = room(by).page
    page.locator("#exchanges").get_by_role("button", name="Inscrire la réponse").click()
    page.locator("#f-answer").fill("à 15:00")
    page.locator("#modal button[type=submit]").click()
    expect(page.locator("#exchanges")).to_contain_text("à 15:00")
    assert MeansRequest.objects.get().state == "granted"
    page.locator("#exchanges").get_by_role("button", name="Modifier").click()
    page.locator("#f-text").fill("Évitez les berges de l’Ouche")
    page.locator("#modal button[type=submit]").click()
    expect(page.locator("#modal")).not_to_be_visible()
    page.locator("#exchanges").get_by_role("button", name="Approuver en mon nom").click()
    expect(line(page, "Évitez les berges de l’Ouche")).to_be_visible()
    message = PublicMessage.objects.get()
    assert (message.state, message.text) == ("approved", "Évitez les berges de l’Ouche")


def test_a_card_comes_in_part_and_a_decision_with_what_follows(room: Room, cell: Cell) -> None:
    page = room(cell.director).page
    write(page, "/fiche flood-field")
    page.locator(".ticks input").nth(0).uncheck()
    page.locator(".ticks input").nth(1).uncheck()
    page.locator("#modal button[type=submit]").click()
    expect(page.locator("#board .task")).to_have_count(3)
    expect(page.locator("#modal")).not_to_be_visible()
    write(page, "/fiche flood-field")
    expect(page.locator(".ticks input:disabled")).to_have_count(3)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.locator("[data-open=decide]").click()
    page.locator("#f-what").fill("Évacuer")
    page.locator("#f-grounds").fill("cote")
    page.locator("#f-actions").fill("personne Nulle part")
    page.locator("#modal button[type=submit]").click()
    expect(page.locator("#f-actions-error")).not_to_be_empty()
    page.locator("#f-actions").fill("logistique Deux bus @+30\ncommunication Prévenir")
    page.locator("#modal button[type=submit]").click()
    expect(page.locator("#decisions tr")).to_contain_text("2 actions")
    follows = Action.objects.filter(decision__isnull=False).order_by("number")
    assert [(one.function, one.text) for one in follows] == [
        ("logistics", "Deux bus"), ("communication", "Prévenir"),
    ]  # fmt: skip
    page.locator("#board .task", has_text="Prévenir").click()
    page.locator("#f-owner").select_option(label=cell.director.name)
    page.locator("#modal button[type=submit]").click()
    expect(page.locator("#board .task", has_text="Prévenir")).to_contain_text(cell.director.name)


def test_an_incident_is_taken_in_and_its_reference_leads_to_it(room: Room, cell: Cell) -> None:
    known = incident(priority="P1", title="Odeur de gaz")
    page = room(cell.director).page
    page.locator("[data-open=incident]").click()
    page.locator("#f-incident").fill("Odeur")
    page.locator("#f-incident-list li").first.click()
    page.locator("#modal button[type=submit]").click()
    expect(page.locator('#map-layers [value="incidents"]')).to_contain_text("1")
    services.log(cell_id=cell.id, by=cell.director, entry=services.Words(text="Vu", incidents=[known.id]))
    expect(line(page, "Vu").get_by_role("link", name=known.reference)).to_have_attribute(
        "href", f"/?incident={known.id}"
    )


def test_prepared_lines_are_filled_blank_by_blank(room: Room, cell: Cell) -> None:
    page = room(cell.director).page
    page.locator("#entry-text").press_sequentially("/haut")
    page.keyboard.press("Enter")
    for words in ("Plombières", "1,74", "11", "1,60"):
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    page.locator("#entry-text").press("Enter")
    expect(line(page, "Hauteur à Plombières : 1,74 m, tendance 11 cm/h, seuil 1,60 m")).to_be_visible()


def test_the_search_finds_lines_that_are_not_on_the_screen(room: Room, cell: Cell) -> None:
    services.log(cell_id=cell.id, by=cell.director, entry=services.Words(text="Aiguille dans la botte"))
    hay = services.log(cell_id=cell.id, by=cell.director, entry=services.Words(text="Foin 0"))
    at = {"cell": cell, "by": hay.by, "occurred_at": hay.occurred_at, "entered_at": hay.entered_at}
    Line.objects.bulk_create(
        Line(number=hay.number + number, text=f"Foin {number}", search="", **at) for number in range(1, 300)
    )
    page = room(cell.director).page
    page.locator("#log-search").fill("aiguille")
    expect(line(page, "Aiguille dans la botte")).to_be_visible()
    page.locator("#log-search").fill("")
    expect(line(page, "Aiguille dans la botte")).to_have_count(0)
    expect(line(page, "Foin 299")).to_be_visible()


def test_an_extract_is_taken_from_the_room(room: Room, cell: Cell) -> None:
    page = room(member_of(cell)).page
    page.locator("[data-open=extract]").click()
    page.locator("#modal button[type=submit]").click()
    expect(page.locator("#modal .hashes")).to_contain_text(re.compile(r"[0-9a-f]{64}"))
    assert Extract.objects.get().cell == cell
    with page.expect_download() as got:
        page.get_by_role("link", name="Main courante (PDF)").click()
    assert got.value.suggested_filename.endswith(".pdf")


def member_of(cell: Cell) -> Person:
    made = person(Role.CRISIS_MEMBER)
    world.join(cell, made, "logistics")
    return made


@pytest.mark.parametrize("size", [(360, 640), (1920, 1080)])
def test_the_hall_fits_with_an_offer_and_a_proposal(enter: Enter, cell: Cell, size: tuple[int, int]) -> None:
    other = person(Role.CRISIS_DIRECTOR)
    services.offer_direction(cell_id=cell.id, by=cell.director, reason="Relève", person=other.id)
    services.pass_on(by=other, hazard="snow", colour="orange", why="10 cm attendus cette nuit")
    page = enter(other, "/crisis/", size=size).page
    expect(page.locator("#proposals li")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
