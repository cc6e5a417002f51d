"""Load from a process of its own, as lean as Python can: one thread, many sockets, the next request when the last is
answered. `python -m bench._load` reads jobs as lines of JSON and answers each with `{"done": n, "seconds": s}`.

Two kinds: `http` (keep-alive requests) and `sql` (one prepared statement over libpq, without psycopg's cursors), so that
the limit and what is held against it are driven in the same way.
"""

from __future__ import annotations

import json
import select
import socket
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any
from uuid import uuid4

from psycopg import pq

KEY = b"{key}"


def hammer(clients: list[Any], seconds: float) -> dict[str, Any]:
    """Keep every client busy for so long; returns how many answers came and how long it really took."""
    poll, by_number = select.epoll(), {client.fileno(): client for client in clients}
    for number in by_number:
        poll.register(number, select.EPOLLIN)
    began = time.perf_counter()
    for client in clients:
        client.ask()
    done, busy, end = 0, len(clients), began + seconds
    while busy:
        for number, _event in poll.poll():
            client = by_number[number]
            if client.answered():
                done += 1
                if time.perf_counter() < end:
                    client.ask()
                else:
                    busy -= 1
    return {"done": done, "seconds": time.perf_counter() - began}


class Http:
    """One keep-alive connection. `{key}` in the request stands for a fresh UUID."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.socket = socket.create_connection((job["host"], job["port"]))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.request, self.expect = job["request"].encode(), f"HTTP/1.1 {job['status']}".encode()
        self.heard, self.wanted = bytearray(), 0

    def fileno(self) -> int:
        return self.socket.fileno()

    def close(self) -> None:
        self.socket.close()

    def ask(self) -> None:
        self.heard.clear()
        self.wanted = 0
        self.socket.sendall(self.request.replace(KEY, str(uuid4()).encode()))

    def answered(self) -> bool:
        self.heard += self.socket.recv(262144)
        if not self.wanted:
            head, end, _rest = self.heard.partition(b"\r\n\r\n")
            if not end:
                return False
            if not head.startswith(self.expect):
                raise SystemExit(f"unexpected answer: {bytes(self.heard[:600])!r}")
            at = head.lower().index(b"content-length:") + 15
            self.wanted = len(head) + 4 + int(head[at:].split(b"\r\n", 1)[0])
        return len(self.heard) >= self.wanted


class Sql:
    """One connection with one prepared statement. `values`: constants, `["uuid"]` for a fresh UUID (again by its name),
    `["count", prefix]` for a number of its own."""

    numbers = count(time.time_ns() // 1000)

    def __init__(self, job: dict[str, Any]) -> None:
        self.connection = pq.PGconn.connect(job["dsn"].encode())
        if self.connection.status != pq.ConnStatus.OK:
            raise SystemExit(self.connection.error_message.decode())
        self._check(self.connection.exec_(b"set timezone = 'UTC'"))
        self._check(self.connection.prepare(b"bare", job["sql"].encode()))
        self.values = job["values"]

    @staticmethod
    def _check(result: Any) -> None:
        if result.status not in (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK):
            raise SystemExit(result.error_message.decode())

    def fileno(self) -> int:
        return self.connection.socket

    def close(self) -> None:
        self.connection.finish()

    def ask(self) -> None:
        self.connection.send_query_prepared(b"bare", list(self._bound()))
        self.connection.flush()

    def _bound(self) -> Iterator[bytes | None]:
        fresh: dict[str, bytes] = {}
        for value in self.values:
            if isinstance(value, list):
                make: Callable[[], str] = (
                    (lambda: str(uuid4())) if value[0] == "uuid" else lambda: str(next(self.numbers))
                )
                name = value[0] + value[1]
                if name not in fresh:
                    fresh[name] = make().encode()
                yield value[2].encode() + fresh[name] if len(value) > 2 else fresh[name]
            else:
                yield None if value is None else value.encode()

    def answered(self) -> bool:
        self.connection.consume_input()
        if self.connection.is_busy():
            return False
        while (result := self.connection.get_result()) is not None:
            self._check(result)
        return True


def main() -> None:
    for line in sys.stdin:
        job = json.loads(line)
        kind: type[Http] | type[Sql] = Http if job["kind"] == "http" else Sql
        clients = [kind(job) for _ in range(job["clients"])]
        for _ in range(8):  # plans settle, caches fill
            hammer(clients, 0)
        print(json.dumps(hammer(clients, job["seconds"])), flush=True)
        for client in clients:
            client.close()


if __name__ == "__main__":
    main()
