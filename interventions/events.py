"""What can happen to an intervention or a crew. `row` is the thing as it is after the event; `at` is the field's time."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from interventions.rows import CrewRow, InterventionRow, PlanRow, SeriesRow
from journal.events import Event


class InterventionEvent(Event, frozen=True):
    row: InterventionRow


class FieldEvent(InterventionEvent, frozen=True):
    """Said by a crew, perhaps later than it happened: `at` is when it happened, the entry's own time when we heard."""

    at: datetime


class Proposed(InterventionEvent, frozen=True):
    kind: ClassVar[str] = "interventions.proposed"


class Edited(InterventionEvent, frozen=True):
    kind: ClassVar[str] = "interventions.edited"


class Assigned(InterventionEvent, frozen=True):
    """`override`: why a crew was sent that the proposals advised against; empty when they did not."""

    kind: ClassVar[str] = "interventions.assigned"
    override: str
    crew_before: UUID | None


class Unassigned(InterventionEvent, frozen=True):
    kind: ClassVar[str] = "interventions.unassigned"
    reason: str
    crew_before: UUID | None


class Accepted(FieldEvent, frozen=True):
    kind: ClassVar[str] = "interventions.accepted"


class Refused(FieldEvent, frozen=True):
    kind: ClassVar[str] = "interventions.refused"
    reason: str
    crew_before: UUID | None


class Departed(FieldEvent, frozen=True):
    kind: ClassVar[str] = "interventions.departed"


class Arrived(FieldEvent, frozen=True):
    kind: ClassVar[str] = "interventions.arrived"


class Finished(FieldEvent, frozen=True):
    kind: ClassVar[str] = "interventions.finished"
    outcome: str


class Failed(FieldEvent, frozen=True):
    kind: ClassVar[str] = "interventions.failed"
    reason: str


class Verified(InterventionEvent, frozen=True):
    kind: ClassVar[str] = "interventions.verified"
    note: str


class Reopened(InterventionEvent, frozen=True):
    kind: ClassVar[str] = "interventions.reopened"
    reason: str


class Cancelled(InterventionEvent, frozen=True):
    kind: ClassVar[str] = "interventions.cancelled"
    reason: str
    crew_before: UUID | None


class Paused(FieldEvent, frozen=True):
    kind: ClassVar[str] = "interventions.paused"


class Resumed(FieldEvent, frozen=True):
    kind: ClassVar[str] = "interventions.resumed"


class Ticked(FieldEvent, frozen=True):
    kind: ClassVar[str] = "interventions.ticked"
    item: str
    done: bool


class Noted(FieldEvent, frozen=True):
    kind: ClassVar[str] = "interventions.noted"
    note: UUID
    text: str


class Photographed(FieldEvent, frozen=True):
    kind: ClassVar[str] = "interventions.photographed"
    photo: UUID
    stage: str
    sha256: str


class MaterialUsed(FieldEvent, frozen=True):
    kind: ClassVar[str] = "interventions.material_used"
    label: str
    quantity: str
    unit: str


class CheckedIn(FieldEvent, frozen=True):
    kind: ClassVar[str] = "interventions.checked_in"


class WentSilent(InterventionEvent, frozen=True):
    """A lone worker's sign of life did not come."""

    kind: ClassVar[str] = "interventions.went_silent"
    incident: UUID


class SightChanged(InterventionEvent, frozen=True):
    """Its incident was restricted, opened again or moved: others see it now."""

    kind: ClassVar[str] = "interventions.sight_changed"


class Withdrawn(Event, frozen=True):
    """For those who lose sight of it: says only that it is gone."""

    kind: ClassVar[str] = "interventions.withdrawn"


class FieldConflict(InterventionEvent, frozen=True):
    """A crew's act came too late: what it said is kept here, the intervention is as it was."""

    kind: ClassVar[str] = "interventions.field_conflict"
    act: str
    at: datetime
    said: str


class WebhookChanged(Event, frozen=True):
    """An organisation's system is told at another address, or no more. Never the whole address: it may hold a key."""

    kind: ClassVar[str] = "interventions.webhook_changed"
    webhook: UUID
    active: bool
    host: str


class WebhookSentAgain(Event, frozen=True):
    """A dead letter got its tries anew. Never what it says; `told` is the kind of what it tells of."""

    kind: ClassVar[str] = "interventions.webhook_sent_again"
    webhook: UUID
    delivery: UUID
    told: str


class PositionShared(Event, frozen=True):
    """Somebody lets their phone say where it is while on shift. Never where."""

    kind: ClassVar[str] = "interventions.position_shared"
    at: datetime


class PositionKept(Event, frozen=True):
    """… and does so no more."""

    kind: ClassVar[str] = "interventions.position_kept"
    at: datetime


class CrewChanged(Event, frozen=True):
    kind: ClassVar[str] = "interventions.crew_changed"
    crew: CrewRow


class PlanChanged(Event, frozen=True):
    kind: ClassVar[str] = "interventions.plan_changed"
    plan: PlanRow


class SeriesStarted(Event, frozen=True):
    kind: ClassVar[str] = "interventions.series_started"
    series: SeriesRow


class SeriesEnded(Event, frozen=True):
    """`called_off`: how many missions that no crew had went with it."""

    kind: ClassVar[str] = "interventions.series_ended"
    series: SeriesRow
    reason: str
    called_off: int


class ContractChanged(Event, frozen=True):
    kind: ClassVar[str] = "interventions.contract_changed"
    organisation: UUID
    title: str
    response_minutes: int | None
    repair_minutes: int | None
    valid_from: date
    valid_until: date | None


class ChecklistPublished(Event, frozen=True):
    kind: ClassVar[str] = "interventions.checklist_published"
    category: str
    version: int
    title: str
    items: int


class VehicleChanged(Event, frozen=True):
    kind: ClassVar[str] = "interventions.vehicle_changed"
    code: str
    organisation: UUID
    active: bool
