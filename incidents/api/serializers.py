"""The shapes of the incidents API: they translate, services decide."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from incidents.rows import IncidentRow, Named
from incidents.services import Draft

NUL_FREE = r"^[^\u0000]*$"
Lat = Annotated[float, Meta(ge=-90, le=90)]
Lon = Annotated[float, Meta(ge=-180, le=180)]
Instant = Annotated[datetime, Meta(tz=True)]
Line = Annotated[str, Meta(max_length=200, pattern=NUL_FREE)]
Title = Annotated[str, Meta(max_length=160, pattern=NUL_FREE)]
Text = Annotated[str, Meta(max_length=4000, pattern=NUL_FREE)]
Reason = Annotated[str, Meta(min_length=1, max_length=500, pattern=NUL_FREE)]
Key = Annotated[str, Meta(max_length=60, pattern=r"^[a-z_.]*$")]
Status = Literal["declared", "qualified", "in_progress", "resolved", "closed", "cancelled", "merged"]
Priority = Literal["P1", "P2", "P3", "P4"]
Sensitivity = Literal["normal", "restricted"]
# fmt: off
Source = Literal[
    "phone", "operator", "video", "citizen", "sensor", "building_alarm", "crew", "commune", "transit", "prefecture", "weather",
]
# fmt: on


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is sent to us has no member that we do not know."""


class Told(Strict, frozen=True, kw_only=True):
    """What a report says besides the incident. `id`, made by the client, becomes the report's own."""

    id: UUID | UnsetType = UNSET
    source: Source = "operator"
    description: Text = ""
    address: Line = ""
    occurred_at: Instant | None = None
    reporter_name: Annotated[str, Meta(max_length=120, pattern=NUL_FREE)] = ""
    reporter_phone: Annotated[str, Meta(max_length=30, pattern=NUL_FREE)] = ""
    reporter_email: Annotated[str, Meta(max_length=254, pattern=NUL_FREE)] = ""
    external_id: Annotated[str, Meta(max_length=80, pattern=NUL_FREE)] = ""


class DeclareBody(Told, frozen=True, kw_only=True):
    """An incident with its first report. No priority: the category's own."""

    category: Key
    lat: Lat
    lon: Lon
    title: Title = ""
    priority: Priority | None = None
    sensitivity: Sensitivity = "normal"

    def draft(self) -> Draft:
        return Draft(**{name: value for name, value in msgspec.structs.asdict(self).items() if value is not UNSET})


class ReportBody(Told, frozen=True, kw_only=True):
    """One more report of a known incident. No place: the incident's."""

    lat: Lat | None = None
    lon: Lon | None = None


class BulkItem(Told, frozen=True, kw_only=True):
    """A declaration, or with `incident` one more report of that incident. `id` makes it happen once."""

    id: UUID
    incident: UUID | None = None
    category: Key = ""
    lat: Lat | None = None
    lon: Lon | None = None
    title: Title = ""
    priority: Priority | None = None
    sensitivity: Sensitivity = "normal"


class BulkBody(Strict, frozen=True, kw_only=True):
    """1 to 1,000 reports; each is taken or refused for itself (see BulkItem)."""

    reports: Annotated[list[Any], Meta(min_length=1, max_length=1000)]


class DocumentedBulkBody(Strict, frozen=True, kw_only=True):
    """1 to 1,000 reports; each is taken or refused for itself."""

    reports: Annotated[list[BulkItem], Meta(min_length=1, max_length=1000)]


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


class NearbyQuery(Strict, frozen=True, kw_only=True):
    lat: Lat
    lon: Lon
    category: Key = ""
    q: Text = ""
    occurred_at: Instant | None = None
    except_: UUID | None = msgspec.field(default=None, name="except")
    limit: Annotated[int, Meta(ge=1, le=50)] = 8


class NothingBody(Strict, frozen=True, kw_only=True):
    """The act needs no words."""


class QualifyBody(Strict, frozen=True, kw_only=True):
    priority: Priority
    category: Key
    title: Title | None = None


class EditBody(Strict, frozen=True, kw_only=True):
    title: Title
    address: Line


class AssignBody(Strict, frozen=True, kw_only=True):
    organisation: UUID
    person: UUID | None = None


class OutcomeBody(Strict, frozen=True, kw_only=True):
    outcome: Reason


class ReasonBody(Strict, frozen=True, kw_only=True):
    reason: Reason


class MoveBody(Strict, frozen=True, kw_only=True):
    lat: Lat
    lon: Lon
    address: Line = ""


class MergeBody(Strict, frozen=True, kw_only=True):
    into: UUID


People = Annotated[list[UUID], Meta(max_length=200)]


class RestrictBody(Strict, frozen=True, kw_only=True):
    reason: Reason
    people: People = []


class NameBody(Strict, frozen=True, kw_only=True):
    """Either `people`: exactly these are named afterwards; or some to `add` and to `remove`."""

    people: People | None = None
    add: People = []
    remove: People = []


class CommentBody(Strict, frozen=True, kw_only=True):
    text: Annotated[str, Meta(min_length=1, max_length=4000, pattern=NUL_FREE)]
    kind: Literal["internal", "reporters"] = "internal"


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


class FilterBody(Strict, frozen=True, kw_only=True):
    """`query` is the list's own query string."""

    name: Annotated[str, Meta(min_length=1, max_length=40, pattern=NUL_FREE)]
    query: Annotated[str, Meta(max_length=500, pattern=NUL_FREE)]


class FilterShape(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    query: str


class FiltersShape(msgspec.Struct, frozen=True):
    results: list[FilterShape]
