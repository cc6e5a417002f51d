"""The suite's ground: a database per worker, real servers, a real browser.

- `db` tests run as the application's role and roll back.
- `committed` (and everything that pytest-django calls transactional) really commits; afterwards the worker's
  database is put back by the superuser, since the application's role can neither truncate nor touch the journal.
- `server` is the real web and live server on this worker's database; `page` is Chromium.
"""

from __future__ import annotations

import os
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest
import redis
from django.db import connections
from django.test import TransactionTestCase
from django.utils import translation
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from journal.selectors import head
from ondijon.stack import test_world
from ondijon.stack.ports import wait_until
from ondijon.stack.post import Plan, Post
from ondijon.stack.pytest_plugin import BROKER, DATABASE, FOLDER

CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
# How long tests wait for what must come: a busy machine is no defect, and what never comes fails all the same.
PATIENCE_S = 60.0
PATIENCE_MS = 1000 * PATIENCE_S
# Properties are tried with the same examples on every run, however long one takes: news is `manage.py fuzz`'s to find.
hypothesis.settings.register_profile(
    "no luck", deadline=None, derandomize=True, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("no luck")
# Chromium and whole posts on a machine shared with others may stand still at the wrong moment: these tests get a second try,
# and the run names each that needed it (R, and a line at the end). A defect fails twice.
SECOND_TRY = frozenset({"browser", "scenarios", "stack", "live"})
NO_BROWSER = "no browser on this machine: install Chromium (apt install chromium) and run the tests again"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name in SECOND_TRY:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """This worker's clone of the migrated and loaded template."""
    test_world.make_template(BROKER.url)
    test_world.clone(DATABASE.name)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    test_world.drop(os.environ["ONDIJON_TEST_SUPERUSER_URL"], DATABASE.name)


def put_the_world_back(case: TransactionTestCase) -> None:
    """Instead of Django's flush, which needs rights that the application's role must not have."""
    for connection in connections.all(initialized_only=True):
        if connection.in_atomic_block or not connection.is_usable():
            connection.close()
    test_world.reset(DATABASE.superuser)


TransactionTestCase._fixture_teardown = put_the_world_back  # type: ignore[attr-defined]  # not in the stubs


@pytest.fixture
def committed(transactional_db: None) -> None:
    """Writes are really committed, seen by other connections and processes, and undone after the test."""


@pytest.fixture(autouse=True)
def _forget_counters() -> Iterator[None]:
    """Throttles and hints of one test are none of the next one's business."""
    yield
    if BROKER.child.alive():
        with redis.Redis.from_url(BROKER.url) as client:
            client.flushdb()


@pytest.fixture(autouse=True)
def _forget_language() -> Iterator[None]:
    """A request leaves its reader's language behind in the thread that answered it."""
    yield
    translation.deactivate()


# Real servers ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Server:
    """The real web and live servers on this worker's database."""

    url: str
    live_url: str
    post: Post


@pytest.fixture(scope="session")
def running_server(django_db_setup: None) -> Iterator[Server]:
    """Started once per worker, when the first test asks. Tests ask for `server`, which also cleans up after them."""
    plan = Plan(
        folder=FOLDER / "post", workers=0, beat=0, env={"DEMO": "1", "MEDIA_ROOT": os.environ["MEDIA_ROOT"]},
        database_url=DATABASE.app, owner_url=DATABASE.owner, redis_url=BROKER.url,
    )  # fmt: skip
    with Post(plan) as post:
        post.start_programs()
        yield Server(url=post.web_urls[0], live_url=post.live_urls[0], post=post)


@pytest.fixture
def server(committed: None, running_server: Server) -> Server:
    """Once its hub has noticed that the test before this one was undone: for it, a restored database."""
    heard_all(running_server)
    return running_server


def heard_all(server: Server) -> None:
    """Wait until the live server has read the journal to its end, when its hub runs."""
    assert wait_until(lambda: live_position(server) in (None, head().seq), seconds=PATIENCE_S)


def live_position(server: Server) -> float | None:
    """How far the live server has read, None while no hub runs."""
    with urllib.request.urlopen(f"{server.live_url.replace('ws', 'http', 1)}/metrics", timeout=PATIENCE_S) as answer:
        lines = [line.split() for line in answer.read().decode().splitlines()]
    return next((float(line[1]) for line in lines if line[0] == "live_position"), None)


# A real browser --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium for one test file: Playwright keeps an event loop open, which asynchronous tests elsewhere need."""
    program = os.environ.get("ONDIJON_TEST_BROWSER")
    if not program:
        pytest.fail(NO_BROWSER, pytrace=False)
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # that loop makes Django think the test itself is asynchronous
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield started
        started.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def context(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    """A clean French-speaking visitor; `page.goto("/")` is relative to the server."""
    opened = browser.new_context(
        base_url=server.url, locale="fr-FR", timezone_id="Europe/Paris", viewport={"width": 1280, "height": 720}
    )
    opened.set_default_timeout(PATIENCE_MS)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in the last lines when pages were not seen by a browser: those tests failed, none was skipped."""
    if not os.environ.get("ONDIJON_TEST_BROWSER"):
        terminalreporter.section("browser tests did not run", red=True, bold=True)
        terminalreporter.line(NO_BROWSER)


def logs() -> Path:
    """Where this worker's servers write their logs (removed after the run)."""
    return FOLDER / "post" / "log"
