"""Messages, on-call, drills, the one-time link and the local gateway in a browser: axe, the keyboard, sizes."""

from collections.abc import Iterator
from datetime import time, timedelta
from threading import Thread

import pytest
from playwright.sync_api import Page, expect

from access.models import Person
from access.roles import Role
from notifications import demo, links
from notifications.local_gateway.server import Gateway
from notifications.local_gateway.store import Item
from notifications.models import Contact, Message, Urgency
from notifications.on_call import clock
from notifications.services import notify
from tests.browser.conftest import Enter
from tests.browser.test_everybody import serious
from tests.cast import person
from tests.notifications.rotas import layer, rota

PHONE, SMALL, USUAL = (360, 640), (1280, 720), (1920, 1080)


def director() -> Person:
    made = person(Role.CRISIS_DIRECTOR, name="Jérôme Vincent")
    Contact.objects.create(person=made, phone="+33639980001")
    return made


def tell(to: Person) -> Message:
    subject, body = "Odeur de gaz, rue Monge", "Non acquitté depuis 5 min."
    return notify(to=[to], subject=subject, body=body, urgency=Urgency.VITAL, key="tests.told:1", url="/", ack=True)[0]


def manned(*who: Person) -> None:
    since = clock().date() - timedelta(days=9)
    nights = layer(who[0], name="Nuits", starts_on=since, hours_from=time(19), hours_until=time(7))
    rota(nights, layer(*who, name="Semaine", starts_on=since, turn_days=7, weekdays=[0, 1, 2, 3, 4]))


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_nothing_and_nothing_is_cut_off(enter: Enter, theme: str) -> None:
    me, other = director(), person(Role.CRISIS_DIRECTOR, name="Farid Benali")
    tell(me)
    manned(me, other)
    desk = enter(me, "/notifications/", theme=theme)
    for path in ("/notifications/", "/on-call/", "/on-call/drills/"):
        for size in (USUAL, SMALL, PHONE):
            desk.page.set_viewport_size({"width": size[0], "height": size[1]})
            desk.page.goto(path)
            assert fits(desk.page), (path, size)
        assert serious(desk.page) == [], path
    assert desk.complaints == []


def test_a_message_is_acknowledged_from_the_keyboard(enter: Enter) -> None:
    me = director()
    message = tell(me)
    page = enter(me, "/notifications/").page
    page.get_by_role("button", name="Acquitter").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".said")).to_contain_text("Acquitté : Odeur de gaz")
    message.refresh_from_db()
    assert message.acknowledged_by == "screen"


def test_a_message_comes_to_the_open_desk(enter: Enter) -> None:
    me = director()
    desk = enter(me)
    desk.live()
    tell(me)
    expect(desk.page.locator(".toast", has_text="Odeur de gaz, rue Monge")).to_be_visible()
    with desk.page.expect_navigation():
        desk.page.locator(".toast").get_by_role("button", name="Ouvrir").click()
    desk.live()
    assert desk.complaints == []


def test_somebody_is_put_instead_from_the_keyboard_in_english(enter: Enter) -> None:
    me, other = director(), person(Role.CRISIS_DIRECTOR, name="Farid Benali")
    manned(me, other)
    page = enter(me, "/on-call/", language="en").page
    page.get_by_label("Person", exact=True).select_option(label="Farid Benali")
    tomorrow = clock() + timedelta(days=1)
    page.locator("#id_ends_at").fill(f"{tomorrow:%Y-%m-%d}T12:00")  # an hour that every day has
    page.locator("#id_ends_at").press("Enter")
    expect(page.locator(".said")).to_contain_text("The override holds.")
    expect(page.locator(".now b").first).to_have_text("Farid Benali")


def test_a_drill_fills_in_by_itself(enter: Enter) -> None:
    me = director()
    manned(me)
    page = enter(me, "/on-call/drills/").page
    page.get_by_role("button", name="Les appeler maintenant").click()
    expect(page.locator("#drill tbody")).to_contain_text("Jérôme Vincent")
    assert serious(page) == []
    from notifications.services import acknowledge

    asked = Message.objects.filter(person=me).first()
    if asked is not None:  # nobody is on call at a weekend by day
        acknowledge(message_id=asked.id, by=me, channel="sms")
        expect(page.locator("#drill h2")).to_have_text("1 joint sur 1")


def test_the_one_time_link_on_a_telephone(enter: Enter) -> None:
    me = director()
    message = tell(me)
    page = enter(me, f"/m/{links.token_of(message.id)}/", size=PHONE).page
    expect(page.locator("main")).to_contain_text("Dit que vous avez reçu ce message.")
    assert fits(page)
    page.get_by_role("button", name="Acquitter").press("Enter")
    expect(page.locator("main")).to_contain_text("Acquitté à")
    message.refresh_from_db()
    assert message.acknowledged_by == "link"


@pytest.fixture
def telephones() -> Iterator[Gateway]:
    """The local gateway with something in it, answering to nobody."""
    opened = Gateway(("127.0.0.1", 0), secret="s", directory=demo.directory())
    thread = Thread(target=opened.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    opened.store.take(Item("1", "sms", "+33639980001", "Odeur de gaz. Répondez OK 1234.", code="1234"))
    opened.store.take(Item("2", "voice", "+33639980001", "Odeur de gaz.", code="1234"))
    opened.store.take(Item("3", "email", "j@ondijon.example", "Bonjour", subject="Odeur de gaz"))
    yield opened
    opened.shutdown()
    opened.server_close()
    thread.join()


def test_the_local_gateway_shows_what_came_and_lets_one_answer(page: Page, telephones: Gateway) -> None:
    page.goto(telephones.url)
    assert serious(page) == []
    first = page.locator(".phone", has_text="+33639980001")
    expect(first.locator("h2")).to_contain_text("Jérôme Vincent Directeur des opérations +33639980001")
    first.locator(".write input[name=text]").fill("OK")
    first.locator(".write input[name=text]").press("Enter")
    expect(page.locator(".bubble.reply .text")).to_have_text("OK")
    page.get_by_role("button", name="Appuyer sur 1").click()
    expect(page.locator(".bubble.reply .text").last).to_have_text("1")
    page.goto(f"{telephones.url}/?language=en")
    expect(page.locator("h1")).to_have_text("Local gateway")
    expect(page.locator(".phone", has_text="+33639980001").locator("h2 .soft")).to_have_text("Crisis director")
    expect(page.locator(".phone", has_text="j@ondijon.example").locator("h2 b")).to_have_count(0)
