"""Times that are not today's say which day's they are: at 22:00, "22:10" must not hide that it is tomorrow's."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from crisis import services
from incidents.calendars import LOCAL
from tests.browser.conftest import Enter
from tests.crisis import world

READ = """async ([zone, instants]) => {
  const { setClock, when } = await import("/static/js/time.js");
  setClock("2026-11-25T21:00:00Z", zone);
  return instants.map((one) => when(one));
}"""


def test_the_day_is_said_unless_it_is_today(enter: Enter, committed: None) -> None:
    page = enter(world.opened().director, "/crisis/").page
    instants = ["2026-11-25T22:59:00Z", "2026-11-25T23:10:00Z", "2026-11-24T22:59:00Z", "2026-11-27T13:30:00Z"]
    read = page.evaluate(READ, ["Europe/Paris", instants])
    assert read == ["23:59", "demain 00:10", "hier 23:59", "27 nov., 14:30"]


def test_an_action_due_another_day_shows_its_day(enter: Enter, committed: None) -> None:
    cell = world.opened()
    due = (timezone.now().astimezone(LOCAL) + timedelta(days=3)).replace(hour=14, minute=30)
    services.act(cell_id=cell.id, by=cell.director, task=services.Task(text="Pomper", function="logistics", due_at=due))
    page = enter(cell.director, f"/crisis/{cell.id}/", size=(1920, 1080)).page
    expect(page.locator("#board .task", has_text="Pomper")).to_contain_text(f"{due.day} ")
    expect(page.locator("#board .task", has_text="Pomper")).to_contain_text(", 14:30")
