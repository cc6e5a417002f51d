"""What the incidents API answers with: shapes only."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from incidents.rows import IncidentRow, Named


class BulkResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """`status` as if it had been sent alone: 201 made, 200 made before, 4xx with its `problem`."""

    id: UUID | None
    status: int
    incident: UUID | None = None
    reference: str = ""
    problem: dict[str, Any] | None = None


class BulkResults(msgspec.Struct, frozen=True):
    results: list[BulkResult]


class IncidentPage(msgspec.Struct, frozen=True):
    """`next`: the cursor of the following page, null on the last."""

    results: list[IncidentRow]
    next: str | None


class Counts(msgspec.Struct, frozen=True):
    """Open incidents: in all, and by each value."""

    open: int
    urgent: int
    late: int
    mine: int
    unacknowledged: int
    status: dict[str, int]
    priority: dict[str, int]
    commune: dict[str, int]
    organisation: dict[str, int]
    category: dict[str, int]


class ReportShape(msgspec.Struct, frozen=True, kw_only=True):
    """The reporter's own details are there only for those who may see them."""

    id: UUID
    source: str
    description: str
    lat: float
    lon: float
    address: str
    occurred_at: datetime
    entered_at: datetime
    entered_by: Named
    external_id: str
    erased_at: datetime | None
    first_incident: UUID
    reporter_name: str | UnsetType = UNSET
    reporter_phone: str | UnsetType = UNSET
    reporter_email: str | UnsetType = UNSET


class CommentShape(msgspec.Struct, frozen=True):
    id: UUID
    text: str
    kind: str
    at: datetime
    by: Named


class AttachmentShape(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    media_type: str
    size: int
    at: datetime
    by: Named
    url: str


class MergedShape(msgspec.Struct, frozen=True):
    id: UUID
    reference: str


class HistoryEntry(msgspec.Struct, frozen=True):
    """A line of the journal, with the name of who did it."""

    seq: int
    at: str
    kind: str
    about: str | None
    by: str | None
    by_name: str
    data: msgspec.Raw


_ROW = [(field.encode_name, field.type) for field in msgspec.structs.fields(IncidentRow) if field.name != "reports"]
IncidentDetail = msgspec.defstruct(
    "IncidentDetail",
    [
        *_ROW,
        ("reports", list[ReportShape]),
        ("comments", list[CommentShape]),
        ("attachments", list[AttachmentShape]),
        ("merged", list[MergedShape]),
        ("named_people", list[Named]),
        ("watching", bool),
        ("allowed", list[str]),
        ("history", list[HistoryEntry]),
    ],
    frozen=True,
    kw_only=True,
)


class NearShape(msgspec.Struct, frozen=True):
    """`score` 0 to 1: how likely it is the same one; `reasons` in words."""

    row: IncidentRow
    score: float
    distance_m: float
    reasons: list[str]


class CategoryShape(msgspec.Struct, frozen=True):
    key: str
    parent: str | None
    label: str
    label_fr: str
    label_en: str
    priority: str
    organisation: UUID | None
    first_response_minutes: int
    resolution_minutes: int
    public: bool


class CategoriesShape(msgspec.Struct, frozen=True):
    results: list[CategoryShape]


class FilterShape(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    query: str


class FiltersShape(msgspec.Struct, frozen=True):
    results: list[FilterShape]
