"""The crisis room in browsers: three people in one cell, a dead network, every theme, nothing asked when news comes."""

import pytest
from playwright.sync_api import Locator, Page, expect

from access.models import Person
from access.roles import Role
from crisis import services
from crisis.models import Cell, Line, Report
from tests.browser.conftest import Enter, Room
from tests.browser.test_everybody import serious
from tests.cast import incident, person


def member(cell: Cell, function: str) -> Person:
    found = cell.members.select_related("person").get(function=function).person
    assert found is not None
    return found


def write(page: Page, text: str) -> None:
    page.locator("#entry-text").fill(text)
    page.locator("#entry-text").press("Enter")


def line(page: Page, text: str) -> Locator:
    return page.locator("#log-lines .line", has_text=text)


def asked(page: Page) -> list[str]:
    """What the page asks of the house from now on."""
    found: list[str] = []
    page.on("request", lambda request: found.append(f"{request.method} {request.url}"))
    return found


def test_three_people_work_a_cell_to_a_sent_report_and_its_end(room: Room, cell: Cell) -> None:
    director, secretary = room(cell.director), room(member(cell, "logbook_secretary"))
    mapper = room(member(cell, "situation_mapping"))
    requests = asked(mapper.page)
    write(secretary.page, "13:24 Parc de la Colombière : berge sous l’eau [A1]")
    for desk in (director, secretary, mapper):
        expect(line(desk.page, "Parc de la Colombière")).to_be_visible()
    write(secretary.page, "/action situation Relever l’emprise par drone @+20")
    expect(mapper.page.locator("#board .task", has_text="Relever l’emprise")).to_be_visible()
    write(director.page, "/décision Fermer le parc ; motif : berge sous l’eau ; écarté : surveiller")
    expect(mapper.page.locator("#decisions tr", has_text="Fermer le parc")).to_contain_text("Écarté : surveiller")
    assert requests == []
    mapper.page.locator("#board .task", has_text="Relever l’emprise").click()
    mapper.page.get_by_role("button", name="Fait", exact=True).click()
    expect(director.page.locator("#board .task.ok", has_text="Relever l’emprise")).to_be_visible()

    secretary.page.locator("[data-open=report]").click()
    section = secretary.page.locator("#report textarea").first
    section.fill("Ouche à 1,74 m, parc fermé.")
    expect(secretary.page.locator("#report .hint").first).to_contain_text("Enregistré")
    secretary.page.locator("#report").get_by_role("button", name="Fermer").click()
    director.page.locator("#exchanges").get_by_role("button", name="Continuer").click()
    expect(director.page.locator("#report textarea").first).to_have_value("Ouche à 1,74 m, parc fermé.")
    director.page.get_by_role("button", name="Approuver en mon nom").click()
    director.page.get_by_role("button", name="Envoyer à la préfecture").click()
    expect(director.page.locator("#report .report-head")).to_contain_text("envoyé à la préfecture")
    director.page.locator("#report").get_by_role("button", name="Fermer").click()
    expect(mapper.page.locator("#exchanges")).to_contain_text("envoyé à la préfecture")

    director.page.locator("#levels button", has_text="Post-crise").click()
    director.page.locator("#f-reason").fill("Décrue amorcée")
    director.page.locator("#modal button[type=submit]").click()
    expect(mapper.page.locator('#levels [data-state="now"]')).to_contain_text("Post-crise")
    director.page.locator("[data-open=close]").click()
    director.page.locator("#f-reason").fill("Tout est rendu")
    director.page.locator("#modal button[type=submit]").click()
    for desk in (director, secretary, mapper):
        expect(desk.page.locator("#closed")).to_be_visible()
        assert desk.violations() == []
        assert desk.complaints == []
    cell.refresh_from_db()
    assert (cell.level, Report.objects.get().state) == ("closed", "sent")


