"""What bench/live.py measures with: the load client, the relay, the rival, the people, and real journal writes."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.request import urlopen

import psutil
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import transaction

from access import services as access
from access.models import Organisation, Person
from access.roles import Role
from bench._stock import GROUP
from incidents import services as incidents
from journal.models import Entry
from journal.selectors import head
from journal.services import writing
from journal.wire import encode
from live.window import Row, Window
from ondijon.stack.ports import HOST, free_port
from ondijon.stack.post import Post
from ondijon.stack.processes import ROOT, Child
from prove._screens import session_of

SIGHT = frozenset({"commune:21231"})
DIJON, CHENOVE = (47.3220, 5.0415), (47.2930, 5.0080)
SCREENS_A_PERSON = 2


@dataclass
class Rig:
    """The live server under test is post.live[0]."""

    post: Post
    origin: str
    sessions: list[str] = field(default_factory=list)
    started: list[Child] = field(default_factory=list)

    def start(self, sockets: int) -> None:
        self.live_port = int(self.post.live_urls[0].rsplit(":", 1)[1])
        self.relay_port, self.control_port, self.stock_port = free_port(), free_port(), free_port()
        relay = [sys.executable, "-m", "bench._relay", str(self.relay_port), str(self.control_port)]
        stock = [sys.executable, "-m", "uvicorn", *self.post.live[0].argv[3:-1], "bench._stock:application"]
        stock[stock.index("--port") + 1] = str(self.stock_port)
        self.relay = self._child("relay", relay, self.relay_port)
        self.stock = self._child("stock", stock, self.stock_port)
        command = [sys.executable, "-m", "bench._sockets"]
        self.load = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=self.post.environ()
        )
        self.control = socket.create_connection((HOST, self.control_port))
        self._people(sockets)

    def _child(self, name: str, argv: list[str], port: int) -> Child:
        child = Child(name, argv, self.post.environ(), self.post.logs / f"{name}.log", port)
        self.started.append(child.start())
        return child

    def _people(self, sockets: int) -> None:
        home = Organisation.objects.get(key="dijon-metropole")
        with writing(None):
            number = -(-sockets // SCREENS_A_PERSON)
            made = [self._person(f"screen-{n}", Role.COMMUNE_OFFICER, home, ("21231",)) for n in range(number)]
            self.operator = self._person("operator", Role.CALL_TAKER, home)
        self.sessions = [session_of(person) for person in made]

    def _person(self, login: str, role: Role, home: Organisation, communes: tuple[str, ...] = ()) -> Person:
        person = access.create_person(login=login, name=login, organisation=home, by=None)
        access.give_duty(person=person, role=role, organisation=home, by=None, communes=communes)
        return person

    def stop(self) -> None:
        self.control.close()
        self.load.terminate()
        self.load.wait()
        for child in self.started:
            child.stop()

    # the load client ---------------------------------------------------------------------------------------------

    def ask(self, do: str, **command: Any) -> dict[str, Any]:
        self.tell(do, **command)
        return self.hear()

    def tell(self, do: str, **command: Any) -> None:
        assert self.load.stdin is not None
        self.load.stdin.write(json.dumps({"do": do, **command}).encode() + b"\n")
        self.load.stdin.flush()

    def hear(self) -> dict[str, Any]:
        assert self.load.stdout is not None
        answer: dict[str, Any] = json.loads(self.load.stdout.readline())
        return answer

    def headers(self, number: int) -> list[str]:
        """The request lines of as many of our screens, spread over the people."""
        cookie = settings.SESSION_COOKIE_NAME
        keys = (self.sessions[n % len(self.sessions)] for n in range(number))
        return [f"Origin: {self.origin}\r\nCookie: {cookie}={key}\r\n" for key in keys]

    def open_ours(self, number: int, group: str = "ours") -> dict[str, Any]:
        return self.ask(
            "open", group=group, port=self.live_port, path="/ws/live/", headers=self.headers(number),
            following=head().seq + 1,
        )  # fmt: skip

    def open_others(self, number: int) -> None:
        for group, port in (("relay", self.relay_port), ("stock", self.stock_port)):
            self.ask("open", group=group, port=port, path="/", headers=[""] * number)

    # writing -----------------------------------------------------------------------------------------------------

    def write(self, number: int = 1, *, seen: bool = True) -> tuple[range, float]:
        """Declare incidents through the service, in one transaction: their entries, and the instant after COMMIT.

        Unseen ones lie in another commune than the screens': the same work for everybody but them.
        """
        stamps: list[float] = []
        by, (lat, lon) = self.operator, DIJON if seen else CHENOVE
        drafts = [
            incidents.Draft(
                category="lighting.street_light_out", lat=lat, lon=lon, title="Lampadaire éteint rue de la Liberté",
                address="12 rue de la Liberté",
            )
            for _ in range(number)
        ]  # fmt: skip
        with writing(by):
            # Before the hint is published, which is registered later.
            transaction.on_commit(lambda: stamps.append(time.monotonic()))
            incidents.declare_many(by=by, drafts=drafts)
        last = head().seq
        return range(last - number + 1, last + 1), stamps[0]

    def next_seq(self) -> int:
        return head().seq + 1

    def frames(self, seqs: range) -> list[bytes]:
        """The very bytes that our hub sends for these entries."""
        rows = list(Entry.objects.filter(seq__gte=seqs.start, seq__lt=seqs.stop).order_by("seq"))
        for row in rows:
            row.audiences = sorted(SIGHT)
        window, at, made = Window.filled(cast("Sequence[Row]", rows)), seqs.start - 1, []
        while at < window.position.seq:
            portion = window.take(SIGHT, at)
            assert portion.frame is not None
            made.append(portion.frame.framed)
            at = portion.upto.seq
        return made

    def relay_now(self, frames: Sequence[bytes]) -> float:
        """Give the relay frames to write to every socket; the instant before."""
        content = b"".join(len(frame).to_bytes(4, "big") + frame for frame in frames)
        now = time.monotonic()
        self.control.sendall(content)
        return now

    def stock_now(self, seqs: Iterable[int]) -> dict[int, float]:
        """One group message an entry, as a view would send it after COMMIT; the instant before each."""
        layer, stamps = get_channel_layer(), {}
        for entry in Entry.objects.filter(seq__in=list(seqs)).order_by("seq"):
            content = json.loads(encode(entry))
            stamps[entry.seq] = time.monotonic()
            async_to_sync(layer.group_send)(GROUP, {"type": "entry", "entry": content})
        return stamps

    # reading -----------------------------------------------------------------------------------------------------

    def figures(self) -> dict[str, float]:
        """The live server's own figures."""
        with urlopen(f"http://{HOST}:{self.live_port}/metrics", timeout=10) as answer:
            lines = [line.split() for line in answer.read().decode().splitlines() if not line.startswith("#")]
        return {name: float(value) for name, value in lines}

    def slow(self) -> float:
        """How many screens were closed for not reading."""
        return self.figures().get('live_closed_total{code="4408"}', 0.0)


def processor_seconds(child: Child) -> float:
    """What a program has used of the processor so far."""
    times = psutil.Process(child.pid).cpu_times()
    return float(times.user + times.system)
