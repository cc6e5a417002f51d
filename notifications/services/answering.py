"""Reading and acknowledging a message, by whichever way."""

from uuid import UUID

from django.db.models.functions import Now

from access.models import Person
from journal.errors import NotFound
from journal.services import writing
from notifications import acks, events
from notifications.models import Channel, Delivery, Message, State


def acknowledge(*, message_id: UUID, by: Person, channel: str = Channel.SCREEN) -> Message:
    """Say that a message has arrived and is taken up; what follows from it happens in the same transaction. Again: the
    same answer, nothing more. A group's acknowledgement is that of all its messages. Raises NotFound for another's, and
    whatever Problem the act itself refuses with."""
    with writing(by) as record:
        message = _own(message_id, by)
        whole = [message, *Message.objects.select_for_update().filter(group=message).order_by("told_at")]
        for one in whole:
            if not one.wants_ack or one.acknowledged_at is not None:
                continue
            Message.objects.filter(id=one.id).update(acknowledged_at=Now(), acknowledged_by=channel)
            one.refresh_from_db(fields=["acknowledged_at", "acknowledged_by"])
            acks.carry_out(one, by)
            record(events.Acknowledged(message=one.id, key=one.key, channel=channel), about=one)
        _read(whole)
        message.refresh_from_db()
    return message


def mark_read(*, message_id: UUID, by: Person) -> Message:
    """Say that its words were seen; further channels are spared, except where an acknowledgement is awaited. Raises
    NotFound for another's."""
    with writing(by):
        message = _own(message_id, by)
        _read([message, *Message.objects.select_for_update().filter(group=message)])
        message.refresh_from_db()
    return message


def mark_all_read(*, by: Person) -> int:
    """Say that all of one's own messages were seen; returns how many were not before."""
    with writing(by):
        unseen = list(Message.objects.select_for_update().filter(person=by, read_at=None).order_by("id"))
        _read(unseen)
    return len(unseen)


def _own(message_id: UUID, by: Person) -> Message:
    found = Message.objects.select_for_update().filter(id=message_id, person=by).first()
    if found is None:
        raise NotFound
    return found


def _read(messages: list[Message]) -> None:
    ids = [message.id for message in messages]
    Message.objects.filter(id__in=ids, read_at=None).update(read_at=Now(), state=State.READ)
    settled = Message.objects.filter(id__in=ids).exclude(wants_ack=True, acknowledged_at=None)
    waiting = Delivery.objects.filter(message__in=settled, state__in=(State.PLANNED, State.QUEUED))
    waiting.update(state=State.SPARED, ended_at=Now())
