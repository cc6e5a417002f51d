"""Eight writers, readers that come and go between two live servers: nothing missed, doubled or out of order.

The writers use two web servers, alone and in bulk. Readers of different duties are cut off again and again in the
middle of the stream and come back with their cursor, to either live server. Meanwhile a live server is killed, Redis
goes away for a while, and PostgreSQL is killed and comes back. In the end each reader must have had every entry that it may see, each once, in order, and
none besides. With --sabotage the hub passes over an entry now and then, as a reader of a plain sequence would.
"""

from __future__ import annotations

import random
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

import httpx
from django.db import DatabaseError, connection, connections
from websockets.exceptions import ConnectionClosed, WebSocketException

from access.models import Organisation, Person
from access.roles import Role
from access.selectors import access_of
from access.services import create_person, give_duty
from journal.models import Entry
from journal.selectors import head, visible
from journal.services import writing
from prove import Args, Post, Result, progress, quantile, step
from prove._callers import bearer
from prove._screens import Screen, session_of

SIZE, SMALL = 4_000, 300
PLAN = {"web": 2, "live": 2, "workers": 0, "beat": 0}
WRITERS, BULK = 8, 5
STAY_SECONDS = (0.05, 1.5)
END_SECONDS = 60.0
PAUSE_SECONDS = 0.05
DUTIES: tuple[tuple[Role, str, tuple[str, ...]], ...] = (
    (Role.CALL_TAKER, "dijon-metropole", ()),
    (Role.CRISIS_DIRECTOR, "dijon-metropole", ()),
    (Role.COMMUNE_OFFICER, "commune-21231", ("21231",)),
    (Role.COMMUNE_OFFICER, "commune-21166", ("21166",)),
    (Role.CREW_LEADER, "eclairage", ()),
    (Role.AUDITOR, "dijon-metropole", ()),
)
SPOTS = ((47.3220, 5.0415), (47.2930, 5.0080))
CATEGORIES = ("lighting.street_light_out", "roads.pothole", "cleanliness.illegal_dumping")


@dataclass(eq=False)
class Reader(threading.Thread):
    """Follows the journal as a page does, and is cut off at random."""

    person: Person
    post: Post
    session: str
    cursor: str
    seed: int
    seqs: list[int] = field(default_factory=list)
    resets: int = 0
    visits: int = 0
    refused: int = 0
    last: int | None = None

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def run(self) -> None:
        rng = random.Random(self.seed)
        while not self.finished():
            try:
                self.visit(rng.choice(self.post.live_urls), rng.uniform(*STAY_SECONDS), abrupt=rng.random() < 0.5)
            except (OSError, WebSocketException):
                self.refused += 1
                time.sleep(PAUSE_SECONDS)

    def visit(self, url: str, seconds: float, *, abrupt: bool) -> None:
        origin = self.post.origins()[0]
        with Screen(url, session=self.session, origin=origin, cursor=self.cursor, open_timeout=5) as screen:
            self.visits += 1
            end = time.monotonic() + seconds
            try:
                while time.monotonic() < end and not self.finished():
                    frame = screen.read(0.2)
                    if frame is not None:
                        self.take(frame)
            except ConnectionClosed:
                time.sleep(PAUSE_SECONDS)
                return
            if abrupt:
                screen.socket.socket.shutdown(socket.SHUT_RDWR)

    def take(self, frame: dict[str, object]) -> None:
        self.seqs += [entry["seq"] for entry in frame.get("entries", ())]  # type: ignore[attr-defined]
        self.resets += frame["type"] == "reset"
        if frame["type"] != "hello":
            self.cursor = str(frame.get("cursor", self.cursor))

    def finished(self) -> bool:
        return self.last is not None and int(self.cursor.split(".")[0]) >= self.last


class Writer(threading.Thread):
    """Declares, comments, restricts and reports in bulk, as quickly as it is answered."""

    def __init__(self, number: int, post: Post, until: int) -> None:
        super().__init__(daemon=True)
        self.rng, self.post, self.until = random.Random(number), post, until
        self.headers = bearer(post.web_urls[0], f"writer-{number}", role=Role.CRISIS_DIRECTOR)
        self.refusals: list[str] = []

    def run(self) -> None:
        with httpx.Client(headers=self.headers, timeout=20) as self.http:
            while position() < self.until:
                self.write()
        connections.close_all()

    def write(self) -> None:
        if self.rng.random() < 0.2:
            self.call("/api/v1/reports/", {"reports": [{**self.place(), "id": str(uuid4())} for _ in range(BULK)]})
            return
        made = self.call("/api/v1/incidents/", self.place())
        if made is None:
            return
        act = self.rng.random()
        if act < 0.3:
            self.call(f"/api/v1/incidents/{made['id']}/comments/", {"text": "vu"})
        elif act < 0.4:
            seen = {"If-Match": f'"{made["version"]}"'}
            self.call(f"/api/v1/incidents/{made['id']}/restrict/", {"reason": "mineurs", "people": []}, seen)

    def place(self) -> dict[str, object]:
        lat, lon = self.rng.choice(SPOTS)
        return {"category": self.rng.choice(CATEGORIES), "lat": lat, "lon": lon}

    def call(self, path: str, body: dict[str, object], more: dict[str, str] | None = None) -> dict[str, object] | None:
        headers, deadline = {"Idempotency-Key": str(uuid4()), **(more or {})}, time.monotonic() + END_SECONDS
        while time.monotonic() < deadline:
            try:
                answer = self.http.post(self.rng.choice(self.post.web_urls) + path, json=body, headers=headers)
            except httpx.TransportError:
                continue
            if answer.status_code < 300:
                found: dict[str, object] = answer.json()
                return found
            if answer.status_code < 500:
                self.refusals.append(f"{answer.status_code} {answer.text[:200]}")
                return None
            time.sleep(PAUSE_SECONDS)  # the post says that it cannot just now: again, with the same key
        return None


