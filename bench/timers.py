"""Ten thousand timers due within one minute: how late each one fires.

The figure is held against the goal of ARCHITECTURE.md (p99 at most one second) and, as a ratio, against what this machine
does at the very least: the same claims, effects and commits in bare SQL, one connection, nothing else running.
"""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta

from ondijon.stack.ports import wait_until
from prove import Args, Post, Result, quantile, step
from prove import _effects as effects

SIZE, SMALL = 10_000, 1_000
PLAN = {"web": 0, "live": 0, "workers": 2, "beat": 1}
START = False
SPREAD_SECONDS = 60.0
LEAD_SECONDS = 4.0
BARE = """
with claimed as (update notifications_timer set fired_at = statement_timestamp() where id = (
  select id from notifications_timer where fired_at is null and cancelled_at is null and due_at <= statement_timestamp()
  order by due_at limit 1 for update skip locked) returning key, due_at)
insert into prove_effect (key, due_at, at) select key, due_at, statement_timestamp() from claimed"""


def run(post: Post, args: Args) -> Result:
    spread = SPREAD_SECONDS * min(1.0, args.n / SIZE) if args.small else SPREAD_SECONDS
    post.start_servers()
    post.prepare()
    effects.use(post)
    bare = bare_rate(post, min(args.n, 2_000))
    post.start_programs()
    settle(post)
    began = datetime.now(UTC) + timedelta(seconds=LEAD_SECONDS)
    chance = random.Random(1)
    effects.plant(began + timedelta(seconds=chance.random() * spread) for _ in range(args.n))
    step(f"{args.n} timers are due within {spread:.0f} s")
    wait_until(lambda: len(effects.outcome(post)[0]) >= args.n, seconds=LEAD_SECONDS + spread + 60, step=1.0)
    counted, late = effects.outcome(post)
    result = Result()
    result.figures = {
        "timers": args.n, "spread_s": spread, "asked_per_second": args.n / spread, "late_p50_s": quantile(late, 0.5),
        "late_p99_s": quantile(late, 0.99), "late_longest_s": max(late, default=0.0), "bare_sql_per_second": bare,
        "asked_share_of_bare_sql": args.n / spread / bare,
    }  # fmt: skip
    result.exactly("timers without exactly one effect", args.n - sum(n == 1 for n in counted.values()), 0)
    result.at_least("fired before they were due", min(late, default=0.0), 0.0)
    result.at_most("lateness p99, seconds", quantile(late, 0.99), 1.0)
    return result


def settle(post: Post) -> None:
    """Wait until every worker has carried out something: their start is not what is measured."""
    for n in range(8 * len(post.workers)):
        effects.timers.start(kind=effects.KIND, key=f"warm-{n}", after=timedelta())
    wait_until(lambda: len(effects.outcome(post)[0]) >= 8 * len(post.workers), seconds=60)
    time.sleep(3)
    with post.connect("superuser") as superuser:
        superuser.execute(f"truncate {effects.TABLE}")


def bare_rate(post: Post, number: int) -> float:
    """Claims with their effect per second in bare SQL, each its own transaction, one connection."""
    effects.plant([datetime.now(UTC) - timedelta(seconds=1)] * number)
    with post.connect("app") as database:
        began = time.monotonic()
        for _ in range(number):
            database.execute(BARE, prepare=True)
        seconds = time.monotonic() - began
    with post.connect("superuser") as superuser:
        superuser.execute(f"truncate {effects.TABLE}, notifications_timer")
    return number / seconds
