"""The link's page: what came and went with its steps, live, accessible, in both languages and on a phone."""

from datetime import timedelta
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Route, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from access.roles import Role
from incidents.calendars import LOCAL
from prefecture import services
from prefecture.models import Instruction, Link, Message
from prefecture.services import receiving
from prefecture.services.sending import clock
from prefecture.wire import cap, envelope
from prefecture.wire.kinds import Kind
from tests.browser.conftest import Enter
from tests.cast import person
from tests.prefecture import world


def received(number: str = "COD-0012") -> Instruction:
    """An instruction of the prefecture, as the contract's own address takes it once the caller is known."""
    parties = envelope.address(sender=world.THEIRS, sender_name="COD", recipient=world.OURS, recipient_name="OnDijon")
    known = Message.objects.filter(direction="in").count()
    parcel = envelope.compose(
        distribution=uuid4(), message=uuid4(), kind=Kind.INSTRUCTION, exercise=False, parties=parties,
        body=world.instruction(number=number), sent=world.now(), expires=world.now(days=1), sequence=known + 1,
    )  # fmt: skip
    receiving.receive(parcel=parcel, by=person(Role.PREFECTURE_LIAISON), key_id="cod-1", signature={})
    return Instruction.objects.get(number=number)


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_is_accessible_under_the_strict_policy(enter: Enter, theme: str, language: str) -> None:
    services.send(kind="measure_taken", payload=world.measure(), by=None)
    received()
    desk = enter(person(Role.CRISIS_DIRECTOR), "/prefecture/", language=language, theme=theme, size=(1440, 900))
    desk.live()
    expect(desk.page.locator("#messages > li")).to_have_count(2)
    desk.page.locator("#write").click()
    expect(desk.page.locator("#pref-title")).to_be_visible()
    found = Axe().run(desk.page)
    assert found.violations_count == 0, found.generate_report()
    assert desk.violations() == []
    assert desk.complaints == []


def test_what_is_said_in_one_second_keeps_its_order(enter: Enter) -> None:
    """The wire's times have no fraction: the order is that of arrival, whoever spoke."""
    desk = enter(person(Role.CRISIS_DIRECTOR), "/prefecture/")
    desk.live()
    titles = [f"Mesure {number}" for number in range(1, 5)]
    for title in titles:
        services.send(kind="measure_taken", payload=world.measure(title=title), by=None)
        received(f"COD-{title[-1]}")
    lines = desk.page.locator("#messages > li")
    expect(lines).to_have_count(8)
    expect(lines).to_contain_text([words for title in reversed(titles) for words in (f"COD-{title[-1]}", title)])


def test_an_instruction_comes_live_is_read_answered_and_carried_out(enter: Enter) -> None:
    desk = enter(person(Role.CRISIS_DIRECTOR, name="C. Morel"), "/prefecture/")
    desk.live()
    page = desk.page
    expect(page.locator("#messages")).to_contain_text("Rien n’a encore été dit")
    one = received()
    line = page.locator(f"#messages li[data-id='{one.message_id}']")
    expect(line).to_contain_text("COD-0012")
    line.get_by_role("button", name="Je l’ai lu").click()
    expect(line.locator(".steps")).to_contain_text("C. Morel")
    line.get_by_role("button", name="Répondre").click()
    page.locator("#pref-title").fill("Capacité confirmée")
    page.locator("#pref-text").fill("150 places au gymnase Epirey.")
    page.get_by_role("button", name="Envoyer à la préfecture").click()
    expect(page.locator("#messages > li").first).to_contain_text("Capacité confirmée")
    assert Message.objects.get(kind="measure_taken").answers == one.message.message_id
    page.locator("#instructions").get_by_role("button", name="Exécutée").click()
    expect(page.locator("#instructions .ins")).to_contain_text("exécutée (")
    one.refresh_from_db()
    assert one.status == "done"


def test_a_message_written_from_everything_goes_to_a_crisis_unless_told_otherwise(enter: Enter) -> None:
    crisis = uuid4()
    services.send(kind="measure_taken", payload=world.measure(title="Une"), by=None, crisis=crisis)
    page = enter(person(Role.CRISIS_DIRECTOR), "/prefecture/").page
    for title, chosen in (("Deux", str(crisis)), ("Trois", "")):
        page.locator("#write").click()
        page.locator("#pref-title").fill(title)
        page.locator("#pref-text").fill("Faite.")
        expect(page.locator("#pref-crisis")).to_have_value(str(crisis))
        page.locator("#pref-crisis").select_option(chosen)
        page.get_by_role("button", name="Envoyer à la préfecture").click()
        expect(page.locator("#messages > li").first).to_contain_text(title)
    assert [one.crisis for one in Message.objects.order_by("created_at")] == [crisis, crisis, envelope.GENERAL]