def test_without_network_lines_wait_and_are_sent_once_with_their_own_time(room: Room, cell: Cell) -> None:
    desk = room(member(cell, "logbook_secretary"))
    desk.context.set_offline(True)
    write(desk.page, "Première sans réseau")
    write(desk.page, "Deuxième sans réseau")
    desk.page.locator("#entry-text").fill("un brouillon")
    expect(desk.page.locator("#log-pending .line")).to_have_count(2)
    desk.context.set_offline(False)
    expect(desk.page.locator("#log-pending .line")).to_have_count(0)
    lines = list(Line.objects.filter(cell=cell, text__contains="sans réseau").order_by("number"))
    assert [one.text for one in lines] == ["Première sans réseau", "Deuxième sans réseau"]
    assert all(one.occurred_at < one.entered_at for one in lines)
    desk.page.reload()
    expect(desk.page.locator("#entry-text")).to_have_value("un brouillon")
    expect(line(desk.page, "sans réseau")).to_have_count(2)


def test_what_is_refused_stays_to_be_seen(room: Room, cell: Cell) -> None:
    desk = room(member(cell, "situation_mapping"))
    write(desk.page, "/corriger 999 Cela n’existe pas")
    expect(desk.page.locator('#log-pending [data-refused="1"]')).to_contain_text("Cela n’existe pas")
    desk.page.get_by_role("button", name="Jeter").click()
    expect(desk.page.locator("#log-pending .line")).to_have_count(0)


def test_who_is_here_and_who_is_writing_is_seen(room: Room, cell: Cell) -> None:
    director, secretary = room(cell.director), room(member(cell, "logbook_secretary"))
    expect(director.page.locator("#room-link-words")).to_contain_text("2 personnes ici")
    secretary.page.locator("#entry-text").fill("Haut")
    expect(director.page.locator("#writing")).to_contain_text("Loïc Baudry écrit")
    secretary.page.locator("#entry-text").fill("")
    secretary.page.locator("#entry-text").press("Backspace")
    expect(director.page.locator("#writing")).to_be_empty()


def test_a_correction_is_tied_to_its_line(room: Room, cell: Cell) -> None:
    wrong = services.log(cell_id=cell.id, by=cell.director, entry=services.Words(text="Pont fermé"))
    page = room(cell.director).page
    write(page, f"/corriger {wrong.number} Seule la voie basse est fermée")
    expect(page.locator(".line.old s")).to_have_text("Pont fermé")
    expect(page.locator(".line.fix")).to_contain_text(f"corrige n° {wrong.number}")


def test_somebody_removed_loses_the_room_within_seconds(room: Room, cell: Cell) -> None:
    desk = room(member(cell, "situation_mapping"))
    one = cell.members.get(function="situation_mapping")
    services.remove(cell_id=cell.id, by=cell.director, member_id=one.id)
    desk.page.wait_for_url("**/crisis/")
    expect(desk.page.locator("#cells")).not_to_contain_text("Crue")


