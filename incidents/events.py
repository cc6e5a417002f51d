"""What can happen to an incident. `row` is the incident as it is after the event; reasons are the post's own words."""

from typing import ClassVar
from uuid import UUID

from incidents.rows import IncidentRow
from journal.events import Event


class IncidentEvent(Event):
    row: IncidentRow


class Declared(IncidentEvent):
    kind: ClassVar[str] = "incidents.declared"
    report: UUID


class Reported(IncidentEvent):
    kind: ClassVar[str] = "incidents.reported"
    report: UUID
    source: str


class Acknowledged(IncidentEvent):
    kind: ClassVar[str] = "incidents.acknowledged"


class Qualified(IncidentEvent):
    kind: ClassVar[str] = "incidents.qualified"
    priority_before: str
    category_before: str


class Edited(IncidentEvent):
    kind: ClassVar[str] = "incidents.edited"


class Assigned(IncidentEvent):
    kind: ClassVar[str] = "incidents.assigned"


class Started(IncidentEvent):
    kind: ClassVar[str] = "incidents.started"


class Resolved(IncidentEvent):
    kind: ClassVar[str] = "incidents.resolved"
    outcome: str


class Closed(IncidentEvent):
    kind: ClassVar[str] = "incidents.closed"


class Cancelled(IncidentEvent):
    kind: ClassVar[str] = "incidents.cancelled"
    reason: str


class Reopened(IncidentEvent):
    kind: ClassVar[str] = "incidents.reopened"
    reason: str


class Moved(IncidentEvent):
    kind: ClassVar[str] = "incidents.moved"
    lat_before: float
    lon_before: float
    commune_before: str


class Merged(IncidentEvent):
    kind: ClassVar[str] = "incidents.merged"
    into: UUID
    reports: int


class Gathered(IncidentEvent):
    """The survivor's side of a merge."""

    kind: ClassVar[str] = "incidents.gathered"
    from_incident: UUID
    reports: int


class Unmerged(IncidentEvent):
    kind: ClassVar[str] = "incidents.unmerged"
    from_incident: UUID
    reason: str


class Separated(IncidentEvent):
    """The survivor's side of an unmerge."""

    kind: ClassVar[str] = "incidents.separated"
    incident: UUID
    reports: int


class Restricted(IncidentEvent):
    kind: ClassVar[str] = "incidents.restricted"
    reason: str


class Unrestricted(IncidentEvent):
    kind: ClassVar[str] = "incidents.unrestricted"
    reason: str


class PeopleNamed(IncidentEvent):
    kind: ClassVar[str] = "incidents.people_named"
    added: list[UUID]
    removed: list[UUID]


class Commented(IncidentEvent):
    kind: ClassVar[str] = "incidents.commented"
    comment: UUID
    to: str


class Attached(IncidentEvent):
    kind: ClassVar[str] = "incidents.attached"
    attachment: UUID
    media_type: str
    sha256: str


class ReporterErased(IncidentEvent):
    kind: ClassVar[str] = "incidents.reporter_erased"
    report: UUID


class Withdrawn(Event):
    """For those who lose sight of it: says only that it is gone."""

    kind: ClassVar[str] = "incidents.withdrawn"
