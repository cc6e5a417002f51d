"""The facilitator's desk in a browser: the clock is led, injects happen in front of their eyes, axe finds nothing."""

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings

from access.roles import Role
from notifications import timers
from ondijon.stack.exercise import ExercisePost
from ondijon.stack.post import Plan, Post
from ondijon.stack.pytest_plugin import BROKER, DATABASE, FOLDER
from tests.browser.test_everybody import serious
from tests.cast import person
from tests.conftest import PATIENCE_MS


@pytest.fixture(scope="module")
def drill(django_db_setup: None) -> Iterator[Post]:
    """An exercise's web and live servers on this worker's database."""
    plan = Plan(
        folder=FOLDER / "drill", workers=0, beat=0, env={"DEMO": "1"},
        database_url=DATABASE.app, owner_url=DATABASE.owner, redis_url=BROKER.url,
    )  # fmt: skip
    with ExercisePost(plan) as post:
        post.start_programs()
        yield post


@pytest.fixture
def desk(drill: Post, browser: Browser, committed: None, settings: Settings) -> Iterator[Page]:
    settings.SECRET_KEY = drill.environ()["SECRET_KEY"]
    settings.EXERCISE = True
    client = Client()
    client.force_login(person(Role.ADMINISTRATOR))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(base_url=drill.web_urls[0], locale="fr-FR", viewport={"width": 1280, "height": 720})
    context.set_default_timeout(PATIENCE_MS)
    context.add_cookies([{"name": "ondijon_exercise_session", "value": session, "url": drill.web_urls[0]}])
    yield context.new_page()
    context.close()


def test_a_flood_is_led(desk: Page) -> None:
    desk.goto("/exercise/")
    assert serious(desk) == []
    desk.locator('[data-open="crue-ouche"]').click()
    expect(desk.locator(".inject")).to_have_count(13)
    desk.wait_for_selector("#link[data-state=live]")
    desk.get_by_role("button", name="Démarrer").click()
    expect(desk.locator(".stand")).to_have_attribute("data-status", "running")
    timers.sweep()
    expect(desk.locator(".inject").first).to_have_attribute("data-state", "played")
    desk.locator("#jump-to").fill("0:06")
    desk.locator("#jump").get_by_role("button").click()
    expect(desk.locator("#scenario-clock")).to_contain_text("T+0:06")
    timers.sweep()
    expect(desk.locator(".inject").nth(1)).to_contain_text("Devenu un incident")
    desk.locator(".inject").first.get_by_role("button", name="Réaction observée").click()
    expect(desk.locator(".inject").first).to_contain_text("réaction vue après")
    remark = desk.locator(".inject").first.get_by_role("textbox")
    remark.press_sequentially("vu par ")
    desk.get_by_role("button", name="Suspendre").click()
    expect(desk.locator("#clock-words")).to_contain_text("arrêtée")
    expect(remark).to_have_value("vu par ")  # every inject was drawn again
    assert serious(desk) == []
    desk.get_by_role("link", name="Évaluation").click()
    expect(desk.locator("table")).to_contain_text("Vigilance crues orange")
    expect(desk.locator(".exercise-banner")).to_contain_text("Rien ici n’est réel")
    assert serious(desk) == []
