"""Every message reaches the gateway at least once, and what comes twice carries the same key, whatever fails or dies.

A real gateway on loopback is out of order for a third of what it is sent, takes a fifth and then breaks the connection,
answers some too late, tells its receipts late and twice, and is gone altogether for a while. Meanwhile workers, beat, Redis and
PostgreSQL are killed with -9 in turn. In the end every message must have arrived, under one key each, with its receipt.

With --sabotage the workers make a new key for each attempt and take a failure for a success.
"""

from __future__ import annotations

import random
import time
from collections import Counter as Tally
from collections import defaultdict
from threading import Thread
from typing import Any

from django.conf import settings
from django.db import OperationalError, close_old_connections, connections

from access.models import Person
from access.roles import Role
from journal.models import Entry
from notifications.local_gateway.server import Gateway, Mischief
from notifications.models import Channel, Contact, Delivery, Message, State, Urgency
from notifications.services import notify
from prove import Args, Post, Result, quantile, step
from prove._story import person

SIZE, SMALL = 1_500, 150
PLAN = {"web": 1, "live": 0, "workers": 2, "beat": 1}
START = False  # its programs need to know where the gateway is
EACH = 15  # messages to one person: below the cap, so that each goes by itself
SECRET = "a secret that both sides know"
CALM_SECONDS = 2.5  # between two deaths
STUCK_SECONDS, CONTROL_SECONDS = (
    120.0,
    45.0,
)  # without one more receipt: what is under way on a slow machine is not lost
OUTAGE_SECONDS = 6.0


def run(post: Post, args: Args) -> Result:
    mischief = Mischief(
        fails=0.3, lost_answer=0.2, slow=0.03, tells_twice=0.3, receipt_seconds=20, dice=random.Random(7)
    )
    gateway = Gateway(("127.0.0.1", 0), secret=SECRET, post=post.web_urls[0], mischief=mischief)
    Thread(target=gateway.serve_forever, daemon=True).start()
    for child in post.programs():
        child.env = {**child.env, "GATEWAY_URL": gateway.url, "GATEWAY_SECRET": SECRET}
    settings.GATEWAY_URL, settings.GATEWAY_SECRET = gateway.url, SECRET
    if args.sabotage:
        for worker in post.workers:
            worker.argv = ["prove._forgetful_worker" if part == "ondijon.celery" else part for part in worker.argv]
    post.start()
    people = receivers(-(-args.n // EACH))
    began = time.monotonic()
    writer = Thread(target=write, args=(people, args.n), daemon=True)
    writer.start()
    patience = CONTROL_SECONDS if args.sabotage else STUCK_SECONDS
    kills = disturb(post, gateway, args.n, at_least=4 if args.small else 12, patience=patience)
    writer.join(60)
    return judge(gateway, args.n, kills, time.monotonic() - began)


def receivers(count: int) -> list[Person]:
    """Somebody for every fifteen messages, reached by text message alone."""
    made = [person(Role.CRISIS_DIRECTOR, login=f"receiver-{n}") for n in range(count)]
    for n, one in enumerate(made):
        Contact.objects.create(person=one, phone=f"+336{n:08d}", vital=[Channel.SMS])
    return made


def write(people: list[Person], n: int) -> None:
    """Tell each of them, one transaction for each message, tried again while the database is away."""
    for number in range(n):
        while not told(people[number % len(people)], number):
            time.sleep(0.1)
    connections.close_all()


def told(to: Person, number: int) -> bool:
    try:
        close_old_connections()
        notify(to=[to], subject=f"message-{number};", body="", urgency=Urgency.VITAL, key=f"prove:{number}", ack=True)
    except OperationalError:
        connections.close_all()
        return False
    return True


def disturb(post: Post, gateway: Gateway, n: int, *, at_least: int, patience: float) -> Tally[str]:
    """Kill and restart one after the other, with one outage of the gateway, until everything has gone
    and enough died, or nothing moves any more."""
    victims: list[tuple[str, Any]] = [
        ("worker", post.workers[0]), ("beat", post.beat[0]), ("worker", post.workers[1]), ("PostgreSQL", post.postgres),
        ("Redis", post.valkey),
    ]  # fmt: skip
    kills: Tally[str] = Tally()
    done, moved = 0, time.monotonic()
    while time.monotonic() < moved + patience and not (kills.total() >= at_least and done >= n):
        if kills.total() == 2:
            outage(gateway)
        if kills.total() < 2 * at_least:
            name, victim = victims[kills.total() % len(victims)]
            victim.kill()
            victim.start()
            kills[name] += 1
            step(f"killed {name}; {len(gateway.store.all())} messages have arrived")
        time.sleep(CALM_SECONDS)
        before, done = done, max(done, receipts())
        moved = time.monotonic() if done > before else moved
    return kills


def outage(gateway: Gateway) -> None:
    fails, gateway.mischief.fails = gateway.mischief.fails, 1.0
    time.sleep(OUTAGE_SECONDS)
    gateway.mischief.fails = fails


def receipts() -> int:
    """How many messages have gone and had their receipt; 0 while the database is away."""
    try:
        close_old_connections()
        return Message.objects.filter(state=State.DELIVERED).count()
    except OperationalError:
        connections.close_all()
        return 0


def judge(gateway: Gateway, n: int, kills: Tally[str], seconds: float) -> Result:
    result = Result()
    connections.close_all()
    arrived: dict[str, set[str]] = defaultdict(set)
    for item in gateway.store.all():
        arrived[item.text.split(";")[0]].add(item.with_key)
    times = sum(item.times for item in gateway.store.all())
    rows = Delivery.objects.filter(channel=Channel.SMS)
    waits = [(row.delivered_at - row.message.told_at).total_seconds()
             for row in rows.select_related("message") if row.delivered_at]  # fmt: skip
    result.figures = {
        "messages": n, "arrivals": times, "arrivals_of_the_same_again": times - len(gateway.store.all()),
        "attempts": sum(rows.values_list("attempts", flat=True)), "kills": dict(kills), "seconds": seconds,
        "told_to_receipt_p50_s": quantile(waits, 0.5), "told_to_receipt_p99_s": quantile(waits, 0.99),
    }  # fmt: skip
    result.exactly("messages written", Message.objects.count(), n)
    result.exactly("entries that they were told", Entry.objects.filter(kind="notifications.told").count(), n)
    result.exactly("messages that never arrived", n - len(arrived), 0)
    result.at_least("messages that came more than once", times - len(gateway.store.all()), 1)
    result.exactly("messages that came under two keys", sum(len(keys) > 1 for keys in arrived.values()), 0)
    states = Tally(rows.values_list("state", flat=True))
    result.exactly("rows that do not say delivered", n - states[State.DELIVERED], 0)
    return result
