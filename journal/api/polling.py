"""The journal for clients without a socket: the same entries, cursor and reset rule as the live stream."""

from collections.abc import Collection

import msgspec

from journal import selectors, wire
from journal.api.errors import Malformed
from journal.chain import Cursor
from journal.idempotency import Answer
from journal.models import Entry

GAP = 1000  # entries; further behind, everything is loaded again


class PollQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`after`: the cursor of the last answer; without it the answer is only where the journal ends now."""

    after: str = ""
    limit: int = 500


def poll(*, audiences: Collection[str], after: str, limit: int) -> Answer:
    """`{"entries": [...], "cursor": …, "reset": bool}`. `limit` (100 to 1,000) counts journal entries, seen or not.
    Raises Malformed for a text that is no cursor."""
    head = selectors.head()
    if not after:
        return _page([], head, reset=False)
    try:
        start = Cursor.parse(after)
    except ValueError as error:
        raise Malformed(errors={"after": [str(error)]}) from error
    if start == head:
        return _page([], head, reset=False)
    if head.seq - start.seq > GAP or not selectors.known(start):
        return _page([], head, reset=True)
    end = min(head.seq, start.seq + min(max(limit, 100), GAP))
    entries = selectors.visible(audiences).filter(seq__gt=start.seq, seq__lte=end)
    return _page([wire.encode(entry) for entry in entries], _cursor(end, head), reset=False)


def _cursor(seq: int, head: Cursor) -> Cursor:
    if seq == head.seq:
        return head
    return Cursor.at(seq, Entry.objects.values_list("hash", flat=True).get(seq=seq))


def _page(lines: list[str], cursor: Cursor, *, reset: bool) -> Answer:
    body = f'{{"entries":[{",".join(lines)}],"cursor":"{cursor}","reset":{"true" if reset else "false"}}}'
    return Answer(200, body.encode(), {})
