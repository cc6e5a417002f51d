"""The side that measures: the load client's process, and the raw HTTP requests it is given."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from typing import Any

from bench import Post


class Client:
    """The process that makes the load; started once, since starting takes longer than most measurements."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "bench._load"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def rate(self, job: dict[str, Any], clients: int, seconds: float) -> float:
        """Answers a second. Raises RuntimeError when one is not as expected (the process says which)."""
        asked, told = self.process.stdin, self.process.stdout
        if asked is None or told is None:
            raise RuntimeError("the load client has no pipes")
        asked.write(json.dumps({**job, "clients": clients, "seconds": seconds}) + "\n")
        asked.flush()
        line = told.readline()
        if not line:
            raise RuntimeError("the load client failed")
        answer = json.loads(line)
        return float(answer["done"] / answer["seconds"])

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


def http_request(method: str, path: str, token: str, *, body: str = "") -> str:
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {token}",
        "Accept: application/json",
    ]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body.encode())}", "Idempotency-Key: {key}"]
    return "\r\n".join(lines) + f"\r\n\r\n{body}"


def http_job(post: Post, request: str, *, status: int) -> dict[str, Any]:
    return {"kind": "http", "host": "127.0.0.1", "port": post.web[0].port, "request": request, "status": status}


def send(post: Post, request: str) -> str:
    """Send one of our raw requests and give the answer's body."""
    head, _end, body = request.partition("\r\n\r\n")
    first, *rest = head.split("\r\n")
    headers = dict(line.split(": ", 1) for line in rest if not line.startswith(("Host", "Content-Length")))
    asked = urllib.request.Request(  # noqa: S310
        post.web_urls[0] + first.split()[1], body.encode() or None, headers
    )
    with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310  our own server
        return str(answer.read().decode())
