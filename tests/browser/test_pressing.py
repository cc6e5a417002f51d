"""A press that news interrupts still counts: a part drawn again under a finger is the same part to a person."""

from playwright.sync_api import Page

from interventions import services
from tests.browser.conftest import Enter
from tests.browser.field_world import day
from tests.browser.test_field_offline import all_sent, phone


def hold(page: Page, spot: str) -> None:
    """Put a finger on it and leave it there; once more when the page, still opening, moved it away meanwhile."""
    for _attempt in range(5):
        page.locator(spot).hover()
        page.mouse.down()
        if page.evaluate("(spot) => (window.held = document.querySelector(spot)).matches(':active')", spot):
            return
        page.mouse.move(0, 0)
        page.mouse.up()
    raise AssertionError(f"{spot} does not stay where it is")


def drawn_again(page: Page) -> None:
    page.wait_for_function("!window.held.isConnected")


def test_on_the_phone(enter: Enter) -> None:
    world = day()
    page = phone(enter, world).page
    hold(page, f"[data-key='accept-{world.next.id}']")
    services.note(intervention_id=world.here.id, by=world.leader, text="dit à un autre poste")  # and nothing moves
    drawn_again(page)
    page.mouse.up()
    all_sent(page, 1)
    world.next.refresh_from_db()
    assert world.next.status == "accepted"
