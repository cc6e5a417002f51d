"""Words for the public: drafted, approved in somebody's name, withdrawn when they no longer hold."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.models import Person
from crisis.events import MessageChanged
from crisis.models import PublicMessage
from crisis.papers import message_row
from crisis.services.acting import Change, acting, words
from crisis.services.logging import act_line
from crisis.workflow import LineKind
from journal.errors import NotFound, Stale, WrongState

TEXT_LIMIT = 2000


def draft_message(*, cell_id: UUID, by: Person, channel: str, text: str) -> PublicMessage:
    """Draft a message to the public for a channel (web site, networks, sirens …)."""
    with acting("draft", cell_id=cell_id, by=by) as change:
        message = PublicMessage(
            cell=change.cell,
            number=change.count("last_message"),
            channel=words(channel, name="channel", limit=40),
            text=words(text, name="text", limit=TEXT_LIMIT),
            by=by,
            at=change.now,
        )
        message.save(force_insert=True)
        change.tell(MessageChanged(message=message_row(message), why="drafted"))
        return message


def edit_message(
    *, cell_id: UUID, by: Person, message_id: UUID, channel: str, text: str, version: int | None = None
) -> PublicMessage:
    """Write a draft anew; what it said before stands in the record."""
    with acting("draft", cell_id=cell_id, by=by) as change:
        message = _message(change, message_id, version, PublicMessage.State.DRAFT)
        message.channel, message.text = (
            words(channel, name="channel", limit=40),
            words(text, name="text", limit=TEXT_LIMIT),
        )
        return _save(change, message, "edited")


def approve_message(*, cell_id: UUID, by: Person, message_id: UUID, version: int | None = None) -> PublicMessage:
    """Let a message go out, in one's own name; its words are frozen and stand in the log."""
    with acting("approve", cell_id=cell_id, by=by) as change:
        message = _message(change, message_id, version, PublicMessage.State.DRAFT)
        message.state, message.approved_by, message.approved_at = PublicMessage.State.APPROVED, by, change.now
        told: dict[str, Any] = {"channel": message.channel, "by": by.name, "text": message.text}
        act_line(
            change,
            LineKind.MESSAGE,
            gettext_noop("To the public (%(channel)s), approved by %(by)s: %(text)s"),
            message,
            **told,
        )
        return _save(change, message, "approved")


def withdraw_message(*, cell_id: UUID, by: Person, message_id: UUID, version: int | None = None) -> PublicMessage:
    """An approved message no longer holds."""
    with acting("approve", cell_id=cell_id, by=by) as change:
        message = _message(change, message_id, version, PublicMessage.State.APPROVED)
        message.state = PublicMessage.State.WITHDRAWN
        act_line(
            change,
            LineKind.MESSAGE,
            gettext_noop("Message %(number)s to the public withdrawn."),
            message,
            number=message.number,
        )
        return _save(change, message, "withdrawn")


def _message(change: Change, message_id: UUID, version: int | None, state: str) -> PublicMessage:
    found = PublicMessage.objects.select_related("by", "approved_by").filter(cell=change.cell, id=message_id).first()
    if found is None:
        raise NotFound
    if version is not None and found.version != version:
        raise Stale(current=message_row(found))
    if found.state != state:
        raise WrongState(_("Not possible in the present state"), status=found.state, allowed_from=[state])
    return found


def _save(change: Change, message: PublicMessage, why: str) -> PublicMessage:
    message.version += 1
    message.save(force_update=True)
    change.tell(MessageChanged(message=message_row(message), why=why))
    return message
