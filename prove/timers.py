"""Every timer has its effect exactly once and within seconds, whatever is killed with -9 meanwhile.

Timers are due over a stretch of time; their effect is a row that nothing keeps from being doubled. Meanwhile workers, beat,
the Redis-compatible server and PostgreSQL are killed with -9 at random and started again: in rounds, each in an order of its
own, so that none is spared. In the end every timer has one row.

At the full size the database's absences are a few hundredths of the time, and p99 is held to five seconds with them in it. At
the small size one absence is a tenth of the time or more: there its own length is added to the limit.

With --sabotage workers read what is due without a lock and mark it in a transaction apart from the effect.
"""

from __future__ import annotations

import random
import time
from collections import Counter as Tally
from datetime import UTC, datetime, timedelta

from django.db import OperationalError, connections

from notifications.models import Timer
from ondijon.stack.ports import wait_until
from ondijon.stack.postgres import Postgres
from ondijon.stack.processes import Child
from ondijon.stack.valkey import Valkey
from prove import Args, Post, Result, quantile, step
from prove import _effects as effects

SIZE, SMALL = 10_000, 1_000
PLAN = {"web": 0, "live": 0, "workers": 2, "beat": 1}
START = False
PER_SECOND = 100.0
CALM_SECONDS = 3.0, 8.0  # between a victim's return and the next kill, by chance
LEAD_SECONDS = 8.0
PATIENCE_SECONDS = 60.0


def run(post: Post, args: Args) -> Result:
    post.start_servers()
    post.prepare()
    effects.use(post, sabotage=args.sabotage)
    post.start_programs()
    seconds = max(args.n / PER_SECOND, 30.0)
    began = datetime.now(UTC) + timedelta(seconds=LEAD_SECONDS)
    chance = random.Random(7)
    effects.plant(began + timedelta(seconds=chance.random() * seconds) for _ in range(args.n))
    step(f"{args.n} timers are due within {seconds:.0f} s")
    kills, away = disturb(post, chance, until=time.monotonic() + LEAD_SECONDS + seconds)
    patience = 5.0 if args.sabotage else PATIENCE_SECONDS
    wait_until(lambda: waiting() == 0, seconds=patience, step=0.5)
    return judge(post, args.n, kills, away, small=args.small)


def disturb(post: Post, chance: random.Random, *, until: float) -> tuple[Tally[str], float]:
    """Kill one thing after the other until then, at random; each is back before the next one dies. Returns the kills,
    and for how many seconds the database was away at the longest."""
    assert post.valkey is not None
    assert post.postgres is not None
    victims: dict[str, Child | Postgres | Valkey] = {
        "worker": post.workers[0], "redis": post.valkey, "worker 2": post.workers[1], "beat": post.beat[0],
        "postgresql": post.postgres,
    }  # fmt: skip
    kills: Tally[str] = Tally()
    names: list[str] = []
    away = 0.0
    while time.monotonic() + 1 < until:
        time.sleep(min(chance.uniform(*CALM_SECONDS), max(until - time.monotonic() - 1, 0.1)))
        names = names or chance.sample(list(victims), len(victims))
        name = names.pop()
        step(f"kill -9 {name}")
        died = time.monotonic()
        victims[name].kill()
        victims[name].start()
        away = max(away, time.monotonic() - died) if name == "postgresql" else away
        kills[name] += 1
    return kills, away


def waiting() -> int:
    connections.close_all()  # PostgreSQL was killed: ours may be dead
    try:
        return Timer.objects.filter(effects.timers.WAITING, kind=effects.KIND).count()
    except OperationalError:
        return -1


def judge(post: Post, number: int, kills: Tally[str], away: float, *, small: bool) -> Result:
    counted, late = effects.outcome(post)
    result = Result()
    result.figures = {
        "timers": number, "kills": dict(kills), "late_p50_s": quantile(late, 0.5), "late_p99_s": quantile(late, 0.99),
        "late_longest_s": max(late, default=0.0), "database_away_longest_s": away,
    }  # fmt: skip
    result.exactly("effects missed", number - len(counted), 0)
    result.exactly("effects doubled", sum(n - 1 for n in counted.values()), 0)
    result.at_least("fired before they were due", min(late, default=0.0), 0.0)
    result.at_most("lateness p99, seconds", quantile(late, 0.99), 5.0 + (away if small else 0.0))
    return result
