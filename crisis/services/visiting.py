"""What changed since somebody left: how far they have read, and what the record says after that."""

from typing import Any
from uuid import UUID

import msgspec

from access.models import Person
from access.selectors import Access
from crisis import selectors
from crisis.folding import as_lists, fold
from crisis.models import Visit
from crisis.services.acting import clock
from journal import selectors as journal
from journal.models import Entry

LIMIT = 2_000  # entries; further back, the screen loads the cell anew


class News(msgspec.Struct, frozen=True, kw_only=True):
    """`since`: the journal's number up to which it was read (0: never); `whole` False: too much to tell it all."""

    since: int
    until: int
    entries: int
    whole: bool
    changed: dict[str, Any]


def seen(*, cell_id: UUID, by: Person, access: Access, seq: int | None = None) -> Visit:
    """Note that somebody has read a cell's record up to `seq`, or all of it."""
    cell = selectors.get(cell_id=cell_id, access=access)
    head = journal.head().seq
    up_to = head if seq is None else min(seq, head)
    visit, _made = Visit.objects.update_or_create(cell=cell, person=by, defaults={"seq": up_to, "at": clock()})
    return visit


def news(*, cell_id: UUID, by: Person, access: Access) -> News:
    """What changed in a cell since one's last visit."""
    cell = selectors.get(cell_id=cell_id, access=access)
    visit = Visit.objects.filter(cell=cell, person=by).first()
    since, until = visit.seq if visit else 0, journal.head().seq
    fresh = Entry.objects.filter(about=cell.id, seq__gt=since, seq__lte=until, kind__startswith="crisis.")
    entries = list(fresh.order_by("-seq").values_list("kind", "data")[: LIMIT + 1])
    whole = len(entries) <= LIMIT
    changed = as_lists(fold(reversed(entries[:LIMIT])))
    return News(since=since, until=until, entries=len(entries[:LIMIT]), whole=whole, changed=changed)
