"""Between two rooms nothing is lost, nothing applied twice, and both ledgers end the same, whatever the line and the relays do.

The post with two web servers and two relays, and the simulated prefecture as a program with a schema of its own, speak
through lines that double 10 % of the calls, lose 10 % of the answers, send 10 % once more later (out of order), and cut
6 % of the bodies short. Both sides write all the time, in three crises and in none. The post's relays, the simulator with its
relay, and a web server are killed with -9 in turn. Then the line is cut for 24 hours of the rows' clock, both sides go on
writing, and it is restored. Time between attempts is shortened by moving the rows' due times back.

With --sabotage the post's relays believe that what left arrived.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from collections import Counter as Tally
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx
from django.conf import settings
from django.db import connections
from django.db.models.functions import Now

from journal.models import Entry
from notifications import timers
from notifications.models import Timer
from ondijon.stack import prefecture as other
from ondijon.stack import programs
from ondijon.stack.errors import StackError
from ondijon.stack.ports import wait_until
from ondijon.stack.processes import Child
from prefecture import services
from prefecture.models import Channel, Instruction, Message
from prefecture.wire.envelope import GENERAL
from prove import Args, Post, Result, step
from prove._noise import Line

SIZE, SMALL = 240, 36  # messages each way
PLAN = {"web": 2, "live": 0, "workers": 0, "beat": 0}
START = False
SCHEMA = "cod_simulator"
PATIENCE_SECONDS = 240.0
CRISES = [None, uuid4(), uuid4(), uuid4()]
FASTER = 8  # seconds of the rows' clock that pass in one of ours


@dataclass
class Scene:
    """Everything that takes part."""

    post: Post
    there: Line  # from the post to the prefecture
    back: Line  # from the prefecture to the post
    sim: Child
    relays: list[Child]
    sim_url: str
    sent: list[UUID] = field(default_factory=list)  # message ids of ours
    asked: int = 0  # instructions that the prefecture was told to give
    kills: Tally[str] = field(default_factory=Tally)

    def write(self, number: int, rng: random.Random) -> None:
        """One message each way."""
        crisis = rng.choice(CRISES)
        body = {"title": f"Mesure {number}", "text": "x" * rng.randrange(1, 2000), "authority": "Maire",
                "takenAt": "2026-11-23T04:00:00+01:00"}  # fmt: skip
        self.sent.append(services.send(kind="measure_taken", payload=body, by=None, crisis=crisis).message_id)
        form = {
            "crisis": str(crisis or GENERAL),
            "number": f"COD-{number}",
            "text": "à faire",
            "due_at": "2050-01-01T00:00",
        }
        answer = None
        while answer is None or answer.status_code != 303:
            try:
                answer = httpx.post(f"{self.sim_url}/instruct", data=form, headers={"Origin": self.sim_url}, timeout=5)
            except httpx.TransportError:
                time.sleep(0.1)  # it was just killed
        self.asked += 1

    def kill(self, name: str, victim: Child) -> None:
        victim.kill()
        victim.start(wait=False)
        self.kills[name] += 1

    def later(self, seconds: float) -> None:
        """Let the rows' clock run ahead on both sides."""
        moved = (
            "set due_at = due_at - make_interval(secs => %s), leased_until = leased_until - make_interval(secs => %s)"
        )
        with self.post.connect("superuser") as db:
            for table in ("prefecture_message", f"{SCHEMA}.message"):
                db.execute(f"update {table} {moved} where state = 'queued'", [seconds, seconds])
            db.execute(
                "update prefecture_link set next_test_at = next_test_at - make_interval(secs => %s), "
                "leased_until = leased_until - make_interval(secs => %s)", [seconds, seconds],
            )  # fmt: skip
            db.execute("update notifications_timer set due_at = due_at - make_interval(secs => %s)", [seconds])

    def waiting(self) -> int:
        """Distributions that have not left, acknowledgements included, on both sides."""
        with self.post.connect("superuser") as db:
            ours = db.execute("select count(*) from prefecture_message where state = 'queued'").fetchone()
            theirs = db.execute(f"select count(*) from {SCHEMA}.message where state = 'queued'").fetchone()
        return (ours[0] if ours else 0) + (theirs[0] if theirs else 0)


