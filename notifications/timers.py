"""What must happen later: rows with a due time, claimed by any worker, their effect in the claim's own transaction.

The database's clock decides. Beat only nudges: whatever dies, the row is there, and fires once. A room registers what
its kind of timer does, in its `ready`, by importing its reactions module:

    @timers.on("interventions.check_in")
    def silent(timer: Timer) -> None: ...
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import OperationalError
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now

from journal.services import writing
from notifications.models import Timer

log = structlog.get_logger(__name__)
Handler = Callable[[Timer], None]
_HANDLERS: dict[str, Handler] = {}
BATCH = 100
FIRST_RETRY = timedelta(seconds=2)
LONGEST_RETRY = timedelta(minutes=5)
WAITING = Q(fired_at=None, cancelled_at=None)


def on(kind: str) -> Callable[[Handler], Handler]:
    """Register what happens when a timer of this kind is due. It runs inside `writing(None)`; it may write rows and
    record entries; it may find that nothing is to be done any more. An error makes the timer come back later."""

    def register(handler: Handler) -> Handler:
        if _HANDLERS.setdefault(kind, handler) is not handler:
            raise TypeError(f"two handlers for timers of kind {kind}")
        return handler

    return register


def start(
    *, kind: str, key: str, after: timedelta | None = None, due_at: datetime | None = None, about: UUID | None = None,
    **data: Any,
) -> None:  # fmt: skip
    """Set a timer, inside the caller's transaction: due `after` a time from now, or at `due_at`. `data` is plain JSON.
    The same key moves a timer that has not fired, and sets one that has fired or was cancelled anew."""
    if (after is None) == (due_at is None):
        raise ValueError("a timer is due either after a time or at one")
    due = Now() + after if after is not None else due_at
    fresh: dict[str, Any] = {"kind": kind, "about": about, "data": data, "due_at": due}
    fresh |= {"fired_at": None, "cancelled_at": None, "attempts": 0, "retry_at": None, "failure": ""}
    Timer.objects.update_or_create(key=key, defaults=fresh)


def cancel(*, key: str) -> bool:
    """Call a timer off, inside the caller's transaction. False when there is none waiting."""
    return Timer.objects.filter(WAITING, key=key).update(cancelled_at=Now()) > 0


def sweep(*, limit: int = BATCH) -> int:
    """Fire what is due, oldest first, one transaction each, at most `limit`; returns how many fired or failed."""
    done = 0
    while done < limit and _fire_one():
        done += 1
    return done


def _fire_one() -> bool:
    timer = None
    try:
        with writing(None):
            timer = _claim()
            if timer is None:
                return False
            _HANDLERS[timer.kind](timer)
            Timer.objects.filter(id=timer.id).update(fired_at=Now())
    except Exception as error:
        if timer is None or isinstance(error, OperationalError):  # the database itself: nothing can be noted now
            raise
        _put_off(timer.id, error)
    return True


def _claim() -> Timer | None:
    due = Timer.objects.filter(WAITING, kind__in=_HANDLERS).annotate(next_at=Coalesce("retry_at", "due_at"))
    return (
        due.filter(due_at__lte=Now(), next_at__lte=Now()).order_by("due_at").select_for_update(skip_locked=True).first()
    )


def _put_off(timer_id: int, error: Exception) -> None:
    """Its own transaction: the effect was undone, the timer comes back later and the auditor sees it meanwhile."""
    log.error("a timer could not be carried out", timer=timer_id, exc_info=error)
    timer = Timer.objects.get(id=timer_id)
    pause = min(FIRST_RETRY * 2 ** min(timer.attempts, 10), LONGEST_RETRY)
    Timer.objects.filter(WAITING, id=timer_id).update(
        attempts=F("attempts") + 1, retry_at=Now() + pause, failure=f"{type(error).__name__}: {error}"[:500]
    )
