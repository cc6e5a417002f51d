"""After a commit, a word to the workers that something waits. Losing it costs a second: they come by anyhow."""

import time
from functools import partial

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)
OUTBOX, TIMERS = "notifications.sweep_outbox", "notifications.sweep_timers"
PAUSE_SECONDS = 5.0  # after the broker did not take one
TOGETHER_SECONDS = 0.05  # one word does for all commits of this time
_next_at: dict[str, float] = {}


def nudge(task: str = OUTBOX) -> None:
    """Once this transaction has committed, have the outbox swept, or the timers. Never fails, never waits twice for a
    dead broker."""
    transaction.on_commit(partial(_send, task), robust=True)


def nudge_timers() -> None:
    nudge(TIMERS)


def _send(task: str) -> None:
    if time.monotonic() < _next_at.get(task, 0.0):
        return
    try:
        current_app.send_task(task)
    except OperationalError as error:
        _next_at.update(dict.fromkeys((OUTBOX, TIMERS), time.monotonic() + PAUSE_SECONDS))
        log.warning("the workers could not be nudged", error=str(error))
    else:
        _next_at[task] = time.monotonic() + TOGETHER_SECONDS
