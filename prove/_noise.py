"""A bad line between two HTTP programs: it loses answers, doubles, holds back, cuts bodies short, or is down."""

from __future__ import annotations

import random
import threading
from collections import Counter as Tally
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

DOUBLED, LOST, LATE, CUT = 0.10, 0.10, 0.10, 0.06  # share of the calls
LATE_SECONDS = 1.5
CONTRACT = "/cod/"


class Quiet(ThreadingHTTPServer):
    """A caller that was killed is no news."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None: ...


@dataclass
class Line:
    """`url` in front of a program at `port`; `up` False: nobody answers. `done` counts what it did to calls."""

    port: int
    up: bool = True
    noisy: bool = True
    done: Tally[str] = field(default_factory=Tally)
    rng: random.Random = field(default_factory=lambda: random.Random(7))

    def __post_init__(self) -> None:
        self.lock = threading.Lock()
        line = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_call(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                line.carry(self, self.rfile.read(length))

            do_GET = do_POST = handle_call  # noqa: N815  the library's names

            def log_message(self, *args: object) -> None: ...

        self.server = Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def fate(self, path: str) -> str:
        with self.lock:
            roll = self.rng.random() if self.noisy and path.startswith(CONTRACT) else 1.0
            chosen = "fine"
            for name, share in (("doubled", DOUBLED), ("lost answer", LOST), ("late", LATE), ("cut", CUT)):
                if roll < share:
                    chosen = name
                    break
                roll -= share
            self.done[chosen] += 1
        return chosen

    def carry(self, asked: Any, body: bytes) -> None:
        """One call: forward it as its fate says."""
        if not self.up:
            asked.close_connection = True
            return
        fate = self.fate(asked.path)
        if fate == "cut" and body:
            body = body[: len(body) // 2]
        answer = self.forward(asked, body)
        if fate == "doubled":
            self.forward(asked, body)
        if fate == "late":
            threading.Timer(LATE_SECONDS, self.forward, [asked, body]).start()
        if answer is None or fate == "lost answer" or (fate == "late" and self.rng.random() < 0.5):
            asked.close_connection = True
            return
        self.reply(asked, answer)

    def forward(self, asked: Any, body: bytes) -> tuple[int, list[tuple[str, str]], bytes] | None:
        """Send it on with its own headers, signature and Host included."""
        headers = {
            name: text for name, text in asked.headers.items() if name.lower() not in ("content-length", "connection")
        }
        line = HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            line.request(asked.command, asked.path, body=body or None, headers=headers)
            answer = line.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        except (OSError, HTTPException):
            return None
        finally:
            line.close()

    @staticmethod
    def reply(asked: Any, answer: tuple[int, list[tuple[str, str]], bytes]) -> None:
        status, headers, body = answer
        try:
            asked.send_response_only(status)
            for name, text in headers:
                if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                    asked.send_header(name, text)
            asked.send_header("Content-Length", str(len(body)))
            asked.end_headers()
            asked.wfile.write(body)
        except OSError:
            asked.close_connection = True
