"""The gateway's HTTP side: what the post sends comes in here; receipts and answers go back; a page shows it all."""

import json
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread, Timer
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx

from notifications.channels import wire
from notifications.local_gateway.store import Item, Owner, Store

LARGEST = 65_536  # bytes
RECEIPT_TRIES, RECEIPT_PAUSE_SECONDS = 5, 1.0


@dataclass
class Mischief:
    """How badly a gateway may behave, as shares of what comes in; for the proof. `lost_answer`: it is taken, and then
    the connection breaks."""

    fails: float = 0.0
    lost_answer: float = 0.0
    slow: float = 0.0
    slow_seconds: float = 6.0
    tells_twice: float = 0.0
    receipt_seconds: float = 0.0  # at most so late
    dice: random.Random = field(default_factory=random.Random)

    def strikes(self, share: float) -> bool:
        return self.dice.random() < share


class Gateway(ThreadingHTTPServer):
    """`post`: where receipts and answers go, without a slash at the end; empty: nowhere. `directory`: whose the numbers
    are, as whoever starts it says; it never asks the post."""

    daemon_threads = True

    def __init__(
        self,
        address: tuple[str, int],
        *,
        secret: str,
        post: str = "",
        mischief: Mischief | None = None,
        directory: Mapping[str, Owner] | None = None,
    ) -> None:
        self.secret, self.post = secret, post
        self.store = Store()
        self.mischief = mischief or Mischief()
        self.directory = directory or {}
        self.told: Queue[tuple[str, dict[str, Any]]] = Queue()
        super().__init__(address, Handler)
        Thread(target=self._tell_for_ever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def reply(self, to: str, text: str, *, in_reply_to: str | None = None) -> dict[str, Any]:
        """Answer as the owner of a number; what the post answers is kept as one more message to them."""
        self.store.take(Item(str(uuid4()), "reply", to, text))
        said = {"id": str(uuid4()), "from": to, "text": text, "in_reply_to": in_reply_to}
        heard = self._tell("/gateway/replies/", said) or {}
        if heard.get("answer"):
            self.store.take(Item(str(uuid4()), "answer", to, str(heard["answer"])))
        return heard

    def receipt(self, item: Item) -> None:
        for _time in range(2 if self.mischief.strikes(self.mischief.tells_twice) else 1):
            said = ("/gateway/receipts/", {"id": item.id, "state": "delivered"})
            late = self.mischief.dice.uniform(0, self.mischief.receipt_seconds)
            Timer(late, self.told.put, (said,)).start() if late else self.told.put(said)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A post that went away in the middle is nothing to talk about."""

    def _tell_for_ever(self) -> None:
        while True:
            path, said = self.told.get()
            for _try in range(RECEIPT_TRIES):
                if self._tell(path, said) is not None:
                    break
                time.sleep(RECEIPT_PAUSE_SECONDS)

    def _tell(self, path: str, said: Mapping[str, Any]) -> dict[str, Any] | None:
        """What the post says to it; None when it did not take it."""
        if not self.post:
            return {}
        body = json.dumps(said).encode()
        headers = {"Content-Type": "application/json", **wire.sign(self.secret, body)}
        try:
            answer = httpx.post(f"{self.post}{path}", content=body, headers=headers, timeout=10, trust_env=False)
        except httpx.HTTPError:
            return None
        return cast("dict[str, Any]", answer.json()) if answer.is_success else None


class Handler(BaseHTTPRequestHandler):
    """POST /messages is the interface; the rest is the page."""

    protocol_version = "HTTP/1.1"
    server: Gateway

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST:
            self.close_connection = True
            return self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"error": "too large"})
        body = self.rfile.read(length)
        if self.path == "/messages":
            return self._take(body)
        if self.path == "/reply" and self._from_own_page():
            return self._reply({name: values[0] for name, values in parse_qs(body.decode()).items()})
        return self._answer(HTTPStatus.NOT_FOUND, {"error": "nothing here"})

    def _take(self, body: bytes) -> None:
        mischief = self.server.mischief
        if not wire.is_signed(self.server.secret, body, self.headers):
            return self._answer(HTTPStatus.FORBIDDEN, {"error": "not signed"})
        if mischief.strikes(mischief.fails):
            return self._answer(HTTPStatus.SERVICE_UNAVAILABLE, {"error": "out of order"})
        said = json.loads(body)
        item = Item(said["id"], said["kind"], said["to"], said["text"], code=said["code"], language=said["language"])
        item.with_key = self.headers.get("Idempotency-Key", "")
        if self.server.store.take(item):
            self.server.receipt(item)
        if mischief.strikes(mischief.slow):
            time.sleep(mischief.slow_seconds)
        if mischief.strikes(mischief.lost_answer):
            self.close_connection = True
            return None
        return self._answer(HTTPStatus.ACCEPTED, {"reference": f"local-{item.id[:8]}"})

    def _reply(self, said: dict[str, str]) -> None:
        if said.get("to") and said.get("text"):
            self.server.reply(said["to"], said["text"], in_reply_to=said.get("in_reply_to") or None)
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", f"/#{said.get('anchor', '')}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _from_own_page(self) -> bool:
        """No other page may answer in somebody's name."""
        return self.headers.get("Origin") in (None, f"http://{self.headers.get('Host')}")

    def do_GET(self) -> None:
        from notifications.local_gateway import page

        if self.headers.get("Host", "").partition(":")[0] not in ("127.0.0.1", "localhost"):
            return self._answer(HTTPStatus.FORBIDDEN, {"error": "on loopback only"})
        found = page.answer(urlsplit(self.path), self.server.store, self.headers, self.server.directory)
        if found is None:
            return self._answer(HTTPStatus.NOT_FOUND, {"error": "nothing here"})
        return self._send(HTTPStatus.OK, *found)

    def _answer(self, status: HTTPStatus, said: object) -> None:
        self._send(status, "application/json", json.dumps(said).encode())

    def _send(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; "
                         "connect-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'")  # fmt: skip
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the name is the base class's
        """Silent: what came in stands on the page."""
