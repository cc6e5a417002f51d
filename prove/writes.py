"""Every acknowledged write is there exactly once, whatever is killed with -9 while it is made.

Eight clients declare, qualify and send reports in bulk through two web servers, each write under its own
Idempotency-Key, repeated with the same key until it is answered. Meanwhile a web server, a worker, the Redis-compatible
server, PostgreSQL, a live server and beat are killed with -9 in turn and started again. Now and then a client loses
an answer on the way and asks again. In the end every write stands once, references and the chain have no gap.

kill -9 does not cut the power: what the disk itself loses is not tried here; that fsync is on is checked.
With --sabotage clients repeat with a new key and PostgreSQL acknowledges before its log is written.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter as Tally
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx
from django.db import connections

from incidents.models import Counter, Incident, Report
from journal.models import Entry, Receipt
from journal.verification import verify
from ondijon.stack.errors import StackError
from ondijon.stack.ports import wait_until
from ondijon.stack.roles import APP
from prove import Args, Post, Result, quantile, step
from prove._callers import bearer

SIZE, SMALL = 6_000, 200
PLAN = {"web": 2, "live": 2, "workers": 2, "beat": 1}
CLIENTS, BULK = 8, 5
LOST_ANSWERS = 0.04  # share of answers that never reach the client
PATIENCE_SECONDS = 90.0
CALM_WRITES = CLIENTS  # acknowledged after a victim's return before the next one dies, or a slow machine never gets up
CATEGORIES = ("lighting.street_light_out", "roads.pothole", "water.water_leak", "cleanliness.illegal_dumping")


@dataclass
class Made:
    """What the clients were told, under one lock."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    declared: dict[str, tuple[UUID, str]] = field(default_factory=dict)  # title → incident, reference
    qualified: set[UUID] = field(default_factory=set)
    reported: set[UUID] = field(default_factory=set)
    keys: set[UUID] = field(default_factory=set)
    refusals: Tally[str] = field(default_factory=Tally)
    given_up: int = 0
    repeats: int = 0
    replays: int = 0
    changed_answers: int = 0
    seconds: list[float] = field(default_factory=list)

    @property
    def writes(self) -> int:
        return len(self.keys)


