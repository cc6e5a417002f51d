"""Proving the record: every entry follows from the one before, and the head from the last."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from journal.chain import GENESIS, Cursor, link
from journal.models import Entry, Head

BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """`broken` is the first entry that does not follow (None: the record is whole); `why` says how."""

    checked: int
    broken: int | None
    why: str
    end: Cursor


def verify(*, progress: Callable[[int, int], None] = lambda done, total: None) -> Verdict:
    """Walk the whole journal. `progress(done, total)` is called once a batch. Reads one consistent snapshot."""
    with transaction.atomic():
        if not connection.savepoint_ids:  # inside somebody's transaction its own snapshot has to do
            with connection.cursor() as cursor:
                cursor.execute("set transaction isolation level repeatable read, read only")
        return _walk(Head.objects.filter(id=1).first() or Head(hash=b""), progress)  # a lost head fits no chain


def _walk(head: Head, progress: Callable[[int, int], None]) -> Verdict:
    previous, seq = GENESIS, 0
    for entry in _entries():
        why = _fault(entry, seq + 1, previous)
        if why:
            return Verdict(seq, seq + 1, why, Cursor.at(seq, previous))
        previous, seq = bytes(entry.hash), seq + 1
        if seq % BATCH == 0:
            progress(seq, head.seq)
    progress(seq, head.seq)
    if (seq, previous) != (head.seq, bytes(head.hash)):
        return Verdict(seq, seq + 1, f"the head says {head.seq} entries", Cursor.at(seq, previous))
    return Verdict(seq, None, "", Cursor.at(seq, previous))


def _entries() -> Iterator[Entry]:
    return Entry.objects.order_by("seq").iterator(chunk_size=BATCH)


def _fault(entry: Entry, expected: int, previous: bytes) -> str:
    if entry.seq != expected:
        return f"entry {expected} is missing"
    if bytes(entry.previous) != previous:
        return "it does not follow the entry before"
    if bytes(entry.hash) != link(previous, entry):
        return "its content is not what was recorded"
    return ""
