"""What can happen to an incident. `row` is the incident as it is after the event; reasons are the post's own words."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from incidents.rows import IncidentRow, Named
from journal.events import Event


class IncidentEvent(Event, frozen=True):
    row: IncidentRow


class Declared(IncidentEvent, frozen=True):
    kind: ClassVar[str] = "incidents.declared"
    report: UUID
    policy: UUID | None = None  # the version frozen into it


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


class EscalationStarted(IncidentEvent, frozen=True):
    """Its steps began again, under the policy of this name as it stood then."""

    kind: ClassVar[str] = "incidents.escalation_started"
    policy: str
    version: UUID
    turn: int


class StepTaken(IncidentEvent, frozen=True):
    """A step of its policy was carried out by the house. `told` is empty when nobody could be found to tell."""

    kind: ClassVar[str] = "incidents.step_taken"
    policy: str
    turn: int
    step: int
    act: str
    target: str
    told: list[UUID]


class PriorityRaised(IncidentEvent, frozen=True):
    kind: ClassVar[str] = "incidents.priority_raised"
    priority_before: str


class CrisisProposed(IncidentEvent, frozen=True):
    """Its policy thinks that a crisis cell is due; the room above takes it from here (a reaction to this event)."""

    kind: ClassVar[str] = "incidents.crisis_proposed"
    policy: str


class Snoozed(IncidentEvent, frozen=True):
    kind: ClassVar[str] = "incidents.snoozed"
    until: datetime
    reason: str


class CameBack(IncidentEvent, frozen=True):
    """Acknowledged before, and now waiting for somebody again. `why`: untouched, snooze_over."""

    kind: ClassVar[str] = "incidents.came_back"
    why: str


class HandedOver(IncidentEvent, frozen=True):
    kind: ClassVar[str] = "incidents.handed_over"
    organisation_before: Named | None
    reason: str


class ProcedureStarted(IncidentEvent, frozen=True):
    kind: ClassVar[str] = "incidents.procedure_started"
    run: UUID
    version: UUID
    name: str


class ProcedureStepDone(IncidentEvent, frozen=True):
    kind: ClassVar[str] = "incidents.procedure_step_done"
    run: UUID
    step: int
    what: str


class ProcedureStepSkipped(IncidentEvent, frozen=True):
    kind: ClassVar[str] = "incidents.procedure_step_skipped"
    run: UUID
    step: int
    what: str
    reason: str


class ProcedureStepUndone(IncidentEvent, frozen=True):
    kind: ClassVar[str] = "incidents.procedure_step_undone"
    run: UUID
    step: int
    what: str


class PolicyPublished(Event, frozen=True):
    kind: ClassVar[str] = "incidents.policy_published"
    policy: str
    version: UUID
    number: int
    active: bool


class ProcedurePublished(Event, frozen=True):
    kind: ClassVar[str] = "incidents.procedure_published"
    procedure: str
    version: UUID
    number: int
    active: bool


class ShiftLeft(Event, frozen=True):
    """A shift's hand-over was written and signed by who leaves. `digest`: sha256 of notes and picture, in hexadecimal."""

    kind: ClassVar[str] = "incidents.shift_left"
    handover: UUID
    notes: str
    digest: str
    open: int
    unacknowledged: int


class ShiftTaken(Event, frozen=True):
    """… and countersigned by who comes."""

    kind: ClassVar[str] = "incidents.shift_taken"
    handover: UUID
    digest: str
