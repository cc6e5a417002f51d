"""The HTTP clients: agents at their desks and the citizens' app, patient with a post that restarts."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

TIMEOUT_SECONDS = 10.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0
COOKIE = "_csrf"  # how its name ends, in the real world and in an exercise


class DoorClosed(Exception):
    """The post does not let this client in: no demo, wrong or missing credentials."""


@dataclass
class Client:
    """Repeats a call with the same key until the post has answered it."""

    url: str
    transport: httpx.BaseTransport | None = None
    pause: Callable[[float], None] = time.sleep
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.http = self.fresh()

    def fresh(self) -> httpx.Client:
        """A client without cookies."""
        return httpx.Client(base_url=self.url, timeout=TIMEOUT_SECONDS, transport=self.transport)

    def close(self) -> None:
        self.http.close()

    def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        """The post's answer, whatever it is; no answer, 429 and 5xx are waited out."""
        wait = FIRST_PAUSE
        while True:
            try:
                answer = self.http.request(method, path, **more)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code < 500 and answer.status_code != 429:
                return answer
            self.pause(wait)
            wait = min(wait * 2, LONGEST_PAUSE)


@dataclass
class Agent(Client):
    """One person of the demo, signed in with one click."""

    login: str = ""
    id: str = ""

    def enter(self) -> None:
        """Sign in. Raises DoorClosed."""
        self.close()
        self.http = self.fresh()
        self.send("GET", "/login/")
        token = self.token_of_form()
        form = {"csrfmiddlewaretoken": token}
        answer = self.send("POST", f"/login/as/{self.login}/", data=form, headers={"X-CSRFToken": token})
        if answer.status_code != 302:
            raise DoorClosed(f"{self.login} cannot sign in with one click ({answer.status_code}): is this the demo?")
        me = self.send("GET", "/api/v1/me/")
        self.id = str(me.json().get("id", "")) if me.is_success else ""

    def headers(self) -> dict[str, str]:
        return {"X-CSRFToken": self.token_of_form()}

    def token_of_form(self) -> str:
        """The CSRF token, empty while there is none."""
        return next((value for name, value in self.http.cookies.items() if name.endswith(COOKIE)), "")

    def get(self, path: str, **query: Any) -> httpx.Response:
        return self._known(lambda: self.send("GET", path, params=query, headers=self.headers()))

    def post(self, path: str, body: dict[str, Any], *, version: int | None = None, key: str = "") -> httpx.Response:
        """One write under one key (made here unless given), to its end."""
        kept = {"Idempotency-Key": key or str(uuid4())}
        if version is not None:
            kept["If-Match"] = f'"{version}"'
        return self._known(lambda: self.send("POST", path, json=body, headers={**self.headers(), **kept}))

    def _known(self, call: Callable[[], httpx.Response]) -> httpx.Response:
        answer = call() if self.id else None
        if answer is None or answer.status_code == 401:
            self.enter()
            answer = call()
        return answer


@dataclass
class Machine(Agent):
    """The same for a post that is not a demo: one OAuth client plays every agent."""

    client_id: str = ""
    secret: str = ""
    token: str = ""

    def enter(self) -> None:
        form = {"grant_type": "client_credentials"}
        answer = self.send("POST", "/oauth/token/", data=form, auth=(self.client_id, self.secret))
        if not answer.is_success:
            raise DoorClosed(f"the OAuth client is not let in ({answer.status_code})")
        self.token, self.id = answer.json()["access_token"], self.login

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass
class CitizensApp(Client):
    """A standard Open311 client with an API key."""

    api_key: str = ""

    def report(self, form: dict[str, str], *, key: str) -> httpx.Response:
        """POST one service request; the key makes a repetition harmless."""
        return self.send(
            "POST",
            "/open311/v2/requests.json",
            data={"api_key": self.api_key, **form},
            headers={"Idempotency-Key": key},
        )
