"""A past instant, rebuilt from the journal alone: the cell as it was, and what its reader might have seen on the map."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from access.selectors import Access
from crisis import selectors
from crisis.folding import as_lists, fold
from crisis.models import Cell
from journal import selectors as journal
from journal.models import Entry

BACK = timedelta(days=14)  # what nobody touched for longer is left off the map
MAP_LIMIT = 2_000
ENDED = frozenset({"closed", "cancelled", "merged", "verified", "refused", "failed"})
MARKS = (
    *("crisis.opened", "crisis.level_changed", "crisis.decided", "crisis.direction_changed", "crisis.report_changed"),
    *("crisis.drawn", "crisis.action_late", "crisis.closed"),
)


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """A cell at an instant. `state`: its rows as they were; `lines` the newest of them, oldest first; `counts`: of each
    sort; `incidents`, `interventions`: rows as they were, of what the reader may see today."""

    at: datetime
    first_at: datetime
    last_at: datetime
    seq: int
    entries: int
    counts: dict[str, int]
    state: dict[str, Any]
    incidents: list[dict[str, Any]]
    interventions: list[dict[str, Any]]


class Mark(msgspec.Struct, frozen=True):
    """Something worth a tick on the slider."""

    seq: int
    at: datetime
    kind: str
    label: str


def moment(*, cell_id: UUID, access: Access, at: datetime | None = None, lines: int = 200) -> Moment:
    """The cell at `at` (now when not told). Raises NotFound. Four queries, whatever happened meanwhile."""
    cell = selectors.get(cell_id=cell_id, access=access)
    own = Entry.objects.filter(about=cell.id, kind__startswith="crisis.").order_by("seq")
    first, last = own.values_list("at", flat=True).first(), own.values_list("at", flat=True).last()
    first_at, last_at = first or cell.opened_at, last or cell.opened_at
    at = last_at if at is None else at
    told = list(own.filter(at__lte=at).values_list("seq", "kind", "data"))
    listed = as_lists(fold((kind, data) for _seq, kind, data in told))
    counts = {sort: len(rows) for sort, rows in listed.items() if isinstance(rows, list)}
    listed["lines"] = listed["lines"][-lines:] if lines else []
    return Moment(
        at=at, first_at=first_at, last_at=last_at, seq=told[-1][0] if told else 0, entries=len(told), counts=counts,
        state=listed, incidents=rows_at(access, "incidents.", at), interventions=rows_at(access, "interventions.", at),
    )  # fmt: skip


def rows_at(access: Access, room: str, at: datetime) -> list[dict[str, Any]]:
    """The rows of a room's objects as they stood at an instant, those then running; of what the reader may see today."""
    seen = journal.visible(access.audiences).filter(
        kind__startswith=room, about__isnull=False, at__lte=at, at__gt=at - BACK
    )
    latest = seen.order_by("about", "-seq").distinct("about").values_list("data", flat=True)[:MAP_LIMIT]
    found = (msgspec.json.decode(data).get("row") for data in latest)
    return [row for row in found if row is not None and row.get("status") not in ENDED]


def marks(*, cell_id: UUID, access: Access) -> list[Mark]:
    """The turning points of a cell, oldest first. Raises NotFound."""
    cell: Cell = selectors.get(cell_id=cell_id, access=access)
    told = Entry.objects.filter(about=cell.id, kind__in=MARKS).order_by("seq").values_list("seq", "at", "kind", "data")
    found = [(seq, at, kind, msgspec.json.decode(data)) for seq, at, kind, data in told]
    return [
        Mark(seq, at, kind, _label(data))
        for seq, at, kind, data in found
        if data.get("why") not in ("drafted", "edited")
    ]


def _label(data: dict[str, Any]) -> str:
    for member, name in (("decision", "reference"), ("action", "reference"), ("zone", "label"), ("cell", "level")):
        if member in data:
            return str(data[member][name])
    return str(data.get("report", {}).get("number", ""))
