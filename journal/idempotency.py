"""Same key and same body: same answer. Same key and another body: refused."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from django.db import IntegrityError
from django.db.models.functions import Now

from journal.durability import flush
from journal.errors import Conflict, Problem
from journal.models import Receipt
from journal.services import Somebody, writing
from journal.statements import prepared

KEPT_FOR = timedelta(days=7)
_STORE = "insert into journal_receipt (by, key, fingerprint, status, headers, body) values (%s, %s, %s, %s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back: HTTP status, extra headers, encoded body."""

    status: int
    body: bytes
    headers: dict[str, str]


def fingerprint(method: str, path: str, body: bytes) -> bytes:
    return sha256(b"\n".join((method.encode(), path.encode(), body))).digest()


def once(*, by: Somebody, key: UUID, mark: bytes, work: Callable[[], Answer]) -> Answer:
    """Run `work` and store its answer in the same transaction; or give the answer stored before.

    The common case costs one insert. A second caller with the same key either waits on the unique row and then finds
    the first one's answer, or fails on the changed state and finds it as well. Raises Conflict when the same key came
    with another body, and whatever `work` raises.
    """
    try:
        with writing(by):
            answer = work()
            prepared(_STORE, [by.id, key, mark, answer.status, json.dumps(answer.headers), answer.body])
            return answer
    except (Problem, IntegrityError):
        stored = Receipt.objects.filter(by=by.id, key=key).first()
        if stored is None:
            raise
    if bytes(stored.fingerprint) != mark:
        raise Conflict("This Idempotency-Key was used before with another content.")
    flush()  # the first one may be waiting for the disk still
    return Answer(stored.status, bytes(stored.body), {**stored.headers, "Idempotency-Replayed": "true"})


def forget_old() -> int:
    """Drop the answers stored more than a week ago; returns how many. A client that retries gives up long before."""
    dropped, _by_model = Receipt.objects.filter(at__lt=Now() - KEPT_FOR).delete()
    return dropped
