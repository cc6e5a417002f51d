"""What can happen in a cell. Everything is about the cell, so one extract proves it all; each entry carries the row of
what changed, so that a screen redraws from it and the replay rebuilds the past from it alone."""

from typing import Any, ClassVar
from uuid import UUID

from crisis import papers, rows
from journal.events import Event


class CellEvent(Event, frozen=True):
    """`cell`: the cell as it is after the event."""

    cell: rows.CellRow


class Opened(CellEvent, frozen=True):
    kind: ClassVar[str] = "crisis.opened"
    facts: str
    incidents: list[UUID]


class LevelChanged(CellEvent, frozen=True):
    kind: ClassVar[str] = "crisis.level_changed"
    before: str
    reason: str


class BriefingSet(CellEvent, frozen=True):
    kind: ClassVar[str] = "crisis.briefing_set"


class DirectionChanged(CellEvent, frozen=True):
    kind: ClassVar[str] = "crisis.direction_changed"
    before: str
    director_before: UUID
    reason: str


class Closed(CellEvent, frozen=True):
    kind: ClassVar[str] = "crisis.closed"
    reason: str


class IncidentLinked(Event, frozen=True):
    kind: ClassVar[str] = "crisis.incident_linked"
    incident: UUID


class MemberChanged(Event, frozen=True):
    """Called, answered, arrived, left, removed, a guest's time over: `member` says which by its state and `ended_at`."""

    kind: ClassVar[str] = "crisis.member_changed"
    member: rows.MemberRow
    why: str  # called, invited, answered, removed, expired, director, transfer


class Logged(Event, frozen=True):
    kind: ClassVar[str] = "crisis.logged"
    line: rows.LineRow


class FileAdded(Event, frozen=True):
    kind: ClassVar[str] = "crisis.file_added"
    file: rows.FileRow


class Decided(Event, frozen=True):
    kind: ClassVar[str] = "crisis.decided"
    decision: rows.DecisionRow


class DecisionChecked(Event, frozen=True):
    kind: ClassVar[str] = "crisis.decision_checked"
    decision: rows.DecisionRow


class CheckDue(Event, frozen=True):
    """Its outcome was to be looked at by now."""

    kind: ClassVar[str] = "crisis.check_due"
    decision: rows.DecisionRow


class ActionAdded(Event, frozen=True):
    kind: ClassVar[str] = "crisis.action_added"
    action: rows.ActionRow


class ActionChanged(Event, frozen=True):
    kind: ClassVar[str] = "crisis.action_changed"
    action: rows.ActionRow


class ActionLate(Event, frozen=True):
    """Its time has come and it is not done; `step` 1 tells its owner and function, 2 the director."""

    kind: ClassVar[str] = "crisis.action_late"
    action: rows.ActionRow
    step: int


class CardInjected(Event, frozen=True):
    kind: ClassVar[str] = "crisis.card_injected"
    card: str
    version: int
    items: list[str]


class MeansRequested(Event, frozen=True):
    kind: ClassVar[str] = "crisis.means_requested"
    request: rows.RequestRow


class MeansAnswered(Event, frozen=True):
    kind: ClassVar[str] = "crisis.means_answered"
    request: rows.RequestRow


class Lent(Event, frozen=True):
    kind: ClassVar[str] = "crisis.lent"
    loan: rows.LoanRow


class GivenBack(Event, frozen=True):
    kind: ClassVar[str] = "crisis.given_back"
    loan: rows.LoanRow


class TransferAsked(Event, frozen=True):
    kind: ClassVar[str] = "crisis.transfer_asked"
    transfer: rows.TransferRow


class TransferAnswered(Event, frozen=True):
    kind: ClassVar[str] = "crisis.transfer_answered"
    transfer: rows.TransferRow


class Suggested(Event, frozen=True):
    kind: ClassVar[str] = "crisis.suggested"
    suggestion: rows.SuggestionRow


class SuggestionSettled(Event, frozen=True):
    kind: ClassVar[str] = "crisis.suggestion_settled"
    suggestion: rows.SuggestionRow


class Drawn(Event, frozen=True):
    """A zone drawn, or drawn anew as its next version."""

    kind: ClassVar[str] = "crisis.drawn"
    zone: papers.ZoneRow


class Erased(Event, frozen=True):
    kind: ClassVar[str] = "crisis.erased"
    zone: papers.ZoneRow


class ReportChanged(Event, frozen=True):
    """Drafted, a section edited, approved, sent: `report` says which by its state and versions."""

    kind: ClassVar[str] = "crisis.report_changed"
    report: papers.ReportRow
    why: str  # drafted, edited, approved, sent


class MessageChanged(Event, frozen=True):
    kind: ClassVar[str] = "crisis.message_changed"
    message: papers.MessageRow
    why: str  # drafted, edited, approved, withdrawn


class Extracted(Event, frozen=True):
    """Somebody took the record out, up to entry `last`, whose hash is `ends_with`."""

    kind: ClassVar[str] = "crisis.extracted"
    extract: UUID
    last: int
    ends_with: str
    sha256: str
    pdf_sha256: str


class Archived(Event, frozen=True):
    kind: ClassVar[str] = "crisis.archived"
    extract: UUID
    files: int


class Stamped(Event, frozen=True):
    """A time-stamping authority has countersigned a document of the cell (RFC 3161)."""

    kind: ClassVar[str] = "crisis.stamped"
    what: str
    sha256: str
    at: str
    authority: str


class RecordBroken(Event, frozen=True):
    """What a cell has written is no longer what was recorded."""

    kind: ClassVar[str] = "crisis.record_broken"
    what: str
    why: str


class Kept(Event, frozen=True):
    """Somebody edited what cells are run by. Never a number or an address: those stay on their row."""

    key: str
    label: str
    active: bool


class PlanKept(Kept, frozen=True):
    """`functions`: [function, level from which it has to be filled]."""

    kind: ClassVar[str] = "crisis.plan_kept"
    levels: list[str]
    functions: list[tuple[str, str]]


class CardKept(Kept, frozen=True):
    """The whole card, so that every version of it can be read again."""

    kind: ClassVar[str] = "crisis.card_kept"
    version: int
    items: list[dict[str, Any]]


class ContactKept(Kept, frozen=True):
    """`label`: the plan's."""

    kind: ClassVar[str] = "crisis.contact_kept"


class SiteKept(Kept, frozen=True):
    kind: ClassVar[str] = "crisis.site_kept"