def run(post: Post, args: Args) -> Result:
    side = other.OtherSide.make()
    there, back = Line(side.port), Line(post._web_ports[1], rng=random.Random(11))
    ours = side.for_the_post(there.url)
    for name in ("PREFECTURE_URL", "PREFECTURE_KEY"):  # this process writes as the post does
        setattr(settings, name, ours[name])
    for web in post.web:
        web.env = {**web.env, **ours}
    post.start()
    scene = begin(post, side, there, back, ours, sabotage=args.sabotage)
    clock = Clock(scene)
    clock.start()
    try:
        began = time.monotonic()
        storm(scene, args.n)
        result = judge(scene, time.monotonic() - began)
    finally:
        clock.stop.set()
        clock.join(10)
        for child in (*scene.relays, scene.sim):
            child.kill()
        there.stop()
        back.stop()
    return result


def begin(post: Post, side: other.OtherSide, there: Line, back: Line, ours: dict[str, str], *, sabotage: bool) -> Scene:
    client = other.client_of(post)
    sim = Child(
        "prefecture", programs.prefecture(side.port), {**post.environ(), **side.for_itself(back.url, client)},
        post.logs / "prefecture.log", side.port,
    )  # fmt: skip
    sim.start()
    env = {**post.environ(), **ours, **({"SABOTAGE": "1"} if sabotage else {})}
    command = [sys.executable, "-m", "prove._prefecture_relay"]
    relays = [Child(f"relay-{n}", command, env, post.logs / f"relay-{n}.log") for n in (1, 2)]
    for relay in relays:
        relay.start()
    return Scene(post, there, back, sim, relays, side.url)


class Clock(threading.Thread):
    """Makes the rows' clock run faster than ours, so that pauses between attempts cost little."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(daemon=True)
        self.scene, self.stop = scene, threading.Event()

    def run(self) -> None:
        while not self.stop.wait(1.0):
            self.scene.later(FASTER)


def storm(scene: Scene, n: int) -> None:
    """A third under noise with kills, a third while the line is cut for a day, a third under noise with kills again."""
    rng, third = random.Random(3), n // 3
    write_and_kill(scene, rng, range(third))
    drain(scene, at_most=third, seconds=60)
    step(f"the line is cut; {scene.waiting()} distributions wait")
    scene.there.up = scene.back.up = False
    for number in range(third, 2 * third):
        scene.write(number, rng)
    scene.later(24 * 3600)
    fire_all()
    alarms = Entry.objects.filter(kind="prefecture.alarmed").count()
    step(f"24 h later: {scene.waiting()} distributions wait, {alarms} alarms")
    scene.there.up = scene.back.up = True
    write_and_kill(scene, rng, range(2 * third, n))
    if not drain(scene, at_most=0, seconds=PATIENCE_SECONDS):
        raise StackError(f"{scene.waiting()} distributions still wait after {PATIENCE_SECONDS:.0f} s.")
    time.sleep(2)  # what a line holds back has arrived by now, and what it caused has left


def fire_all() -> None:
    """Fire every timer that is due: one may be passed over while the clock moves it."""
    due = Timer.objects.filter(fired_at=None, cancelled_at=None, due_at__lte=Now(), kind__startswith="prefecture.not")
    while timers.sweep() or due.exists():
        pass


def write_and_kill(scene: Scene, rng: random.Random, numbers: range) -> None:
    victims: list[tuple[str, Callable[[], Child]]] = [
        ("relay", lambda: scene.relays[0]), ("simulator", lambda: scene.sim), ("web server", lambda: scene.post.web[1]),
        ("relay", lambda: scene.relays[1]),
    ]  # fmt: skip
    for number in numbers:
        scene.write(number, rng)
        if number % max(1, len(numbers) // 6) == 0:
            name, victim = victims[scene.kills.total() % len(victims)]
            scene.kill(name, victim())


def drain(scene: Scene, *, at_most: int, seconds: float) -> bool:
    """Wait until no more than so many distributions have still to leave."""
    return wait_until(lambda: scene.waiting() <= at_most, seconds=seconds, step=0.5)


@dataclass
class OtherLedger:
    """What stands in the simulator's schema."""

    arrived: Tally[UUID]
    theirs: list[tuple[UUID, Any]]
    channels: dict[tuple[str, UUID], tuple[int, bytes]]

    @classmethod
    def read(cls, post: Post) -> OtherLedger:
        rows = f"select message_id, integrated_at from {SCHEMA}.message where sequence is not null and direction = %s"
        ends = f"select direction, crisis, last, chain from {SCHEMA}.channel where last > 0"
        mirror = {"in": "out", "out": "in"}
        with post.connect("superuser") as db:
            arrived, theirs = (db.execute(rows, [way]).fetchall() for way in ("in", "out"))
            found = db.execute(ends).fetchall()
        channels = {(mirror[way], crisis): (last, bytes(chain)) for way, crisis, last, chain in found}
        return cls(Tally(row[0] for row in arrived), theirs, channels)


