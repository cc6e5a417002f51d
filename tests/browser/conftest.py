"""People at their desks: real sessions, real pages, and a note of everything the browser complained about."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.fixtures import Settings

from access.models import Person
from access.roles import Role
from crisis.models import Cell
from tests.cast import person
from tests.conftest import PATIENCE_MS, Server
from tests.crisis import world

# What a page refuses by its own policy; reported by the browser where it happens.
NOTE_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(
  `${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""


@dataclass
class Desk:
    """One person's browser."""

    page: Page
    context: BrowserContext
    complaints: list[str] = field(default_factory=list)

    def violations(self) -> list[str]:
        found: list[str] = self.page.evaluate("window.violations")
        return found

    def live(self) -> None:
        """Wait until the stream runs."""
        self.page.wait_for_selector("#link[data-state=live]")


Enter = Callable[..., Desk]
Room = Callable[..., Desk]


@pytest.fixture
def enter(browser: Browser, server: Server, settings: Settings) -> Iterator[Enter]:
    """`enter(person, path="/", language="fr", theme="dark", size=(1280, 720))` opens a page as that person."""
    settings.SECRET_KEY = server.post.environ()["SECRET_KEY"]  # sessions are signed with it
    opened: list[BrowserContext] = []

    def open_desk(
        person: Person,
        path: str = "/",
        *,
        language: str = "fr",
        theme: str = "dark",
        size: tuple[int, int] = (1280, 720),
        **options: Any,
    ) -> Desk:
        client = Client()
        client.force_login(person)
        context = browser.new_context(
            base_url=server.url,
            locale="fr-FR" if language == "fr" else "en-GB",
            timezone_id="Europe/Paris",
            viewport={"width": size[0], "height": size[1]},
            **options,
        )
        context.set_default_timeout(PATIENCE_MS)
        opened.append(context)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([
            {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": server.url},
            {"name": "theme", "value": theme, "url": server.url},
        ])  # fmt: skip
        context.add_init_script(NOTE_VIOLATIONS)
        desk = Desk(context.new_page(), context)
        desk.page.on("pageerror", lambda error: desk.complaints.append(str(error)))
        desk.page.on("console", lambda said: desk.complaints.append(said.text) if said.type == "error" else None)
        desk.page.goto(path)
        return desk

    yield open_desk
    for context in opened:
        context.close()


@pytest.fixture
def cell(committed: None) -> Cell:
    """A crisis cell with a director, a secretary and a mapper, as a running post sees it."""
    made = world.opened(title="Crue de l’Ouche")
    world.join(made, person(Role.LOGBOOK_SECRETARY, name="Loïc Baudry"), "logbook_secretary")
    world.join(made, person(Role.CRISIS_MEMBER, name="Karine Mercier"), "situation_mapping")
    return made


@pytest.fixture
def room(enter: Enter, cell: Cell) -> Room:
    """`room(person)` opens the room of `cell` as that person, with everything `enter` takes."""

    def open_room(who: Person, **options: object) -> Desk:
        desk = enter(who, f"/crisis/{cell.id}/", **{"size": (1920, 1080), **options})
        desk.live()
        return desk

    return open_room
