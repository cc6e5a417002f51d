"""What clients send: shapes with their limits, so that the schema says them. Services decide."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

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


class FilterBody(Strict, frozen=True, kw_only=True):
    """`query` is the list's own query string."""

    name: Annotated[str, Meta(min_length=1, max_length=40, pattern=NUL_FREE)]
    query: Annotated[str, Meta(max_length=500, pattern=NUL_FREE)]


class SnoozeBody(Strict, frozen=True, kw_only=True):
    """How long at most depends on the priority; the answer to a longer one says so."""

    minutes: Annotated[int, Meta(ge=1, le=10080)]
    reason: Reason


class HandOverBody(Strict, frozen=True, kw_only=True):
    organisation: UUID
    reason: Reason


class StartProcedureBody(Strict, frozen=True, kw_only=True):
    procedure: UUID


class TickBody(Strict, frozen=True, kw_only=True):
    """`step` counts from 1. A reason is needed to skip one, and is for that only."""

    run: UUID
    step: Annotated[int, Meta(ge=1, le=1000)]
    state: Literal["done", "skipped", "open"]
    reason: Annotated[str, Meta(max_length=500, pattern=NUL_FREE)] = ""