def run(post: Post, args: Args) -> Result:
    if args.sabotage:
        sabotage(post, "forgetful")
    people = [somebody(n, *duty) for n, duty in enumerate(DUTIES * 2)]
    writers = [Writer(n, post, 0) for n in range(WRITERS)]
    start = head()
    readers = [Reader(one, post, session_of(one), str(start), n) for n, one in enumerate(people)]
    for writer in writers:
        writer.until = start.seq + args.n
    for thread in (*readers, *writers):
        thread.start()
    disturb(post, start.seq, args.n)
    for writer in writers:
        writer.join(END_SECONDS)
    last = head().seq
    for reader in readers:
        reader.last = last
    for reader in progress(readers, "readers at the end"):
        reader.join(END_SECONDS)
    return judge(readers, writers, start.seq, last)


def somebody(number: int, role: Role, home: str, communes: tuple[str, ...]) -> Person:
    organisation = Organisation.objects.get(key=home)
    with writing(None):
        login = f"reader-{number}"
        person = create_person(login=login, name=login, organisation=organisation, by=None)
        give_duty(person=person, role=role, organisation=organisation, by=None, communes=communes)
    return person


def sabotage(post: Post, which: str) -> None:
    """Restart the live servers with a mechanism taken out."""
    for live in post.live:
        live.stop()
        live.argv = [*live.argv[:-1], "prove._sabotaged:application"]
        live.env = {**live.env, "SABOTAGE": which}
        live.start()


def disturb(post: Post, start: int, n: int) -> None:
    """A third of the way a live server dies, at half of it PostgreSQL; at two thirds Redis is away for a while."""
    acts: list[tuple[float, Callable[[], object]]] = [(0.33, post.live[0].kill), (0.4, post.live[0].start)]
    if post.postgres is not None:
        acts += [(0.5, lambda: restart(post))]
    if post.valkey is not None:
        acts += [(0.66, post.valkey.kill), (0.75, post.valkey.start)]
    for share, act in progress(acts, "disturbances"):
        deadline = time.monotonic() + 300
        while position() < start + n * share and time.monotonic() < deadline:
            time.sleep(0.02)
        act()


def restart(post: Post) -> None:
    assert post.postgres is not None
    post.postgres.kill()
    post.postgres.start()


def position() -> int:
    """The journal's end, 0 while the database is away."""
    try:
        return head().seq
    except DatabaseError:
        connection.close()
        return 0


def judge(readers: list[Reader], writers: list[Writer], start: int, last: int) -> Result:
    result = Result()
    faults = {"missed": 0, "doubled": 0, "out of order": 0, "not theirs": 0}
    for reader in readers:
        for name, number in faults_of(reader, start, last).items():
            faults[name] += number
    result.figures |= {
        "entries": last - start,
        "deliveries": sum(len(reader.seqs) for reader in readers),
        "visits": sum(reader.visits for reader in readers),
        "visits_a_reader": quantile([float(reader.visits) for reader in readers], 0.5),
        "connections_refused_while_a_server_was_dead": sum(reader.refused for reader in readers),
    }
    for name, number in faults.items():
        result.exactly(name, number, 0)
    result.exactly("resets", sum(reader.resets for reader in readers), 0)
    result.exactly("readers that reached the end", sum(reader.finished() for reader in readers), len(readers))
    refusals = [refusal for writer in writers for refusal in writer.refusals]
    result.exactly("writes refused", len(refusals), 0)
    for refusal in refusals[:3]:
        step(refusal)
    print(file=sys.stderr)
    return result


def faults_of(reader: Reader, start: int, last: int) -> dict[str, int]:
    """What a reader had, held against the journal. What was withdrawn since may or may not have been seen before."""
    audiences = access_of(reader.person).audiences
    inside = {"seq__gt": start, "seq__lte": last}
    needed = set(visible(audiences).filter(**inside).values_list("seq", flat=True))
    ever = Entry.objects.filter(**inside, audiences__overlap=sorted(audiences))
    allowed = set(ever.values_list("seq", flat=True))
    had = set(reader.seqs)
    return {
        "missed": len(needed - had),
        "doubled": len(reader.seqs) - len(had),
        "out of order": sum(a > b for a, b in zip(reader.seqs, reader.seqs[1:], strict=False)),
        "not theirs": len(had - allowed),
    }
