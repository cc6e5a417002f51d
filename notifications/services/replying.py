"""Answers that come in by text message or by a key pressed in a call."""

import re
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import override

from access.models import Person
from journal.errors import Problem
from journal.services import writing
from notifications.models import Channel, Contact, Delivery, Message, Reply
from notifications.services.answering import acknowledge

GOOD_FOR = timedelta(hours=24)
YES = {"OK", "OUI", "YES", "1", "O", "Y"}
_CODE = re.compile(r"(?<!\d)\d{4}(?!\d)")
_WORD = re.compile(r"[^\W\d_]+|\d+")


@dataclass(frozen=True, slots=True)
class Understood:
    """`what`: acknowledged, refused, which, nothing_waits, not_understood, unknown_number, or again (it came before).
    `answer` is for the person, in their language; empty where nobody is to be answered."""

    what: str
    answer: str = ""


def receive_reply(*, reply_id: str, phone: str, text: str, in_reply_to: UUID | None = None) -> Understood:
    """Take in one answer; the same id twice counts once. `in_reply_to`: the delivery that a pressed key answers; a text
    message names its message by the four digits, or needs none when only one waits."""
    if Reply.objects.filter(id=reply_id).exists():
        return Understood("again")
    people = [contact.person for contact in _owners(phone)]
    if not people:
        return _keep(reply_id, None, text, Understood("unknown_number"))
    if in_reply_to is None and not _says_yes(text):
        return _keep(reply_id, people[0], text, _said(people[0], "not_understood"))
    meant = _meant(people, text, in_reply_to)
    if len(meant) != 1:
        what = "which" if meant else "nothing_waits"
        return _keep(reply_id, people[0], text, _said(people[0], what, meant))
    return _take(meant[0], reply_id, text, Channel.VOICE if in_reply_to else Channel.SMS)


def _owners(phone: str) -> QuerySet[Contact]:
    found = Contact.objects.filter(phone=phone, person__is_active=True).exclude(phone="")
    return found.select_related("person").order_by("person_id")


def _says_yes(text: str) -> bool:
    words = _WORD.findall(text.upper())
    return bool(words) and (words[0] in YES or bool(_CODE.fullmatch(words[0])))


def _meant(people: list[Person], text: str, in_reply_to: UUID | None) -> list[Message]:
    """Which messages an answer may mean, the newest first. One acknowledged before is meant only by its own code."""
    asked = Message.objects.filter(person__in=people, wants_ack=True, told_at__gt=Now() - GOOD_FOR)
    asked = asked.select_related("person").order_by("-told_at")
    if in_reply_to is not None:
        return list(asked.filter(id__in=Delivery.objects.filter(id=in_reply_to).values("message")))
    code = _CODE.search(text)
    if code is None:
        return list(asked.filter(acknowledged_at=None, group=None)[:10])
    named = list(asked.filter(code=code.group()))
    return [one for one in named if one.acknowledged_at is None][:1] or named[:1]


def _take(message: Message, reply_id: str, text: str, channel: Channel) -> Understood:
    person = message.person
    try:
        with writing(person):
            acknowledge(message_id=message.id, by=person, channel=channel)
            Reply.objects.create(id=reply_id, person=person, text=text[:500], understood="acknowledged")
    except IntegrityError:
        return Understood("again")
    except Problem as refusal:
        with override(person.language):
            said = f"{message.subject}: {_(refusal.detail)}"
        return _keep(reply_id, person, text, Understood("refused", said))
    return _said(person, "acknowledged", [message])


def _keep(reply_id: str, person: Person | None, text: str, understood: Understood) -> Understood:
    made = Reply(id=reply_id, person=person, text=text[:500], understood=understood.what)
    Reply.objects.bulk_create([made], ignore_conflicts=True)
    return understood


def _said(person: Person, what: str, meant: list[Message] | None = None) -> Understood:
    with override(person.language):
        subjects = [f"{one.code}: {one.subject}" for one in meant or []]
        answers = {
            "acknowledged": _("Acknowledged: %(subject)s") % {"subject": meant[0].subject if meant else ""},
            "which": "\n".join([_("Which one? Reply OK and its number."), *subjects[:4]]),
            "nothing_waits": _("Nothing waits for your answer."),
            "not_understood": _("Not understood. Reply OK and the number of the message."),
        }
    return Understood(what, answers[what])
