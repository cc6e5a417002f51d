"""What can happen to an incident. `row` is the incident as it is after the event; reasons are the post's own words."""

from typing import ClassVar
from uuid import UUID

from incidents.rows import IncidentRow
from journal.events import Event


class IncidentEvent(Event, frozen=True):
    row: IncidentRow


class Declared(IncidentEvent, frozen=True):
    kind: ClassVar[str] = "incidents.declared"
    report: UUID


class Reported(IncidentEvent, frozen=True):
    kind: ClassVar[str] = "incidents.reported"
    report: UUID
    source: str


class Acknowledged(IncidentEvent, frozen=True):
    kind: ClassVar[str] = "incidents.acknowledged"


class Qualified(IncidentEvent, frozen=True):
    kind: ClassVar[str] = "incidents.qualified"
    priority_before: str
    category_before: str


class Edited(IncidentEvent, frozen=True):
    kind: ClassVar[str] = "incidents.edited"


class Assigned(IncidentEvent, frozen=True):
    kind: ClassVar[str] = "incidents.assigned"


class Started(IncidentEvent, frozen=True):
    kind: ClassVar[str] = "incidents.started"


class Resolved(IncidentEvent, frozen=True):
    kind: ClassVar[str] = "incidents.resolved"
    outcome: str


class Closed(IncidentEvent, frozen=True):
    kind: ClassVar[str] = "incidents.closed"


class Cancelled(IncidentEvent, frozen=True):
    kind: ClassVar[str] = "incidents.cancelled"
    reason: str


class Reopened(IncidentEvent, frozen=True):
    kind: ClassVar[str] = "incidents.reopened"
    reason: str


class Moved(IncidentEvent, frozen=True):
    kind: ClassVar[str] = "incidents.moved"
    lat_before: float
    lon_before: float
    commune_before: str


class Merged(IncidentEvent, frozen=True):
    kind: ClassVar[str] = "incidents.merged"
    into: UUID
    reports: int


class Gathered(IncidentEvent, frozen=True):
    """The survivor's side of a merge."""

    kind: ClassVar[str] = "incidents.gathered"
    from_incident: UUID
    reports: int


class Unmerged(IncidentEvent, frozen=True):
    kind: ClassVar[str] = "incidents.unmerged"
    from_incident: UUID
    reason: str


class Separated(IncidentEvent, frozen=True):
    """The survivor's side of an unmerge."""

    kind: ClassVar[str] = "incidents.separated"
    incident: UUID
    reports: int


class Restricted(IncidentEvent, frozen=True):
    kind: ClassVar[str] = "incidents.restricted"
    reason: str


class Unrestricted(IncidentEvent, frozen=True):
    kind: ClassVar[str] = "incidents.unrestricted"
    reason: str


class PeopleNamed(IncidentEvent, frozen=True):
    kind: ClassVar[str] = "incidents.people_named"
    added: list[UUID]
    removed: list[UUID]


class Commented(IncidentEvent, frozen=True):
    kind: ClassVar[str] = "incidents.commented"
    comment: UUID
    to: str


class Attached(IncidentEvent, frozen=True):
    kind: ClassVar[str] = "incidents.attached"
    attachment: UUID
    media_type: str
    sha256: str


class ReporterErased(IncidentEvent, frozen=True):
    kind: ClassVar[str] = "incidents.reporter_erased"
    report: UUID


class Withdrawn(Event, frozen=True):
    """For those who lose sight of it: says only that it is gone."""

    kind: ClassVar[str] = "incidents.withdrawn"
