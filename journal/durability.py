"""On the disk before it is acknowledged, without keeping the journal's head locked meanwhile.

A commit holds its locks until the disk has answered. Since every write locks the journal's head last, writes would
reach the disk one after the other, one wait each. So when writers crowd, a write commits without waiting, which frees
the head at once, and then waits for the disk by a second, empty commit: the log is flushed in order, hence with all that
was committed before, and PostgreSQL lets many wait for one flush. Nothing is acknowledged and no hint is sent earlier.
docs/decisions/0001-group-flush.md says what a crash in between does.

How long a commit waits is the operator's choice (`synchronous_commit` of the role, replicas included): the second
commit obeys it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from django.db import connection, transaction

from journal.statements import prepared

EARLY = "set_config('synchronous_commit', 'off', true)"  # until the end of this transaction only
FLUSH = "select pg_logical_emit_message(true, 'ondijon.flush', '')"

_lock = Lock()
_writers = 0


class Commit:
    """How one transaction commits. A hook that runs first after the commit; an error of it is the write's own."""

    early = False

    def __call__(self) -> None:
        if self.early:
            flush()

    def choose(self) -> str:
        """An expression to run with the statement that locks the head: somebody may be waiting for it."""
        self.early = _writers > 1
        return EARLY if self.early else "null"


@contextmanager
def committing() -> Iterator[Commit]:
    """A transaction whose writes are on the disk when the block has ended."""
    global _writers
    with _lock:
        _writers += 1
    try:
        with transaction.atomic():
            commit = Commit()
            transaction.on_commit(commit)
            yield commit
    finally:
        with _lock:
            _writers -= 1


def flush() -> None:
    """Wait until all that was committed so far, by anybody, is on the disk. Outside a transaction only; inside one the
    commit does it. Raises OperationalError when the database has gone: nobody knows then what was kept."""
    if not connection.in_atomic_block:
        prepared(FLUSH)