class Client(threading.Thread):
    """Writes until told to stop, one write at a time, each to its end."""

    def __init__(self, number: int, urls: list[str], made: Made, enough: threading.Event, *, sabotage: bool) -> None:
        super().__init__(daemon=True)
        self.number, self.urls, self.made, self.enough, self.sabotage = number, urls, made, enough, sabotage
        self.headers = self.token()
        self.lost_share = 0.4 if sabotage else LOST_ANSWERS
        self.rng = random.Random(number)
        self.mine: list[tuple[str, str]] = []  # incident, ETag: declared and not qualified yet

    def token(self) -> dict[str, str]:
        return bearer(self.urls[0], f"proof-{self.number}")

    def run(self) -> None:
        with httpx.Client(headers=self.headers, timeout=5) as self.http:
            while not self.enough.is_set():
                act = self.rng.random()
                if act < 0.15:
                    self.bulk()
                elif act < 0.45 and self.mine:
                    self.qualify(*self.mine.pop())
                else:
                    self.declare()

    def declare(self) -> None:
        title = f"w-{uuid4()}"
        answer = self.write("/api/v1/incidents/", {**self.place(), "title": title})
        if answer is not None:
            row = answer.json()
            self.mine.append((row["id"], answer.headers["ETag"]))
            with self.made.lock:
                self.made.declared[title] = UUID(row["id"]), row["reference"]

    def qualify(self, incident: str, etag: str) -> None:
        body = {"priority": "P2", "category": CATEGORIES[0]}
        answer = self.write(f"/api/v1/incidents/{incident}/qualify/", body, {"If-Match": etag})
        if answer is not None:
            with self.made.lock:
                self.made.qualified.add(UUID(incident))

    def bulk(self) -> None:
        items = [{**self.place(), "id": str(uuid4())} for _ in range(BULK)]
        answer = self.write("/api/v1/reports/", {"reports": items})
        if answer is not None:
            taken = {UUID(one["id"]) for one in answer.json()["results"] if one["status"] in (200, 201)}
            with self.made.lock:
                self.made.reported |= taken
                self.made.refusals["bulk item"] += BULK - len(taken)

    def place(self) -> dict[str, Any]:
        spot = {"lat": 47.32 + self.rng.random() * 0.01, "lon": 5.03 + self.rng.random() * 0.02}
        return {"category": self.rng.choice(CATEGORIES), **spot}

    def write(
        self, path: str, body: dict[str, Any], more: dict[str, str] | None = None, *, key: UUID | None = None
    ) -> httpx.Response | None:
        """One write, repeated with its key until it is acknowledged. None when it was refused or nobody ever answered."""
        key, began, lost = key or uuid4(), time.monotonic(), None
        while time.monotonic() - began < PATIENCE_SECONDS:
            answer = self.once(path, body, {"Idempotency-Key": str(key), **(more or {})})
            if answer is not None and answer.status_code < 300:
                if lost is None and self.rng.random() < self.lost_share:
                    lost = answer.content
                else:
                    return self.acknowledged(key, answer, lost, time.monotonic() - began)
            elif answer is not None and answer.status_code < 500 and answer.status_code != 429:
                with self.made.lock:
                    self.made.refusals[f"{answer.status_code} {path.split('/')[-2]}"] += 1
                return None
            elif answer is not None:
                time.sleep(0.05)  # the post says that it cannot just now
            key = uuid4() if self.sabotage else key
            with self.made.lock:
                self.made.repeats += 1
        with self.made.lock:
            self.made.given_up += 1
        return None

    def once(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> httpx.Response | None:
        try:
            return self.http.post(self.rng.choice(self.urls) + path, json=body, headers=headers)
        except httpx.TransportError:
            time.sleep(0.05)
            return None

    def acknowledged(self, key: UUID, answer: httpx.Response, lost: bytes | None, seconds: float) -> httpx.Response:
        with self.made.lock:
            self.made.keys.add(key)
            self.made.seconds.append(seconds)
            self.made.replays += "Idempotency-Replayed" in answer.headers
            self.made.changed_answers += lost is not None and lost != answer.content
        return answer


def run(post: Post, args: Args) -> Result:
    made, enough = Made(), threading.Event()
    clients = [Client(n, post.web_urls, made, enough, sabotage=args.sabotage) for n in range(CLIENTS)]
    if args.sabotage:
        acknowledge_too_early(
            post
        )  # after the clients have their tokens: losing those would end the trial, not decide it
    began = time.monotonic()
    for client in clients:
        client.start()
    kills = disturb(post, made, args.n, at_least=4 if args.small else 8)
    enough.set()
    for client in clients:
        client.join(PATIENCE_SECONDS + 10)
    return judge(post, made, kills, time.monotonic() - began)


def acknowledge_too_early(post: Post) -> None:
    with post.connect("superuser") as superuser:
        superuser.execute(f"alter role {APP} set synchronous_commit = off")
        superuser.execute("alter system set wal_writer_delay = '10s'")
        superuser.execute("alter system set wal_writer_flush_after = '1GB'")
        superuser.execute("select pg_reload_conf()")
        superuser.execute(f"select pg_terminate_backend(pid) from pg_stat_activity where usename = '{APP}'")


def disturb(post: Post, made: Made, n: int, *, at_least: int) -> Tally[str]:
    """Kill and restart one after the other until n writes are acknowledged and this many have died."""
    victims: list[tuple[str, Any]] = [
        ("web server", post.web[0]), ("worker", post.workers[0]), ("Redis", post.valkey), ("PostgreSQL", post.postgres),
        ("web server", post.web[1]), ("live server", post.live[0]), ("beat", post.beat[0]), ("PostgreSQL", post.postgres),
    ]  # fmt: skip
    kills: Tally[str] = Tally()
    while made.writes < n or kills.total() < at_least:
        name, victim = victims[kills.total() % len(victims)]
        before = made.writes
        victim.kill()
        victim.start()
        kills[name] += 1
        until_writes_go_on(made, name)
        step(f"killed {name} after {before} writes, going on at {made.writes}")
    return kills


def until_writes_go_on(made: Made, victim: str) -> None:
    """Raises StackError when they do not: a post that stays down is a finding, and no reason to wait for ever."""
    enough = made.writes + CALM_WRITES
    if not wait_until(lambda: made.writes >= enough, seconds=PATIENCE_SECONDS):
        raise StackError(f"nobody could write any more after {victim} was killed and started again.")


def judge(post: Post, made: Made, kills: Tally[str], seconds: float) -> Result:
    result = Result()
    connections.close_all()  # ours died with PostgreSQL
    verdict = verify()
    with post.connect("superuser") as superuser:
        settings = superuser.execute("select current_setting('fsync'), current_setting('full_page_writes')").fetchone()
    result.figures = {
        "writes_acknowledged": made.writes, "incidents": Incident.objects.count(), "entries": verdict.checked,
        "kills": dict(kills), "repeated_calls": made.repeats, "answers_replayed": made.replays,
        "writes_per_second": made.writes / seconds, "write_p50_s": quantile(made.seconds, 0.5),
        "write_longest_s": max(made.seconds, default=0.0), "refusals": dict(made.refusals),
    }  # fmt: skip
    result.exactly("fsync and full_page_writes on", int(settings == ("on", "on")), 1)
    result.exactly("writes given up or refused", made.given_up + made.refusals.total(), 0)
    result.exactly("answers that changed when asked again", made.changed_answers, 0)
    count_incidents(result, made)
    count_the_rest(result, made)
    result.exactly("chain whole, first broken entry", verdict.broken or 0, 0)
    return result


def count_incidents(result: Result, made: Made) -> None:
    standing = Incident.objects.filter(title__startswith="w-").values_list("title", "id", "reference")
    found = {title: (id_, reference) for title, id_, reference in standing}
    lost = sum(found.get(title) != told for title, told in made.declared.items())
    result.exactly("acknowledged declarations lost or changed", lost, 0)
    result.exactly("declarations doubled", len(standing) - len(found), 0)
    result.exactly("declarations nobody was told of", len(found.keys() - made.declared.keys()), 0)
    numbers = sorted(int(text.rpartition("-")[2]) for text in Incident.objects.values_list("reference", flat=True))
    last = sum(Counter.objects.values_list("last", flat=True))
    result.exactly("gaps in the references", int(numbers != list(range(1, last + 1))), 0)


def count_the_rest(result: Result, made: Made) -> None:
    bulk = set(Report.objects.filter(id__in=made.reported).values_list("id", flat=True))
    result.exactly("acknowledged bulk reports lost", len(made.reported - bulk), 0)
    kinds = ("incidents.declared", "incidents.qualified")
    declared, qualified = (Tally(Entry.objects.filter(kind=kind).values_list("about", flat=True)) for kind in kinds)
    everything: Tally[UUID | None] = Tally(Incident.objects.values_list("id", flat=True))
    result.exactly("incidents without exactly one entry", len((declared - everything) + (everything - declared)), 0)
    result.exactly("acknowledged qualifications not once", sum(qualified[one] != 1 for one in made.qualified), 0)
    receipts = set(Receipt.objects.filter(key__in=made.keys).values_list("key", flat=True))
    result.exactly("acknowledged keys without an answer kept", len(made.keys - receipts), 0)
