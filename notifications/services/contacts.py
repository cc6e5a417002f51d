"""How somebody wants to be reached: their own business, and on record only as having changed."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import time
from hashlib import sha256
from uuid import UUID

from django.utils.translation import gettext as _

from access.models import Person
from journal.errors import Invalid, NotFound, Stale
from journal.services import writing
from notifications import acks, events
from notifications.channels import push, webpush
from notifications.models import (
    CalendarFeed,
    Channel,
    Contact,
    Message,
    PushSubscription,
    Urgency,
    normal_channels,
    urgent_channels,
    vital_channels,
)
from notifications.services.telling import notify

TEST = "notifications.test"
MOST_BROWSERS = 10
OUTSIDE = (Channel.SMS, Channel.VOICE, Channel.PUSH, Channel.EMAIL)
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Number and preferences; the channels in the order in which they are tried."""

    phone: str = ""
    vital: Sequence[str] = field(default_factory=vital_channels)
    urgent: Sequence[str] = field(default_factory=urgent_channels)
    normal: Sequence[str] = field(default_factory=normal_channels)
    quiet_from: time | None = None
    quiet_until: time | None = None
    cap: int = 6


def save_contact(*, wishes: Wishes, by: Person, version: int) -> Contact:
    """Keep one's own number and preferences. Raises Stale, Invalid."""
    with writing(by) as record:
        Contact.objects.get_or_create(person=by)
        contact = Contact.objects.select_for_update().get(person=by)
        if contact.version != version:
            raise Stale
        contact.phone = number_of(wishes.phone)
        contact.vital, contact.urgent, contact.normal = map(_ordered, (wishes.vital, wishes.urgent, wishes.normal))
        if (wishes.quiet_from is None) != (wishes.quiet_until is None):
            raise Invalid(errors={"quiet_from": [_("Quiet hours have a beginning and an end.")]})
        if not 1 <= wishes.cap <= 60:
            raise Invalid(errors={"cap": [_("Between 1 and 60.")]})
        contact.quiet_from, contact.quiet_until, contact.cap = wishes.quiet_from, wishes.quiet_until, wishes.cap
        contact.version += 1
        contact.save()
        record(events.ContactChanged(what="preferences"), about=by)
    return contact


def number_of(text: str) -> str:
    """A telephone number in E.164; a French one may begin with 0. Empty stays empty. Raises Invalid."""
    plain = re.sub(r"[\s.\-()]", "", text)
    if re.fullmatch(r"0[1-9][0-9]{8}", plain):
        plain = f"+33{plain[1:]}"
    if plain.startswith("00"):
        plain = f"+{plain[2:]}"
    if plain and not _E164.fullmatch(plain):
        raise Invalid(errors={"phone": [_("Not a telephone number. For example: +33 6 12 34 56 78.")]})
    return plain


def _ordered(channels: Sequence[str]) -> list[str]:
    if not set(channels) <= set(OUTSIDE):
        raise Invalid(errors={"channels": [_("Not a channel.")]})
    return list(dict.fromkeys(channels))


def subscribe(*, endpoint: str, public: str, auth: str, device: str, by: Person) -> PushSubscription:
    """Notify this browser from now on. The same browser again takes the place of what was. Raises Invalid."""
    _check(endpoint, public, auth)
    with writing(by) as record:
        kept = {"person": by, "public": public, "auth": auth, "device": device[:200]}
        made, _new = PushSubscription.objects.update_or_create(endpoint=endpoint, defaults=kept)
        older = PushSubscription.objects.filter(person=by).order_by("-created_at").values_list("id", flat=True)
        PushSubscription.objects.filter(id__in=list(older[MOST_BROWSERS:])).delete()
        record(events.ContactChanged(what="browser_added"), about=by)
    return made


def _check(endpoint: str, public: str, auth: str) -> None:
    if not push.is_known(endpoint):
        raise Invalid(errors={"endpoint": [_("Not a push service that this post speaks to.")]})
    try:
        webpush.public_key(public)
        whole = len(webpush.unb64(auth)) == 16
    except ValueError:
        whole = False
    if not whole:
        raise Invalid(errors={"public": [_("Not the keys of a browser.")]})


def unsubscribe(*, subscription_id: UUID, by: Person) -> None:
    """No longer notify one of one's own browsers. Raises NotFound."""
    with writing(by) as record:
        gone, _rows = PushSubscription.objects.filter(id=subscription_id, person=by).delete()
        if not gone:
            raise NotFound
        record(events.ContactChanged(what="browser_removed"), about=by)


def new_feed(*, by: Person) -> str:
    """A new secret for one's own calendar; the one before stops at once. It is shown this once."""
    token = secrets.token_urlsafe(24)
    with writing(by) as record:
        digest = sha256(token.encode()).hexdigest()
        CalendarFeed.objects.update_or_create(person=by, defaults={"digest": digest})
        record(events.ContactChanged(what="calendar"), about=by)
    return token


def drop_feed(*, by: Person) -> None:
    """Close one's own calendar's address."""
    with writing(by) as record:
        CalendarFeed.objects.filter(person=by).delete()
        record(events.ContactChanged(what="calendar_closed"), about=by)


def try_out(*, by: Person) -> Message:
    """Send oneself a message as for something vital, to see how one is reached."""
    subject, body = _("Test: this is how OnDijon reaches you"), _("You asked for it on the page of your messages.")
    key = f"{TEST}:{secrets.token_hex(8)}"
    return notify(to=[by], subject=subject, body=body, urgency=Urgency.VITAL, key=key, ack=True, url="/notifications/")[
        0
    ]


@acks.on(TEST, says=lambda message: _("Says that the test has reached you; nothing else happens."))
def tested(message: Message, by: Person) -> None:
    """The answer stands on the message."""
