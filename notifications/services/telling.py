"""Telling people: one message each, and the rows of the outbox that carry it out of the house."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.db.models.functions import Now

from access.models import Person
from journal.services import writing
from notifications import events
from notifications.models import Channel, Contact, Delivery, Message, PushSubscription, State, Urgency, vital_channels
from notifications.nudging import nudge

RANK = {Urgency.VITAL: 0, Urgency.URGENT: 1, Urgency.NORMAL: 2}
BODY_LIMIT = 4000  # characters


def notify(
    *,
    to: Iterable[Person],
    subject: str,
    body: str,
    urgency: Urgency,
    key: str,
    about: UUID | None = None,
    url: str = "",
    ack: bool = False,
    rota: str = "",
) -> list[Message]:
    """Tell people something, inside the caller's transaction: their screens at commit, the rest through the outbox.

    The same key tells the same person once, whoever else is told again. `url` is an address of ours, from /. With `ack`
    they are asked to acknowledge; what that does is registered for the key's kind (see `notifications.acks`). `rota`:
    they are told for being on call; nothing leaves any more once they are not. Words longer than there is room for are cut. Nobody who is disabled is told. Returns the messages, also those that
    were there before.
    """
    people = {person.id: person for person in to if person.is_active}
    with writing(None) as record:
        ways = Ways.of(people.values())
        made = [
            Message(
                person=person, key=key, subject=subject[:200], body=body[:BODY_LIMIT], urgency=urgency, about=about,
                url=url, wants_ack=ack, code=_code() if ack else "", rota=rota,
            )
            for person in people.values()
        ]  # fmt: skip
        rows = {message.id: _deliveries(message, ways) for message in made}
        for message in made:
            message.state = _furthest(rows[message.id])
        Message.objects.bulk_create(made, ignore_conflicts=True)
        found = list(Message.objects.filter(key=key, person__in=people).select_related("person").order_by("person_id"))
        fresh = [message for message in found if message.id in rows]
        Delivery.objects.bulk_create([row for message in fresh for row in rows[message.id]])
        for message in fresh:
            record(told(message), about=message)
        nudge()
    return found


def _furthest(rows: list[Delivery]) -> str:
    """Of a message at its beginning: the screen alone counts only where nothing else leads to somebody."""
    return State.QUEUED if any(row.state == State.QUEUED for row in rows) else State.SENT


def open_group(first: Message, kind: str, *, after: timedelta) -> Message:
    """An empty message that will stand for many, of the same person and urgency as the first of them; its words are
    written as it leaves. Inside the claim's transaction."""
    group = Message.objects.create(
        person=first.person, key=f"{kind}:{uuid4()}", subject=first.subject, urgency=first.urgency,
        url="/notifications/", wants_ack=first.wants_ack, code=first.code,
    )  # fmt: skip
    rows = [row for row in _deliveries(group, Ways.of([first.person])) if row.channel != Channel.SCREEN]
    for row in rows:
        row.due_at = Now() + after
    Delivery.objects.bulk_create(rows)
    return group


def told(message: Message) -> events.Told:
    return events.Told(
        message=message.id, subject=message.subject, urgency=message.urgency, url=message.url,
        wants_ack=message.wants_ack,
    )  # fmt: skip


def _code() -> str:
    """Four digits that a text message is answered with; which of two equal ones is meant is asked back."""
    return f"{secrets.randbelow(9000) + 1000}"


@dataclass(frozen=True, slots=True)
class Ways:
    """How some people can be reached: two queries."""

    contacts: dict[UUID, Contact]
    with_push: frozenset[UUID]

    @classmethod
    def of(cls, people: Iterable[Person]) -> "Ways":
        ids = [person.id for person in people]
        contacts = {contact.person_id: contact for contact in Contact.objects.filter(person__in=ids)}
        subscribed = PushSubscription.objects.filter(person__in=ids).values_list("person_id", flat=True)
        return cls(contacts, frozenset(subscribed))

    def chosen(self, person: Person, urgency: str) -> list[str]:
        contact = self.contacts.get(person.id) or Contact(person=person)
        wanted: list[str] = getattr(contact, urgency)
        return wanted or (vital_channels() if urgency == Urgency.VITAL else [])

    def lacks(self, person: Person, channel: str) -> str:
        """Why this person cannot be reached so, empty when they can."""
        contact = self.contacts.get(person.id)
        if channel in (Channel.SMS, Channel.VOICE):
            return "" if contact and contact.phone else "no_number"
        if channel == Channel.EMAIL:
            return "" if person.email else "no_address"
        return "" if person.id in self.with_push else "no_browser"


def _deliveries(message: Message, ways: Ways) -> list[Delivery]:
    """The first way that leads to somebody begins, and for the vital the browser besides, which disturbs nobody's sleep
    by itself; the others wait for their turn."""
    rank, vital = RANK[Urgency(message.urgency)], message.urgency == Urgency.VITAL
    rows = [Delivery(message=message, channel=Channel.SCREEN, place=0, rank=rank, state=State.SENT, sent_at=Now())]
    begun = False
    for place, channel in enumerate(ways.chosen(message.person, message.urgency), start=1):
        why = ways.lacks(message.person, channel)
        begins = not begun or (vital and channel == Channel.PUSH)
        state = State.FAILED if why else State.QUEUED if begins else State.PLANNED
        begun |= not why
        rows.append(Delivery(message=message, channel=channel, place=place, rank=rank, state=state, why=why))
    return rows