def test_a_public_alert_is_asked_for_with_the_keyboard_alone(enter: Enter) -> None:
    desk = enter(person(Role.CRISIS_DIRECTOR), "/prefecture/")
    desk.live()
    page = desk.page
    page.keyboard.press("n")
    expect(page.locator("#pref-title")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("End")  # the last kind of message
    expect(page.locator("#pref-headline")).to_be_focused()
    for words in ("Crue de l’Ouche", "Éloignez-vous des berges.", "Montez à l’étage."):
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    for _field in ("area", "severity", "response", "hours"):
        page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # without its grounds
    expect(page.locator("#pref-grounds-error")).not_to_be_empty()
    page.locator("#pref-grounds").focus()
    page.keyboard.type("1,95 m dépassé")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#messages > li")).to_contain_text("Demande d’alerte à la population : Crue de l’Ouche")
    expect(page.locator("#messages > li")).to_contain_text("Montez à l’étage.")
    body = envelope.read(bytes(Message.objects.get(kind="public_alert_request").raw)).message.body
    assert cap.parse(body.cap.encode()).info[0].area[0].areaDesc == "Dijon Métropole"
    assert (desk.violations(), [one for one in desk.complaints if "422" not in one]) == ([], [])


def test_what_is_typed_outlives_a_reload_and_proof_is_shown(enter: Enter) -> None:
    sent = services.send(kind="measure_taken", payload=world.measure(), by=None)
    page = enter(person(Role.CRISIS_DIRECTOR), "/prefecture/").page
    page.keyboard.press("n")
    page.locator("#pref-title").fill("À moitié")
    page.reload()
    page.locator("#write").click()
    expect(page.locator("#pref-title")).to_have_value("À moitié")
    page.locator(f"#messages li[data-id='{sent.id}']").get_by_role("button", name="Preuve").click()
    expect(page.locator("dialog[open]")).to_contain_text(bytes(sent.digest).hex())


def test_a_phone_shows_it_without_scrolling_sideways(enter: Enter) -> None:
    received()
    page = enter(person(Role.CRISIS_DIRECTOR), "/prefecture/", size=(360, 640)).page
    expect(page.locator("#instructions .ins")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.usefixtures("committed")
def test_the_state_of_the_link_grows_old_by_itself(
    browser: Browser, live_server: LiveServer, settings: Settings
) -> None:
    """No worker and no news: after three minutes nobody knows how the link is, and the page says so without being told; a
    test brings it back. The post's pages by this very process, which alone has a link that is set up."""
    world.cod(settings)
    settings.PREFECTURE_URL, tested = "https://cod.example.org", clock()
    Link.objects.update_or_create(id=1, defaults={"state": "up", "tested_at": tested, "latency_ms": 30})
    client = Client()
    client.force_login(person(Role.CRISIS_DIRECTOR))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(base_url=live_server.url, locale="fr-FR", timezone_id="Europe/Paris")
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    slow: list[Route] = []
    page.route("**/api/v1/prefecture/link/", lambda route: route.continue_() if slow else slow.append(route))
    page.clock.install(time=tested)
    page.goto("/prefecture/")
    chip, state = page.locator("#pref-chip"), page.locator("#state-words")
    expect(chip).to_have_attribute("data-state", "up")
    expect(state).to_have_text("Liaison ouverte")
    page.clock.fast_forward("03:10")
    expect(chip).to_have_attribute("data-state", "unknown")
    expect(chip).to_contain_text(f"inconnue depuis {tested.astimezone(LOCAL):%H:%M}")
    expect(state).to_have_text("Liaison inconnue")
    while not slow:
        page.wait_for_timeout(50)  # routes are handed over meanwhile
    late = slow[0].fetch()
    Link.objects.update(tested_at=tested + timedelta(minutes=5))  # by the page's clock, a moment ago
    page.clock.fast_forward("01:55")
    expect(chip).to_have_attribute("data-state", "up")
    expect(state).to_have_text("Liaison ouverte")
    with page.expect_event("requestfinished"):
        slow[0].fulfill(response=late)  # the answer to the first question, after that to the second
    page.wait_for_timeout(100)
    expect(chip).to_have_attribute("data-state", "up")
    context.close()


def test_conversations_and_the_form_by_keys_and_all_keys_on_one_page(enter: Enter) -> None:
    received()
    desk = enter(person(Role.CRISIS_DIRECTOR), "/prefecture/")
    desk.live()
    page = desk.page
    expect(page.locator("#thread-title")).to_have_text("Tout")
    page.keyboard.press("j")
    expect(page.locator("#thread-title")).to_have_text("Hors crise")
    page.keyboard.press("k")
    expect(page.locator("#thread-title")).to_have_text("Tout")
    page.keyboard.press("n")
    expect(page.locator("#compose form")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#compose form")).to_have_count(0)
    page.keyboard.press("?")
    expect(page.locator("#modal")).to_contain_text("Écrire à la préfecture")
    page.keyboard.press("Escape")
    expect(page.locator("#modal")).to_be_hidden()
