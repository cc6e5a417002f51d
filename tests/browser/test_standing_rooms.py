"""The same on the board, in the crisis room, on the link and in the hall: a part drawn again puts no other act under a hand."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Route, expect

from access.roles import Role
from crisis import services as crisis
from crisis.models import Suggestion
from interventions import services as work
from interventions.models import Intervention
from prefecture.models import Message
from prefecture.services import acknowledging
from tests.browser.conftest import Enter
from tests.browser.test_board import BOARD, asked, coordinator
from tests.browser.test_prefecture import received
from tests.cast import person
from tests.crisis import world
from tests.interventions import means


def test_the_mission_s_menu_stays_open_and_an_act_done_elsewhere_leaves_none(enter: Enter) -> None:
    one = asked("Mât heurté")
    means.crew(name="Éclairage 1")
    desk = enter(coordinator(), f"{BOARD}?intervention={one.id}", size=(1920, 1080))
    desk.live()
    page = desk.page
    expect(page.locator("#choose .pr")).to_have_count(1)
    page.locator("#sheet .more-acts > summary").click()
    inside = page.locator('#sheet .more-acts [data-act="cancel"]')
    inside.focus()
    enter(person(Role.INTERVENTION_COORDINATOR, name="Farid Benali"), f"{BOARD}?intervention={one.id}")
    expect(page.locator("#sheet .presence")).to_contain_text("Farid Benali")
    expect(inside).to_be_focused()
    page.locator("#sheet .more-acts > summary").click()
    assign = page.locator('#sheet .top [data-act="assign"]')
    assign.focus()
    work.cancel(intervention_id=one.id, by=coordinator(), reason="doublon")
    expect(page.locator("#sheet .facts")).to_contain_text("doublon")
    expect(assign).to_have_count(0)
    expect(page.locator("#sheet")).to_be_focused()


def test_a_conflict_that_comes_late_takes_nothing_that_is_being_asked_for(enter: Enter) -> None:
    one = asked("Armoire éteinte")
    means.crew(name="Éclairage 1")
    desk = enter(coordinator(), f"{BOARD}?intervention={one.id}")
    desk.live()
    page = desk.page
    expect(page.locator("#choose .pr")).to_have_count(1)
    Intervention.objects.filter(id=one.id).update(title="Armoire forcée", version=7)
    held: list[Route] = []
    page.route("**/assign/", lambda route: held.append(route))
    with page.expect_request("**/assign/"):
        page.keyboard.press("d")
    page.keyboard.press("n")
    page.locator("#modal #f-title").fill("Banc cassé")
    held[0].continue_()
    theirs = page.locator("dialog[open]", has_text="Armoire forcée")
    theirs.get_by_role("button").first.click()
    expect(theirs).to_have_count(0)
    expect(page.locator("#modal #f-title")).to_have_value("Banc cassé")
    expect(page.locator("#modal #f-title")).to_be_focused()


def test_an_approval_is_of_the_words_that_were_pressed(enter: Enter) -> None:
    """Other words come on top while the finger is down: the same button is there, for other words."""
    cell = world.opened(title="Crue")
    crisis.draft_message(cell_id=cell.id, by=cell.director, channel="Site", text="Évitez les berges")
    desk = enter(cell.director, f"/crisis/{cell.id}/", size=(1920, 1080))
    desk.live()
    page = desk.page
    first = page.locator("#exchanges li", has_text="Évitez les berges")
    first.get_by_role("button", name="Approuver").hover()
    page.mouse.down()
    second = crisis.draft_message(cell_id=cell.id, by=cell.director, channel="Site", text="Restez chez vous")
    expect(page.locator("#exchanges li")).to_have_count(2)
    page.mouse.up()
    first.get_by_role("button", name="Approuver").click()
    expect(first.get_by_role("button", name=re.compile("Retirer"))).to_be_visible()
    second.refresh_from_db()
    assert second.state == "draft"


def test_every_line_of_the_log_leaves_a_person_where_they_stand(enter: Enter) -> None:
    cell = world.opened(title="Crue")
    made = crisis.draft_message(cell_id=cell.id, by=cell.director, channel="Site", text="Évitez les berges")
    desk = enter(cell.director, f"/crisis/{cell.id}/", size=(1920, 1080))
    desk.live()
    page = desk.page
    point = crisis.Drawing(kind="point", label="PC", shape=world.POINT)
    exchange = page.locator("#exchanges li", has_text="Évitez les berges")
    approve = exchange.get_by_role("button", name="Approuver")
    news: dict[Locator, Callable[[], object]] = {
        approve: lambda: crisis.draft_message(cell_id=cell.id, by=cell.director, channel="Radio", text="Écoutez"),
        page.locator("#levels button").first: lambda: crisis.set_briefing(cell_id=cell.id, by=cell.director, every=45),
        page.locator("#map-layers button").last: lambda: crisis.draw(cell_id=cell.id, by=cell.director, drawing=point),
    }
    for stop, tell in news.items():
        stop.focus()
        stop.evaluate("(one) => { one.dataset.drawn = 'before' }")
        tell()
        expect(stop).not_to_have_attribute("data-drawn", "before")
        expect(stop).to_be_focused()
    approve.focus()
    crisis.approve_message(cell_id=cell.id, by=cell.director, message_id=made.id)
    expect(exchange.get_by_role("button", name="Retirer")).to_be_visible()
    expect(page.locator("#exchanges")).to_be_focused()


def test_the_link_puts_no_answer_in_place_of_reading(enter: Enter) -> None:
    one = received()
    director = person(Role.CRISIS_DIRECTOR)
    desk = enter(director, "/prefecture/")
    desk.live()
    page = desk.page
    line = page.locator(f"#messages li[data-id='{one.message_id}']")
    line.get_by_role("button", name="Je l’ai lu").focus()
    acknowledging.read(message_id=one.message_id, by=director)
    expect(line.get_by_role("button", name="Je l’ai lu")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator("#compose form")).to_have_count(0)
    talk = page.locator("#talk-list button").last
    talk.focus()
    received("COD-0013")
    expect(page.locator("#messages > li")).to_have_count(2)
    expect(talk).to_be_focused()


def test_the_answer_to_a_message_closes_no_other_that_is_begun(enter: Enter) -> None:
    desk = enter(person(Role.CRISIS_DIRECTOR), "/prefecture/")
    desk.live()
    page = desk.page
    held: list[Route] = []
    page.route("**/prefecture/messages/", lambda route: held.append(route))
    page.locator("#write").click()
    page.locator("#pref-title").fill("Gymnase ouvert")
    page.locator("#pref-text").fill("150 places")
    with page.expect_request("**/prefecture/messages/"):
        page.locator("#compose button[type=submit]").click()
    page.locator("#write").click()
    page.locator("#pref-title").fill("Pont fermé")
    held[0].continue_()
    expect(page.locator("#messages > li")).to_contain_text("Gymnase ouvert")
    expect(page.locator("#toasts")).to_contain_text(re.compile("."))
    expect(page.locator("#pref-title")).to_have_value("Pont fermé")
    assert Message.objects.filter(kind="measure_taken").count() == 1


def test_a_proposal_settled_elsewhere_leaves_no_other_under_enter(enter: Enter) -> None:
    by = person(Role.CRISIS_DIRECTOR)
    for why in ("10 cm attendus", "vent à 120"):
        crisis.pass_on(by=by, hazard="snow" if "cm" in why else "storm", colour="orange", why=why)
    desk = enter(by, "/crisis/")
    desk.live()
    page = desk.page
    aside = page.locator("#proposals li", has_text="10 cm").get_by_role("button").last
    aside.focus()
    crisis.pass_on(by=by, hazard="flood", colour="orange", why="Ouche à 2 m")
    expect(page.locator("#proposals li")).to_have_count(3)
    expect(aside).to_be_focused()
    crisis.set_aside(suggestion_id=Suggestion.objects.get(why__contains="10 cm").id, by=by)
    expect(page.locator("#proposals li")).to_have_count(2)
    expect(page.locator("#main")).to_be_focused()
