"""What the page and other clients send and get: shapes only."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from prefecture.rows import DraftRow, InstructionRow, LinkRow, MessageRow
from prefecture.wire.shapes import NUL_FREE

Title = Annotated[str, Meta(min_length=1, max_length=200, pattern=NUL_FREE)]
Text = Annotated[str, Meta(max_length=20_000, pattern=NUL_FREE)]
Reason = Annotated[str, Meta(min_length=1, max_length=500, pattern=NUL_FREE)]
SAID = r"^[^\u0000]*\S[^\u0000]*$"
OutKind = Literal[
    "crisis_activation", "level_change", "situation_report", "incident_report", "measure_taken", "resource_request",
    "public_alert_request", "closure",
]  # fmt: skip


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is sent to us has no member that we do not know."""


class SendBody(Strict, frozen=True, kw_only=True):
    """`payload`: the body of that kind, as the contract writes it; `supersedes`: the messageId it updates."""

    kind: OutKind
    payload: dict[str, Any]
    crisis: UUID | None = None
    supersedes: UUID | None = None
    cancels: bool = False


class AlertBody(Strict, frozen=True, kw_only=True):
    """An alert that the public should get: see `services.Wish`."""

    headline: Annotated[str, Meta(min_length=1, max_length=160, pattern=SAID)]
    text: Annotated[str, Meta(min_length=1, max_length=4000, pattern=SAID)]
    grounds: Annotated[str, Meta(min_length=1, max_length=4000, pattern=NUL_FREE)]
    instruction: Annotated[str, Meta(max_length=1000, pattern=NUL_FREE)] = ""
    response: Literal["Shelter", "Evacuate", "Prepare", "Avoid", "Monitor", "AllClear"] = "Monitor"
    severity: Literal["Extreme", "Severe", "Moderate", "Minor"] = "Severe"
    urgency: Literal["Immediate", "Expected", "Future"] = "Immediate"
    hours: Annotated[int, Meta(ge=1, le=72)] = 6
    commune: Annotated[str, Meta(max_length=5, pattern=r"^([0-9AB]{5})?$")] = ""
    zone: UUID | None = None
    crisis: UUID | None = None


class NothingBody(Strict, frozen=True, kw_only=True):
    """The act needs no words."""


class ApproveBody(Strict, frozen=True, kw_only=True):
    title: Title
    text: Text = ""


class DismissBody(Strict, frozen=True, kw_only=True):
    reason: Reason


class ListQuery(Strict, frozen=True, kw_only=True):
    """`crisis`: of this one (zeros: of none); `cursor`: the last answer's `next`."""

    crisis: UUID | None = None
    cursor: Annotated[str, Meta(max_length=100)] = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 60


class PictureQuery(Strict, frozen=True, kw_only=True):
    """`crisis`: of this one alone (zeros: of none)."""

    crisis: UUID | None = None


class ConversationShape(msgspec.Struct, frozen=True):
    crisis: UUID | None
    title: str
    messages: int
    last_at: datetime
    unread: int
    waiting: int
    alarms: int


class MessagesShape(msgspec.Struct, frozen=True):
    results: list[MessageRow]
    next: str | None


class MessageDetail(msgspec.Struct, frozen=True):
    """One message with what proves it: the bytes (text of JSON), their SHA-256, the signing headers, the receipt."""

    row: MessageRow
    text: str
    body: str
    sha256: str
    signature: dict[str, str]
    receipt: dict[str, Any]


class LinkPage(msgspec.Struct, frozen=True):
    """Everything of the page at once."""

    link: LinkRow
    conversations: list[ConversationShape]
    messages: list[MessageRow]
    instructions: list[InstructionRow]
    drafts: list[DraftRow]
    rights: dict[str, bool]
