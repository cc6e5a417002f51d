"""Many screens in one lean process: raw sockets on epoll, each distinct frame understood once.

Run as `python -m bench._sockets`; takes one JSON command a line on standard input, answers each with one line. Times are
CLOCK_MONOTONIC, the same for all processes of a machine.
"""

from __future__ import annotations

import base64
import gc
import json
import os
import select
import socket
import struct
import sys
import time
from dataclasses import dataclass, field
from typing import Any

RECEIVE = 256 * 1024
KEY = base64.b64encode(b"ondijon-is-there").decode()


@dataclass(slots=True)
class Frame:
    """What one distinct frame says: its type, and the range of entries in it."""

    kind: str
    first: int = 0
    last: int = 0
    count: int = 0
    cursor: str = ""
    whole: bool = True


@dataclass(slots=True)
class Conn:
    group: Group
    sock: socket.socket
    rest: bytes = b""
    greeted: bool = False
    upgraded: bool = False
    following: int = 0
    cursor: str = ""


@dataclass(slots=True)
class Group:
    """Sockets of one kind, and what they were told since `begin`."""

    name: str
    conns: list[Conn] = field(default_factory=list)
    log: list[tuple[float, Frame]] = field(default_factory=list)
    greeted: int = 0
    target: int = 0
    finished: int = 0
    received: int = 0
    errors: list[str] = field(default_factory=list)
    last: float = 0.0