def test_the_keyboard_leads_everywhere(room: Room, cell: Cell) -> None:
    page = room(cell.director).page
    for key, name in (("1", "log"), ("3", "work"), ("4", "people")):
        page.keyboard.press(key)
        expect(page.locator(f"#pane-{name}")).to_be_focused()
    page.keyboard.press("f")
    expect(page.locator("#main")).to_have_attribute("data-only", "people")
    expect(page.locator("#pane-log")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("#pane-log")).to_be_visible()
    page.keyboard.press("/")
    expect(page.locator("#entry-list li").first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    expect(page.locator("#f-what")).to_be_focused()


def test_zones_are_drawn_together(room: Room, cell: Cell) -> None:
    here, there = room(cell.director), room(member(cell, "situation_mapping"))
    here.page.locator("#zone-tools select").select_option("circle")
    here.page.locator("#map").click(position={"x": 300, "y": 250})
    here.page.locator("#map").click(position={"x": 340, "y": 250})
    here.page.locator("#f-label").fill("Périmètre")
    here.page.locator("#modal button[type=submit]").click()
    expect(there.page.locator('#map-layers [value="zones"]')).to_contain_text("1")
    expect(there.page.locator("#map-side")).to_contain_text("Périmètre")
    assert here.complaints == []


def test_a_cell_is_opened_with_one_form_and_those_called_see_it(enter: Enter) -> None:
    called = person(Role.CRISIS_MEMBER, name="Karine Mercier")
    waiting = enter(called, "/crisis/")
    waiting.live()
    desk = enter(person(Role.CRISIS_DIRECTOR), "/crisis/", size=(1920, 1080))
    desk.page.locator("#plans button", has_text="Inondation").click()
    desk.page.locator("#facts").fill("L’Ouche monte à Plombières.")
    desk.page.locator("#f-who").fill("Karine")
    desk.page.locator("#f-who-list li").first.click()
    desk.page.keyboard.press("Control+Enter")
    desk.page.wait_for_url("**/crisis/*-*/")
    expect(desk.page.locator("#log-lines")).to_contain_text("L’Ouche monte à Plombières.")
    expect(waiting.page.locator("#cells li")).to_contain_text("Inondation")
    waiting.page.locator("#cells a").click()
    waiting.page.locator("#my-answer").get_by_role("button", name="Dans 20 min").click()
    expect(desk.page.locator("#roster")).to_contain_text("dans 20 min")


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_nothing(enter: Enter, room: Room, cell: Cell, theme: str) -> None:
    incident(priority="P1", title="Odeur de gaz")
    services.log(cell_id=cell.id, by=cell.director, entry=services.Words(text="Vital", importance="vital", source="x"))
    ruling = services.Ruling(what="Fermer", grounds="Eau", actions=[services.Task(text="Poser", function="logistics")])
    services.decide(cell_id=cell.id, by=cell.director, ruling=ruling)
    page = room(cell.director, theme=theme).page
    expect(line(page, "Vital")).to_be_visible()
    assert serious(page) == []
    page.keyboard.press("d")
    expect(page.locator("#f-what")).to_be_focused()
    assert serious(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#f-what")).to_be_hidden()
    page.locator("[data-open=report]").click()
    expect(page.locator("#report textarea").first).to_be_visible()
    assert serious(page) == []
    spots = {
        "/crisis/": "#cells li",
        f"/wall/{cell.reference}/": "#latest",
        f"/replay/?cell={cell.id}": "#log-lines .line",
    }
    for path, spot in spots.items():
        other = enter(cell.director, path, theme=theme, size=(1920, 1080)).page
        expect(other.locator(spot).first).to_be_visible()
        assert serious(other) == [], path


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (3840, 2160), (390, 844)])
def test_nothing_is_wider_than_its_screen(room: Room, cell: Cell, size: tuple[int, int]) -> None:
    page = room(cell.director, size=size).page
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_the_wall_reads_at_six_metres_and_follows(enter: Enter, cell: Cell) -> None:
    wall = enter(cell.director, "/wall/cell/", size=(3840, 2160))
    expect(wall.page.locator("#title")).to_have_text("Crue de l’Ouche")
    services.log(cell_id=cell.id, by=cell.director, entry=services.Words(text="Vu du mur"))
    expect(wall.page.locator("#latest")).to_contain_text("Vu du mur")
    smallest = wall.page.evaluate(
        """Math.min(...[...document.querySelectorAll("body *")].filter((one) => one.offsetParent !== null
             && [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
             .map((one) => parseFloat(getComputedStyle(one).fontSize)))"""
    )
    assert smallest >= 44
    width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert wall.page.evaluate(width) == 0


def test_the_past_can_be_seen_as_it_was(enter: Enter, cell: Cell) -> None:
    for text in ("Un", "Deux", "Trois"):
        services.log(cell_id=cell.id, by=cell.director, entry=services.Words(text=text))
    page = enter(cell.director, f"/replay/?cell={cell.id}", size=(1920, 1080)).page
    expect(page.locator("#log-lines")).to_contain_text("Trois")
    page.locator("#slider").fill("0")
    expect(page.locator("#log-lines")).not_to_contain_text("Trois")
    page.locator("#step-on").click()
    expect(page.locator("#built")).to_contain_text("reconstruit")
