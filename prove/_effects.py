"""The post's workers with one more kind of timer, whose effect is a row: for `prove timers`, `prove dst` and `bench timers`.

Run as `celery --app prove._effects`. `SABOTAGE=careless` in the environment takes the mechanism out: what is due is read
without a lock, and marked as done in a transaction of its own.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ondijon.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.db.models.functions import Now  # noqa: E402

from journal.services import writing  # noqa: E402
from notifications import timers  # noqa: E402
from notifications.models import Timer  # noqa: E402
from ondijon.celery import app  # noqa: E402
from ondijon.stack.post import Post  # noqa: E402
from ondijon.stack.roles import APP  # noqa: E402

__all__ = ["app", "timers"]
KIND = "prove.effect"
TABLE = "prove_effect"


@timers.on(KIND)
def effect(timer: Timer) -> None:
    """One row for each time it happens; nothing stops a second one, so that a doubled effect is seen."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into {TABLE} (key, due_at, at) values (%s, %s, statement_timestamp())", [timer.key, timer.due_at]
        )


def careless() -> bool:
    """A sweep as it must not be: no lock, and the mark apart from the effect."""
    due = timers.WAITING, {"due_at__lte": Now(), "kind": KIND}
    timer = Timer.objects.filter(due[0], **due[1]).order_by("due_at").first()
    if timer is None:
        return False
    forgotten = random.random() < 0.01  # as if killed after the mark
    if not forgotten:
        with writing(None):
            effect(timer)
    time.sleep(0.002)
    with transaction.atomic():
        Timer.objects.filter(id=timer.id).update(fired_at=Now())
    return True


if os.environ.get("SABOTAGE") == "careless":
    setattr(timers, "_fire_one", careless)  # noqa: B010 - a fault


def use(post: Post, *, sabotage: bool = False) -> None:
    """Make the table, and have the workers of a post (its servers started, its programs not yet) be these."""
    with post.connect("superuser") as superuser:
        superuser.execute(f"create table {TABLE} (key text, due_at timestamptz, at timestamptz)")
        superuser.execute(f"grant select, insert on {TABLE} to {APP}")
    for worker in post.workers:
        worker.argv = ["prove._effects" if part == "ondijon.celery" else part for part in worker.argv]
        worker.env = {**worker.env, **({"SABOTAGE": "careless"} if sabotage else {})}


def plant(due: Iterable[datetime]) -> None:
    """One timer for each of these instants."""
    timers.start_many(timers.Setting(kind=KIND, key=f"t{n}", due_at=at) for n, at in enumerate(due))


def outcome(post: Post) -> tuple[dict[str, int], list[float]]:
    """How often each timer had its effect, and how late each effect was, in seconds."""
    with post.connect("app") as database:
        counted = database.execute(f"select key, count(*) from {TABLE} group by key").fetchall()
        late: Any = database.execute(f"select extract(epoch from at - due_at)::float8 from {TABLE}").fetchall()
    return dict(counted), [row[0] for row in late]
