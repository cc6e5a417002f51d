"""The stream to the page: what is missed comes back, what is lost is said, polling stands in."""

from playwright.sync_api import expect

from access.roles import Role
from incidents import services
from tests.browser.conftest import Enter
from tests.browser.test_desk import draft
from tests.cast import incident, person

NO_SOCKETS = "window.WebSocket = class { constructor() { setTimeout(() => this.onclose({code: 1006}), 10) } }"


def test_a_lost_connection_is_said_and_what_was_missed_comes_back(enter: Enter) -> None:
    desk = enter(person(Role.CALL_TAKER))
    desk.live()
    desk.context.set_offline(True)
    expect(desk.page.locator("#strip")).to_contain_text("Connexion perdue")
    expect(desk.page.locator("#strip")).to_contain_text("brouillon")
    one = services.declare(by=person(Role.VIDEO_OPERATOR), draft=draft(title="Pendant l'absence"))
    expect(desk.page.locator(f'#rows li[data-id="{one.id}"]')).to_have_count(0)
    desk.context.set_offline(False)
    expect(desk.page.locator(f'#rows li[data-id="{one.id}"]')).to_be_visible()
    expect(desk.page.locator("#toasts")).to_contain_text("1 changement")
    expect(desk.page.locator("#strip")).to_be_hidden()


def test_a_silent_network_is_noticed_by_asking(enter: Enter) -> None:
    desk = enter(person(Role.CALL_TAKER), "/login/")
    desk.page.clock.install()
    desk.page.goto("/")
    desk.live()
    desk.context.route("**/health/live", lambda route: route.abort())
    desk.context.route("**/api/v1/journal/**", lambda route: route.abort())
    desk.page.evaluate(f"() => {{ {NO_SOCKETS} }}")
    desk.page.clock.fast_forward(21_000)
    expect(desk.page.locator("#strip")).to_contain_text("Connexion perdue")


def test_without_a_socket_the_page_polls(enter: Enter) -> None:
    desk = enter(person(Role.CALL_TAKER), "/login/")
    desk.context.add_init_script(
        "window.WebSocket = class { constructor() { setTimeout(() => this.onclose({code: 1006}), 10) } }"
    )
    desk.page.goto("/")
    expect(desk.page.locator("#link")).to_have_attribute("data-state", "polling")
    one = services.declare(by=person(Role.VIDEO_OPERATOR), draft=draft(title="Relevé"))
    expect(desk.page.locator(f'#rows li[data-id="{one.id}"]')).to_be_visible()


def test_a_logged_out_page_says_so_and_keeps_what_is_on_it(enter: Enter) -> None:
    incident()
    someone = person(Role.CALL_TAKER)
    desk = enter(someone)
    desk.live()
    type(someone).objects.filter(id=someone.id).update(is_active=False)
    expect(desk.page.locator("#strip")).to_contain_text("déconnecté")
    expect(desk.page.locator("#rows li")).to_have_count(1)