class Load:
    def __init__(self) -> None:
        self.poll = select.epoll()
        self.conns: dict[int, Conn] = {}
        self.groups: dict[str, Group] = {}
        self.frames: dict[tuple[int, bytes, bytes], Frame] = {}

    # frames ------------------------------------------------------------------------------------------------------

    def turn(self, seconds: float) -> None:
        """Take in what has come."""
        for fd, _event in self.poll.poll(seconds, 256):
            conn = self.conns.get(fd)
            if conn is None:
                continue
            try:
                data = conn.sock.recv(RECEIVE)
            except BlockingIOError:
                continue
            except OSError as error:
                data = b""
                conn.group.errors.append(type(error).__name__)
            if not data:
                self.lost(conn, "cut")
            elif conn.upgraded:
                self.feed(conn, data, time.monotonic())
            else:
                self.upgrade(conn, data)

    def upgrade(self, conn: Conn, data: bytes) -> None:
        head, found, rest = (conn.rest + data).partition(b"\r\n\r\n")
        conn.rest = b"" if found else head
        if not found:
            return
        if b" 101 " not in head[:16]:
            self.lost(conn, head[:40].decode("latin-1"))
            return
        conn.upgraded = True
        self.feed(conn, rest, time.monotonic())

    def feed(self, conn: Conn, data: bytes, now: float) -> None:
        if conn.rest:
            data = conn.rest + data
        at, end = 0, len(data)
        while end - at >= 2:
            size, begin = data[at + 1], at + 2
            if size == 126:
                size, begin = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            elif size == 127:
                size, begin = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            if end < begin + size:
                break
            opcode = data[at] & 15
            at = begin + size
            if opcode == 1:
                key = (size, data[begin : min(begin + 64, at)], data[max(at - 40, begin) : at])
                frame = self.frames.get(key)
                if frame is None:
                    frame = self.frames[key] = understood(data[begin:at])
                self.take(conn, frame, now)
            else:
                self.control(conn, opcode, data[begin:at])
        conn.rest = data[at:]

    def take(self, conn: Conn, frame: Frame, now: float) -> None:
        group = conn.group
        if frame.count:
            if frame.first != conn.following or not frame.whole:
                group.errors.append(f"expected {conn.following}, came {frame.first}-{frame.last}")
            conn.following = frame.last + 1
            group.received += frame.count
            group.log.append((now, frame))
            if frame.last == group.target:
                group.finished += 1
                group.last = now
        elif frame.kind == "hello":
            conn.greeted = True
            group.greeted += 1
        elif frame.kind == "reset":
            group.errors.append("reset")
        conn.cursor = frame.cursor or conn.cursor

    def control(self, conn: Conn, opcode: int, payload: bytes) -> None:
        if opcode == 9:
            conn.sock.send(bytes((0x8A, 0x80 | len(payload), 0, 0, 0, 0)) + payload)
        elif opcode == 8:
            self.lost(conn, str(struct.unpack("!H", payload[:2])[0] if payload else 1005))

    def lost(self, conn: Conn, why: str) -> None:
        conn.group.errors.append(f"closed: {why}")
        self.drop(conn)

    def drop(self, conn: Conn) -> None:
        if self.conns.pop(conn.sock.fileno(), None) is not None:
            self.poll.unregister(conn.sock)
        conn.sock.close()
        conn.group.conns.remove(conn)

    # commands ----------------------------------------------------------------------------------------------------

    def open(self, *, group: str, port: int, path: str, headers: list[str], following: int = 0) -> dict[str, Any]:
        """Open one socket for each of `headers` at once; answers when all have been greeted."""
        opened = self.groups.setdefault(group, Group(group))
        opened.greeted, began = 0, time.monotonic()
        for lines in headers:
            self.connect(opened, port, path, lines).following = following
        self.until(lambda: opened.greeted >= len(headers), 60)
        return {"greeted": opened.greeted, "seconds": time.monotonic() - began, "errors": summary(opened.errors)}

    def connect(self, group: Group, port: int, path: str, lines: str, *, wall: bool = False) -> Conn:
        sock = socket.socket()
        if wall:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.connect(("127.0.0.1", port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        request += f"Sec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n{lines}\r\n"
        sock.sendall(request.encode())
        conn = Conn(group, sock)
        group.conns.append(conn)
        if not wall:
            sock.setblocking(False)
            self.conns[sock.fileno()] = conn
            self.poll.register(sock, select.EPOLLIN)
        return conn

    def wall(self, *, port: int, path: str, headers: str) -> dict[str, Any]:
        """Open a socket that never reads."""
        self.connect(self.groups.setdefault("wall", Group("wall")), port, path, headers, wall=True)
        return {}

    def begin(self, *, group: str, first: int, last: int) -> dict[str, Any]:
        """From now on, entries `first` to `last` are expected by every socket of the group."""
        begun = self.groups[group]
        begun.log, begun.errors, begun.received, begun.finished, begun.target = [], [], 0, 0, last
        for conn in begun.conns:
            conn.following = first
        return {}

    def wait(self, *, group: str, seconds: float = 60) -> dict[str, Any]:
        """Wait until every socket of the group has its last expected entry."""
        waited = self.groups[group]
        self.until(lambda: waited.finished >= len(waited.conns), seconds)
        return {
            "sockets": len(waited.conns),
            "finished": waited.finished,
            "received": waited.received,
            "errors": summary(waited.errors),
            "last": waited.last,
        }

    def times(self, *, group: str, stamps: dict[str, float]) -> dict[str, Any]:
        """Milliseconds from an entry's stamp to each screen: quantiles over all deliveries."""
        at = {int(seq): stamp for seq, stamp in stamps.items()}
        log = self.groups[group].log
        taken = sorted(1000 * (now - at[seq]) for now, frame in log for seq in range(frame.first, frame.last + 1))
        shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
        return {name: taken[min(int(share * len(taken)), len(taken) - 1)] for name, share in shares.items()}

    def storm(self, *, group: str, port: int, path: str, headers: list[str]) -> dict[str, Any]:
        """Cut every socket of the group and come back at once, each with its cursor."""
        gone = self.groups[group]
        before = [(conn.cursor, conn.following) for conn in gone.conns]
        for conn in list(gone.conns):
            self.drop(conn)
        gone.greeted, began = 0, time.monotonic()
        for (cursor, following), lines in zip(before, headers, strict=True):
            self.connect(gone, port, f"{path}?cursor={cursor}", lines).following = following
        self.until(lambda: gone.greeted >= len(headers), 60)
        return {"greeted": gone.greeted, "seconds": time.monotonic() - began, "errors": summary(gone.errors)}

    def close(self, *, group: str) -> dict[str, Any]:
        for conn in list(self.groups.get(group, Group(group)).conns):
            self.drop(conn)
        self.groups.pop(group, None)
        return {}

    def until(self, done: Any, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not done() and time.monotonic() < end:
            self.turn(0.05)

    def serve(self) -> None:
        self.poll.register(0, select.EPOLLIN)
        pending = b""
        os.set_blocking(0, False)
        while True:
            self.turn(0.05)
            try:
                data = os.read(0, 1 << 20)
            except BlockingIOError:
                continue
            if not data:
                return
            *lines, pending = (pending + data).split(b"\n")
            for line in lines:
                command = json.loads(line)
                answer = getattr(self, command.pop("do"))(**command)
                sys.stdout.write(json.dumps(answer) + "\n")
                sys.stdout.flush()


def understood(payload: bytes) -> Frame:
    content = json.loads(payload)
    if content["type"] == "entries" and content["entries"]:
        seqs = [entry["seq"] for entry in content["entries"]]
        whole = seqs == list(range(seqs[0], seqs[-1] + 1))
        return Frame("entries", seqs[0], seqs[-1], len(seqs), content.get("cursor", ""), whole)
    return Frame(content["type"], cursor=content.get("cursor", ""))


def summary(errors: list[str]) -> dict[str, int]:
    return {error: errors.count(error) for error in sorted(set(errors))[:5]}


if __name__ == "__main__":
    gc.disable()  # nothing here goes in circles, and a pause would look like the server's
    Load().serve()
