"""What the room calls people, lines and whoever directs: words that a tired reader cannot take for something else."""

from playwright.sync_api import expect

from access.roles import Role
from crisis import services
from tests.browser.conftest import Enter
from tests.cast import person
from tests.crisis import world


def test_who_is_called_is_not_a_number_of_calls_and_a_judged_line_says_so(enter: Enter, committed: None) -> None:
    cell = world.opened()
    by, secretary = cell.director, person(Role.LOGBOOK_SECRETARY, name="Loïc Baudry")
    services.call(cell_id=cell.id, by=by, function="logbook_secretary", person=secretary.id)
    services.log(cell_id=cell.id, by=by, entry=services.Words(text="Pont", reliability="B", credibility=2))
    services.log(cell_id=cell.id, by=by, entry=services.Words(text="Deux saleuses", kind="request"))
    page = enter(by, f"/crisis/{cell.id}/", size=(1920, 1080)).page
    expect(page.locator("#roster .fn", has_text="Loïc Baudry")).to_contain_text("Appelé")
    expect(page.locator("#people-count")).to_contain_text("1 présent · 1 appelé ·")
    expect(page.locator("#log-lines .line", has_text="Pont")).to_contain_text("probable")
    expect(page.locator("#log-lines .line", has_text="Deux saleuses")).to_contain_text("Demande")
    expect(page.locator("#entry-hints")).to_contain_text("/décision")
    mine = enter(secretary, f"/crisis/{cell.id}/", size=(1920, 1080)).page
    expect(mine.locator("#entry-hints")).not_to_contain_text("/décision")
    mine.locator("#my-answer").get_by_role("button", name="Dans 20 min").click()
    expect(mine.locator("#my-answer")).to_contain_text("(dans 20 min)")


def test_when_the_prefect_directs_no_other_name_stands_there(enter: Enter, committed: None) -> None:
    cell = world.opened()
    offer = services.offer_direction(cell_id=cell.id, by=cell.director, prefect=True, reason="plusieurs communes")
    services.answer_offer(transfer_id=offer.id, by=person(Role.PREFECTURE_LIAISON), accept=True)
    page = enter(cell.director, f"/crisis/{cell.id}/", size=(1920, 1080)).page
    expect(page.locator("#director")).to_have_text("Le préfet dirige")
    expect(page.locator("#exchanges")).to_contain_text("Direction proposée : le préfet")