def judge(scene: Scene, seconds: float) -> Result:
    result = Result()
    connections.close_all()
    other_side = OtherLedger.read(scene.post)
    lines = (scene.there, scene.back)
    result.figures = {
        "sent_by_the_post": len(scene.sent), "sent_by_the_prefecture": len(other_side.theirs), "seconds": seconds,
        "line_out": dict(scene.there.done), "line_back": dict(scene.back.done), "kills": dict(scene.kills),
        "alarms": Entry.objects.filter(kind="prefecture.alarmed").count(), "channels": len(other_side.channels),
    }  # fmt: skip
    judge_ours(result, scene, other_side)
    alarmed = Entry.objects.filter(kind="prefecture.alarmed").values("about").distinct().count()
    result.at_least("messages that raised an alarm while the line was cut", alarmed, len(scene.sent) // 3)
    judge_theirs(result, other_side)
    ours = {(one.direction, one.crisis): (one.last, bytes(one.chain)) for one in Channel.objects.filter(last__gt=0)}
    differ = [key for key in ours.keys() | other_side.channels.keys() if ours.get(key) != other_side.channels.get(key)]
    result.exactly("channels whose ledgers differ", len(differ), 0)
    spoilt = sum(line.done.total() - line.done["fine"] for line in lines)
    result.at_least("share of calls spoilt, %", 100 * spoilt / max(1, sum(line.done.total() for line in lines)), 5)
    return result


def judge_ours(result: Result, scene: Scene, other_side: OtherLedger) -> None:
    arrived = other_side.arrived
    result.exactly("ours lost", len(set(scene.sent) - arrived.keys()), 0)
    result.exactly("ours stored twice there", arrived.total() - len(arrived), 0)
    untold = Message.objects.filter(direction="out", sequence__isnull=False, integrated_at=None)
    result.exactly("ours of which no integration was told", untold.count(), 0)


def judge_theirs(result: Result, other_side: OtherLedger) -> None:
    theirs = other_side.theirs
    came = Tally(Message.objects.filter(direction="in", sequence__isnull=False).values_list("message_id", flat=True))
    told = Tally(Entry.objects.filter(kind="prefecture.received").values_list("about", flat=True))
    result.exactly("theirs lost", len({row[0] for row in theirs} - came.keys()), 0)
    result.exactly("theirs stored twice here", came.total() - len(came), 0)
    result.exactly("theirs of which no integration was told", sum(row[1] is None for row in theirs), 0)
    result.exactly("instructions not applied exactly once", Instruction.objects.count() - len(theirs), 0)
    result.exactly("messages told twice in the journal", told.total() - len(told), 0)
