"""What must happen later: rows with a due time, claimed by any worker, their effect in the claim's own transaction.

The database's clock decides. Every worker process sweeps by itself (see `notifications.sweeping`), beat and commits only
nudge: whatever dies, the row is there, and fires once. A room registers what its kind of timer does, in its `ready`, by
importing its reactions module:

    @timers.on("interventions.check_in")
    def silent(timer: Timer) -> None: ...
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import structlog
from django.db import OperationalError, connection
from django.db.models import F, Q
from django.db.models.functions import Now

from journal.services import writing
from journal.statements import prepared
from notifications.models import Timer
from notifications.nudging import nudge_timers

log = structlog.get_logger(__name__)
Handler = Callable[[Timer], None]
_HANDLERS: dict[str, Handler] = {}
BATCH = 500
FIRST_RETRY = timedelta(seconds=2)
LONGEST_RETRY = timedelta(minutes=5)
LONGEST_PAUSE, SHORTEST_PAUSE = 1.0, 0.05  # seconds
KEPT = timedelta(days=30)  # fired and called-off ones, so that lateness can be counted
WAITING = Q(fired_at=None, cancelled_at=None)


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """A timer to set: due `after` a time from now, or at `due_at`. `data` is plain JSON."""

    kind: str
    key: str
    after: timedelta | None = None
    due_at: datetime | None = None
    about: UUID | None = None
    data: dict[str, Any] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        if (self.after is None) == (self.due_at is None):
            raise ValueError("a timer is due either after a time or at one")

    @property
    def is_due(self) -> bool:
        """By this machine's clock, which is good enough for a hint."""
        if self.after is not None:
            return self.after <= timedelta()
        return self.due_at is not None and self.due_at <= datetime.now(UTC)


def on(kind: str) -> Callable[[Handler], Handler]:
    """Register what happens when a timer of this kind is due. It runs inside `writing(None)`; it may write rows, record
    entries and set the same timer anew; it may find that nothing is to be done any more. An error makes it come back."""

    def register(handler: Handler) -> Handler:
        if _HANDLERS.setdefault(kind, handler) is not handler:
            raise TypeError(f"two handlers for timers of kind {kind}")
        return handler

    return register


_SET = """
insert into notifications_timer (kind, key, about, data, due_at, attempts, failure)
select kind, key, about, data, coalesce(due_at, statement_timestamp() + make_interval(secs => seconds)), 0, ''
from jsonb_to_recordset(%s::jsonb)
  as told(kind text, key text, about uuid, data jsonb, due_at timestamptz, seconds float8)
on conflict (key) do update set kind = excluded.kind, about = excluded.about, data = excluded.data,
  due_at = excluded.due_at, fired_at = null, cancelled_at = null, attempts = 0, retry_at = null, failure = ''"""


def start(
    *, kind: str, key: str, after: timedelta | None = None, due_at: datetime | None = None, about: UUID | None = None,
    **data: Any,
) -> None:  # fmt: skip
    """Set a timer, inside the caller's transaction: due `after` a time from now, or at `due_at`. `data` is plain JSON.
    The same key moves a timer that has not fired, and sets one that has fired or was cancelled anew. It waits for one
    that is being carried out just now; who holds a lock that the handler wants takes a fresh key instead."""
    start_many([Setting(kind=kind, key=key, after=after, due_at=due_at, about=about, data=data)])


def start_many(settings: Iterable[Setting]) -> None:
    """Set timers of different keys with one statement; see `start`."""
    wanted = list(settings)
    rows = [
        {
            **{name: getattr(one, name) for name in ("kind", "key", "about", "data", "due_at")},
            "seconds": None if one.after is None else one.after.total_seconds(),
        }
        for one in wanted
    ]
    if not rows:
        return
    prepared(_SET, [msgspec.json.encode(rows).decode()])
    if any(one.is_due for one in wanted):
        nudge_timers()


_CANCEL = """
update notifications_timer set cancelled_at = statement_timestamp() where id = (
  select id from notifications_timer where key = %s and fired_at is null and cancelled_at is null
  for update skip locked)"""


def cancel(*, key: str) -> bool:
    """Call a timer off, inside the caller's transaction. False when there is none waiting, or when it is being carried
    out at this very moment: nobody waits for it, since it may be waiting for what the caller has locked, and its
    handler finds what the caller did once it gets there."""
    return prepared(_CANCEL, [key]).rowcount > 0


def sweep(*, limit: int = BATCH) -> int:
    """Fire what is due, oldest first, one transaction each, at most `limit`; returns how many fired or failed."""
    done = 0
    while done < limit and _fire_one():
        done += 1
    return done


def pause() -> float:
    """Seconds until the next one may be due, between a twentieth and one: sooner ones may be set meanwhile."""
    found = prepared(_NEXT, [list(_HANDLERS)]).fetchone()
    return LONGEST_PAUSE if found is None else min(max(float(found[0]), SHORTEST_PAUSE), LONGEST_PAUSE)


def forget_old() -> int:
    """Delete what fired or was called off a month ago; returns how many."""
    old = Now() - KEPT
    gone, _kinds = Timer.objects.filter(Q(fired_at__lt=old) | Q(cancelled_at__lt=old)).delete()
    return gone


_FIELDS = [field.attname for field in Timer._meta.concrete_fields]  # each is its column's name too
_COLUMNS = ", ".join(f"{name}::json" if name == "data" else name for name in _FIELDS)
# Claimed and marked at once; the effect follows in the same transaction, and an error there undoes the mark.
_CLAIM = f"""
update notifications_timer set fired_at = statement_timestamp() where id = (
  select id from notifications_timer
   where fired_at is null and cancelled_at is null and due_at <= statement_timestamp()
     and (retry_at is null or retry_at <= statement_timestamp()) and kind = any(%s)
   order by due_at limit 1 for update skip locked)
returning {_COLUMNS}"""  # noqa: S608  names of our own columns
_NEXT = """
select extract(epoch from due_at - statement_timestamp()) from notifications_timer
where fired_at is null and cancelled_at is null and retry_at is null and kind = any(%s) order by due_at limit 1"""


def _fire_one() -> bool:
    timer = None
    try:
        with writing(None):
            timer = _claim()
            if timer is None:
                return False
            _HANDLERS[timer.kind](timer)
    except Exception as error:
        if timer is None or isinstance(error, OperationalError):  # the database itself: nothing can be noted now
            raise
        _put_off(timer.id, error)
    return True


def _claim() -> Timer | None:
    row = prepared(_CLAIM, [list(_HANDLERS)]).fetchone()
    if row is None:
        return None
    timer: Timer = Timer.from_db(connection.alias, _FIELDS, row)
    return timer


def _put_off(timer_id: int, error: Exception) -> None:
    """Its own transaction: the effect was undone, the timer comes back later and the auditor sees it meanwhile."""
    log.error("a timer could not be carried out", timer=timer_id, exc_info=error)
    timer = Timer.objects.get(id=timer_id)
    rest = min(FIRST_RETRY * 2 ** min(timer.attempts, 10), LONGEST_RETRY)
    Timer.objects.filter(WAITING, id=timer_id).update(
        attempts=F("attempts") + 1, retry_at=Now() + rest, failure=f"{type(error).__name__}: {error}"[:500]
    )
