"""Rows: all that a line of the page or a journal entry needs. Messages are the two rooms' own words."""

from datetime import datetime
from uuid import UUID

import msgspec

from prefecture.models import Draft, Instruction, Link, Message
from prefecture.wire.envelope import GENERAL

TEXT = 500  # characters of a message's text in its row


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class MessageRow(Row, frozen=True, kw_only=True):
    """`crisis` null: of no crisis. The three steps are times; `due_at` is when a queued one is tried next.

    `created_at`: when this room took it, the order of what was said. `sent_at` is the sender's clock, to the second.
    """

    id: UUID
    message_id: UUID
    direction: str
    kind: str
    crisis: UUID | None
    sequence: int | None
    supersedes: UUID | None
    answers: UUID | None
    about: UUID | None
    state: str
    title: str
    text: str
    created_at: datetime
    sent_at: datetime
    expires_at: datetime
    due_at: datetime | None
    attempts: int
    failure: str
    received_at: datetime | None
    integrated_at: datetime | None
    read_at: datetime | None
    reader: str
    alarm: str
    version: int


_MESSAGE = tuple(name for name in MessageRow.__struct_fields__ if name not in ("crisis", "text"))


def message_row(message: Message) -> MessageRow:
    plain = {name: getattr(message, name) for name in _MESSAGE}
    return MessageRow(**plain, crisis=crisis_of(message.crisis), text=message.text[:TEXT])


def crisis_of(crisis: UUID) -> UUID | None:
    return None if crisis == GENERAL else crisis


class InstructionRow(Row, frozen=True, kw_only=True):
    id: UUID
    message: UUID
    crisis: UUID | None
    number: str
    text: str
    authority: str
    due_at: datetime
    status: str
    late: bool
    action: UUID | None
    done_at: datetime | None
    version: int


_INSTRUCTION = ("id", "number", "authority", "due_at", "status", "late", "action", "done_at", "version")


def instruction_row(one: Instruction) -> InstructionRow:
    plain = {name: getattr(one, name) for name in _INSTRUCTION}
    return InstructionRow(**plain, message=one.message_id, crisis=crisis_of(one.crisis), text=one.text[:TEXT])


class DraftRow(Row, frozen=True, kw_only=True):
    id: UUID
    criterion: str
    kind: str
    crisis: UUID | None
    about: UUID
    title: str
    text: str
    status: str
    made_at: datetime
    version: int


_DRAFT = ("id", "kind", "about", "title", "status", "made_at", "version")


def draft_row(draft: Draft) -> DraftRow:
    plain = {name: getattr(draft, name) for name in _DRAFT}
    return DraftRow(**plain, criterion=draft.criterion_id, crisis=crisis_of(draft.crisis), text=draft.text[:TEXT])


class LinkRow(Row, frozen=True, kw_only=True):
    """The state of the link as everyone sees it; `unknown` after three minutes without a test, since the last one.
    `waiting` messages have not left yet, the oldest since `waiting_since`."""

    state: str
    since: datetime
    tested_at: datetime | None
    latency_ms: int | None
    heard_at: datetime | None
    failure: str
    reconciled_at: datetime | None
    differences: int | None
    phone: str
    peer: str
    waiting: int
    waiting_since: datetime | None


_LINK = ("state", "since", "tested_at", "latency_ms", "heard_at", "failure", "reconciled_at", "differences")


def link_row(link: Link, *, phone: str, peer: str, waiting: int, waiting_since: datetime | None) -> LinkRow:
    plain = {name: getattr(link, name) for name in _LINK}
    return LinkRow(**plain, phone=phone, peer=peer, waiting=waiting, waiting_since=waiting_since)
