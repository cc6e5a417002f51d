"""Screens for proofs, figures and tests: somebody's session, and a socket that keeps what it was told."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from access.models import Person
from access.sessions import SessionStore

PATIENCE_S = 30.0  # for what must come; a busy machine is no defect


def session_of(person: Person) -> str:
    """Sign somebody in without the login page; returns the session's key."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def headers_of(session: str) -> dict[str, str]:
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"}


def address(live_url: str, cursor: str = "") -> str:
    return f"{live_url}/ws/live/" + (f"?cursor={quote(cursor)}" if cursor else "")


class Screen:
    """One open socket. Raises websockets' own errors when the handshake is refused."""

    def __init__(self, live_url: str, *, session: str, origin: str, cursor: str = "", **options: Any) -> None:
        self.frames: list[dict[str, Any]] = []
        self.entries: list[dict[str, Any]] = []
        self.cursor = cursor
        options = {"additional_headers": headers_of(session), "origin": origin, "compression": None, **options}
        self._open = ExitStack()
        self.socket: ClientConnection = self._open.enter_context(connect(address(live_url, cursor), **options))

    def read(self, seconds: float = PATIENCE_S) -> dict[str, Any] | None:
        """The next frame, or None when none came in time. Raises ConnectionClosed."""
        try:
            frame: dict[str, Any] = json.loads(self.socket.recv(timeout=seconds))
        except TimeoutError:
            return None
        self.frames.append(frame)
        self.entries += frame.get("entries", [])
        self.cursor = frame.get("cursor", self.cursor)
        return frame

    def until(self, wanted: Callable[[dict[str, Any]], bool], seconds: float = PATIENCE_S) -> dict[str, Any]:
        """Read until a frame is wanted. Raises AssertionError when none came in time, ConnectionClosed."""
        while (frame := self.read(seconds)) is not None:
            if wanted(frame):
                return frame
        raise AssertionError(f"nothing of the kind came; there were {[f['type'] for f in self.frames]}")

    def until_seq(self, seq: int, seconds: float = PATIENCE_S) -> None:
        """Read until this entry, or a place behind it, was told."""
        if int((self.cursor or "0").split(".")[0]) < seq:
            self.until(lambda frame: int(frame.get("cursor", "0").split(".")[0]) >= seq, seconds)

    def until_closed(self, seconds: float = PATIENCE_S) -> int:
        """Read until the house closes; its code. Raises AssertionError when it does not."""
        try:
            while self.read(seconds) is not None:
                pass
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006
        raise AssertionError("it was not closed")

    @property
    def seqs(self) -> list[int]:
        return [entry["seq"] for entry in self.entries]

    def send(self, **frame: Any) -> None:
        self.socket.send(json.dumps(frame, default=str))

    def close(self) -> None:
        with suppress(ConnectionClosed, OSError):
            self._open.close()

    def __enter__(self) -> Screen:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
