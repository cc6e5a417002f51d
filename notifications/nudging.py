"""After a commit, a word to the workers that something waits. Losing it costs a second: beat comes by anyhow."""

import time

import structlog
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)
PAUSE_SECONDS = 5.0  # after the broker did not take one
TOGETHER_SECONDS = 0.05  # one word does for all commits of this time
_next_at = 0.0


def nudge() -> None:
    """Once this transaction has committed, have the outbox swept. Never fails, never waits twice for a dead broker."""
    transaction.on_commit(_send, robust=True)


def _send() -> None:
    global _next_at
    from notifications.tasks import sweep_outbox

    if time.monotonic() < _next_at:
        return
    try:
        sweep_outbox.delay()
    except OperationalError as error:
        _next_at = time.monotonic() + PAUSE_SECONDS
        log.warning("the workers could not be nudged", exc_info=error)
    else:
        _next_at = time.monotonic() + TOGETHER_SECONDS
