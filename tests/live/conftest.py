from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.request import urlopen

import pytest

from access.models import Person
from incidents import services as incidents
from incidents.models import Incident
from prove._screens import Screen, session_of
from tests import cast
from tests.conftest import PATIENCE_S, Server, heard_all

Open = Callable[..., Screen]


@pytest.fixture
def secret(server: Server, settings: Any) -> None:
    """Sign cookies as the servers do."""
    settings.SECRET_KEY = server.post.environ()["SECRET_KEY"]


def figure(server: Server, name: str) -> float | None:
    """One figure of the live server, None while no hub runs."""
    with urlopen(f"{server.live_url.replace('ws', 'http', 1)}/metrics", timeout=PATIENCE_S) as answer:
        lines = [line.split() for line in answer.read().decode().splitlines()]
    return next((float(line[1]) for line in lines if line[0] == name), None)


@pytest.fixture
def screen(server: Server, secret: None) -> Iterator[Open]:
    """Open a socket for somebody, once the hub has read what the test wrote before; all are closed after the test."""
    opened: list[Screen] = []

    def open_screen(person: Person, *, session: str = "", **options: Any) -> Screen:
        options.setdefault("origin", server.url)
        heard_all(server)
        made = Screen(server.live_url, session=session or session_of(person), **options)
        opened.append(made)
        return made

    yield open_screen
    for one in opened:
        one.close()


def draft(**fields: Any) -> incidents.Draft:
    return incidents.Draft(**{"category": cast.LIGHT, "lat": 47.3220, "lon": 5.0415, **fields})


def declared(by: Person, **fields: Any) -> Incident:
    return incidents.declare(by=by, draft=draft(**fields))


def declared_many(by: Person, number: int) -> None:
    """As many incidents in one transaction."""
    incidents.declare_many(by=by, drafts=[draft() for _ in range(number)])
