"""What the live server answers over plain HTTP."""

from __future__ import annotations

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from access.roles import Role
from ondijon.stack.ports import wait_until
from prove._screens import headers_of, session_of
from tests import cast
from tests.conftest import PATIENCE_S, Server
from tests.live.conftest import Open, figure


def plain(server: Server, path: str, **options: object) -> httpx.Response:
    return httpx.get(server.live_url.replace("ws", "http", 1) + path, timeout=PATIENCE_S, **options)  # type: ignore[arg-type]


def test_it_says_that_it_lives_and_nothing_else(server: Server) -> None:
    assert plain(server, "/health/live").json() == {"live": True}
    for path in ("/", "/ws/live/", "/login/", "/admin/"):
        assert plain(server, path).status_code == 404


def test_its_figures_are_for_this_machine_alone(server: Server, screen: Open) -> None:
    assert wait_until(lambda: not figure(server, "live_sockets"), seconds=PATIENCE_S)  # the last test's are gone
    screen(cast.person(Role.CALL_TAKER)).read()
    assert figure(server, "live_sockets") == 1
    for proxied in (
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Forwarded-For": "203.0.113.5"},
        {"Forwarded": "for=127.0.0.1"},
    ):
        assert plain(server, "/metrics", headers=proxied).status_code == 404


def test_other_addresses_open_no_socket(server: Server, secret: None, committed: None) -> None:
    headers = headers_of(session_of(cast.person(Role.CALL_TAKER)))
    with (
        pytest.raises(InvalidStatus) as refused,
        connect(f"{server.live_url}/ws/other/", additional_headers=headers, origin=Origin(server.url)),
    ):
        pass
    assert refused.value.response.status_code == 403
