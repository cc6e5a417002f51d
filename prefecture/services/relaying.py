"""The relay: messages leave one by one, in the order of their crisis. Claimed by SKIP LOCKED and held by a lease, so that
nothing slow happens in a transaction; whoever dies on the way leaves a lease that ends by itself.

One relay works at a time for the whole post (a lease stands for that too): a slow other side occupies one worker, never all.
"""

import random
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import connection
from django.db.models.functions import Now

from journal.services import writing
from notifications import timers
from prefecture import events
from prefecture.models import Message, State
from prefecture.peer import Answer, Peer, Unreachable, peer
from prefecture.rows import message_row
from prefecture.services import testing
from prefecture.wire.kinds import UNNUMBERED, Kind

log = structlog.get_logger(__name__)
LEASE = timedelta(seconds=30)
BATCH = 40
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 300.0  # seconds
# Answers that say "later": the other side, or something between, is not well.
LATER = frozenset({401, 403, 404, 408, 425, 429})
_CLAIM = """
with next as (
  select m.id from prefecture_message m
  where m.direction = 'out' and m.state = 'queued' and m.due_at <= now() and coalesce(m.leased_until, '-infinity') < now()
    and (m.sequence is null or not exists (
      select 1 from prefecture_message e where e.direction = 'out' and e.crisis = m.crisis
        and e.sequence < m.sequence and e.state in ('queued', 'dead')))
  order by m.due_at, m.created_at, m.id limit 1 for update skip locked)
update prefecture_message m set leased_until = now() + make_interval(secs => %s), attempts = m.attempts + 1 from next where m.id = next.id
returning m.id"""


def relay(*, limit: int = BATCH, alone: bool = True) -> int:
    """Send what is due, and test the link when that is due; returns how many distributions were settled.

    With `alone`, does nothing while another relay is at work."""
    other_side = peer()
    if other_side is None or (alone and busy()):
        return 0
    testing.test_if_due(other_side)
    done = 0
    while done < limit:
        message = claim()
        if message is None or not attempt(message, other_side):
            break
        done += 1
    return done


def busy() -> bool:
    return Message.objects.filter(state=State.QUEUED, leased_until__gt=Now()).exists()


def claim() -> Message | None:
    """Take the next message that may leave, for the time of a lease."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [LEASE.total_seconds()])
        row = cursor.fetchone()
    return Message.objects.get(id=row[0]) if row else None


def attempt(message: Message, other_side: Peer) -> bool:
    """Hand one over and write down what came of it. False when the link did not carry it."""
    try:
        answer = other_side.post(bytes(message.raw), distribution=str(message.distribution_id))
    except Unreachable as trouble:
        put_off(message, str(trouble))
        testing.failed(str(trouble))
        return False
    return settle(message, answer)


def settle(message: Message, answer: Answer) -> bool:
    """What the other side's answer means. False when it is to be tried again later."""
    code = answer.document.get("code")
    recorded = answer.document.get("recorded") is True
    if answer.status < 300 or (code == 702 and _is_behind(message, answer)):
        _finish(message, State.DELIVERED, answer)
    elif recorded:
        _finish(message, State.EXPIRED if code == 400 else State.REFUSED, answer)
    elif code == 702:
        _rewind(message, answer)
        put_off(message, "702: out of order")
        return False
    elif answer.status >= 500 or (answer.status in LATER and code is None):
        put_off(message, f"HTTP {answer.status}")
        return False
    else:
        _finish(message, State.DEAD, answer)
    return True


def _is_behind(message: Message, answer: Answer) -> bool:
    """They expect a later number: they have had this one, and forgotten its distribution."""
    expected = answer.document.get("expected")
    return isinstance(expected, int) and message.sequence is not None and expected > message.sequence


def _rewind(message: Message, answer: Answer) -> None:
    """They expect an earlier number (a restored database over there): it and those after it go out again."""
    expected = answer.document.get("expected")
    if isinstance(expected, int) and message.sequence is not None and expected < message.sequence:
        resend(message.crisis, expected)


def resend(crisis: UUID, first: int) -> int:
    """Put the messages of a channel from this number on back into the outbox; returns how many."""
    gone = Message.objects.filter(direction="out", crisis=crisis, sequence__gte=first)
    return gone.filter(state__in=[State.DELIVERED, State.REFUSED, State.EXPIRED]).update(
        state=State.QUEUED, due_at=Now(), leased_until=None, attempts=0
    )


def put_off(message: Message, why: str) -> None:
    """Later, and later each time; a little at random, so that not all come at once."""
    pause = min(FIRST_PAUSE * 2 ** min(message.attempts - 1, 10), LONGEST_PAUSE) * random.uniform(0.5, 1.5)  # noqa: S311
    Message.objects.filter(id=message.id, state=State.QUEUED).update(
        due_at=Now() + timedelta(seconds=pause), leased_until=None, failure=why[:300]
    )


def _finish(message: Message, state: State, answer: Answer) -> None:
    with writing(None) as record:
        locked = Message.objects.select_for_update().get(id=message.id)
        if locked.state != State.QUEUED:
            return  # another relay, or their acknowledgement, was faster
        locked.state, locked.due_at, locked.leased_until = state, None, None
        locked.signature = answer.signature
        locked.answer = {"status": answer.status, "document": answer.document, "proof": answer.proof}
        lost = state != State.DELIVERED
        locked.failure = _sentence(answer) if lost else ""
        if not lost:
            locked.received_at = locked.received_at or Now()
        locked.version += 1
        locked.save(force_update=True)
        locked.refresh_from_db(fields=["received_at"])
        if Kind(locked.kind) in UNNUMBERED:
            return
        if lost:
            _no_more_alarms(locked)
            record(events.Undelivered(row=message_row(locked), code=_code(answer)), about=locked)
        else:
            record(events.Delivered(row=message_row(locked)), about=locked)


def _no_more_alarms(message: Message) -> None:
    for kind in ("integrated", "read"):
        timers.cancel(key=f"prefecture:{kind}:{message.id}")


def _code(answer: Answer) -> int:
    code: Any = answer.document.get("code")
    return code if isinstance(code, int) else answer.status


def _sentence(answer: Answer) -> str:
    detail = answer.document.get("detail") or answer.document.get("title") or ""
    return f"{_code(answer)}: {detail}"[:300]
