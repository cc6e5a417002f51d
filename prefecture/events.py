"""What can happen on the link. Rows are as they are after the event; `digest` is the SHA-256 of the bytes that are kept."""

from typing import ClassVar

from journal.events import Event
from prefecture.rows import DraftRow, InstructionRow, LinkRow, MessageRow


class MessageEvent(Event, frozen=True):
    row: MessageRow


class Sent(MessageEvent, frozen=True):
    """Put into the outbox by the transaction that caused it."""

    kind: ClassVar[str] = "prefecture.sent"
    digest: str


class Delivered(MessageEvent, frozen=True):
    """The other side has given its receipt."""

    kind: ClassVar[str] = "prefecture.delivered"


class Undelivered(MessageEvent, frozen=True):
    """It will not get there by itself: refused for good, or expired."""

    kind: ClassVar[str] = "prefecture.undelivered"
    code: int


class SentAgain(MessageEvent, frozen=True):
    kind: ClassVar[str] = "prefecture.sent_again"


class Received(MessageEvent, frozen=True):
    kind: ClassVar[str] = "prefecture.received"
    digest: str
    key_id: str


class Acknowledged(MessageEvent, frozen=True):
    """The other side has integrated it, or a person there has read it."""

    kind: ClassVar[str] = "prefecture.acknowledged"
    step: str


class Read(MessageEvent, frozen=True):
    """A person here has read it."""

    kind: ClassVar[str] = "prefecture.read"


class Alarmed(MessageEvent, frozen=True):
    """Not integrated, or not read, in time."""

    kind: ClassVar[str] = "prefecture.alarmed"
    phone: str


class InstructionEvent(Event, frozen=True):
    row: InstructionRow


class Instructed(InstructionEvent, frozen=True):
    kind: ClassVar[str] = "prefecture.instructed"


class InstructionDone(InstructionEvent, frozen=True):
    kind: ClassVar[str] = "prefecture.instruction_done"


class InstructionLate(InstructionEvent, frozen=True):
    kind: ClassVar[str] = "prefecture.instruction_late"


class InstructionWithdrawn(InstructionEvent, frozen=True):
    kind: ClassVar[str] = "prefecture.instruction_withdrawn"


class DraftEvent(Event, frozen=True):
    row: DraftRow


class Drafted(DraftEvent, frozen=True):
    kind: ClassVar[str] = "prefecture.drafted"


class DraftDecided(DraftEvent, frozen=True):
    kind: ClassVar[str] = "prefecture.draft_decided"
    reason: str


class CriterionChanged(Event, frozen=True):
    """A threshold was added or edited."""

    kind: ClassVar[str] = "prefecture.criterion_changed"
    key: str
    label: str
    active: bool


class LinkChanged(Event, frozen=True):
    kind: ClassVar[str] = "prefecture.link_changed"
    row: LinkRow


class Reconciled(Event, frozen=True):
    """Both ledgers compared by count and hash. `differences`: channels that were not the same."""

    kind: ClassVar[str] = "prefecture.reconciled"
    channels: int
    differences: int
