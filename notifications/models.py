import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from access.models import Person
from notifications.alarm_models import Alarm as Alarm
from notifications.alarm_models import Source as Source
from notifications.rota_models import CalendarFeed as CalendarFeed
from notifications.rota_models import Drill as Drill
from notifications.rota_models import DrillCall as DrillCall
from notifications.rota_models import Layer as Layer
from notifications.rota_models import Override as Override
from notifications.rota_models import Rota as Rota
from notifications.rota_models import Swap as Swap
from notifications.rota_models import Turn as Turn


class Urgency(models.TextChoices):
    """How much it may disturb. Vital goes through quiet hours."""

    VITAL = "vital", _("vital")
    URGENT = "urgent", _("urgent")
    NORMAL = "normal", _("normal")


ANY_ROTA = "*"


class Channel(models.TextChoices):
    SCREEN = "screen", _("screen")
    PUSH = "push", _("browser notification")
    EMAIL = "email", _("e-mail")
    SMS = "sms", _("text message")
    VOICE = "voice", _("telephone call")
    LINK = "link", _("link")  # to answer by, never to send by


class State(models.TextChoices):
    """Of a message and of each of its deliveries. A message is as far as its furthest delivery."""

    PLANNED = "planned", _("next in line")
    QUEUED = "queued", _("queued")
    SENT = "sent", _("sent")
    DELIVERED = "delivered", _("delivered")
    READ = "read", _("read")
    FAILED = "failed", _("failed")
    SPARED = "spared", _("not needed")


def vital_channels() -> list[str]:
    return [Channel.SMS, Channel.PUSH, Channel.VOICE, Channel.EMAIL]


def urgent_channels() -> list[str]:
    return [Channel.PUSH, Channel.SMS, Channel.EMAIL]


def normal_channels() -> list[str]:
    return [Channel.EMAIL, Channel.PUSH]


def _channels(default: Any) -> Any:
    return ArrayField(models.CharField(max_length=8, choices=Channel), default=default, blank=True)


class Contact(models.Model):
    """How somebody is reached: their number and their wishes. Personal data: never in the journal.

    The screen is always told besides. The channels are tried in their order; whoever leaves all out for the vital gets
    the usual ones all the same.
    """

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="contact")
    phone = models.CharField(_("telephone"), max_length=16, blank=True, help_text=_("international: +33 6 12 34 56 78"))
    vital = _channels(vital_channels)
    urgent = _channels(urgent_channels)
    normal = _channels(normal_channels)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    cap = models.PositiveSmallIntegerField(
        _("messages in ten minutes"), default=6, help_text=_("further ones come together as one")
    )
    version = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=Q(phone="") | Q(phone__regex=r"^\+[1-9][0-9]{6,14}$"), name="phone_is_e164"
            ),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None) | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_have_two_ends",
            ),
            models.CheckConstraint(condition=Q(cap__gte=1, cap__lte=60), name="cap_is_1_to_60"),
        )
        indexes = (models.Index("phone", name="contact_phone", condition=~Q(phone="")),)


class PushSubscription(models.Model):
    """One browser that wants to be told (RFC 8030); `public` and `auth` are its keys, base64url (RFC 8291)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="push_subscriptions")
    endpoint = models.URLField(max_length=600, unique=True)
    public = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    device = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()


class Message(models.Model):
    """Something one person is told. `key` names it for whoever tells: the same key tells the same person once; its
    part before the first colon is its kind, which says what an acknowledgement does (see `notifications.acks`).

    `url` is an address of ours, from /. `code` is what a text message is answered with. `rota`: told for being on call,
    by the rota's key (`*` for any); it never leaves for somebody who no longer is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="messages")
    key = models.CharField(max_length=160)
    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    urgency = models.CharField(max_length=8, choices=Urgency)
    about = models.UUIDField(null=True)
    url = models.CharField(max_length=300, blank=True)
    wants_ack = models.BooleanField(default=False)
    code = models.CharField(max_length=4, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.QUEUED)
    rota = models.CharField(max_length=50, blank=True, db_default="")
    group = models.ForeignKey("self", models.CASCADE, null=True, related_name="members")
    told_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=8, choices=Channel, blank=True)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("key", "person"), name="told_once"),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by="")
                | (Q(acknowledged_at__isnull=False) & ~Q(acknowledged_by="")),
                name="acknowledged_somehow",
            ),
        )
        indexes = (
            models.Index("person", models.F("told_at").desc(), name="message_of_person"),
            models.Index("about", name="message_about", condition=Q(about__isnull=False)),
            models.Index("person", "code", name="message_code", condition=~Q(code="")),
        )

    @property
    def audiences(self) -> Sequence[str]:
        return (f"person:{self.person_id}",)

    @property
    def kind(self) -> str:
        return self.key.split(":", 1)[0]


class Delivery(models.Model):
    """A row of the outbox: one message by one channel. Its id is the key that every attempt carries to the provider.

    Claimed under a lease, sent outside any transaction, then the outcome is written: a worker that dies leaves a row
    whose lease runs out. `why` is a code for people (see `notifications.wording`), `said` what the provider said.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=Channel)
    place = models.PositiveSmallIntegerField()
    rank = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=State)
    due_at = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    why = models.CharField(max_length=20, blank=True)
    said = models.CharField(max_length=200, blank=True)
    provider_reference = models.CharField(max_length=120, blank=True)
    first_try_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("message", "channel"), name="one_delivery_by_channel"),
            models.CheckConstraint(condition=~Q(state=State.FAILED) | ~Q(why=""), name="a_failure_says_why"),
        )
        indexes = (
            models.Index("rank", "due_at", name="delivery_queued", condition=Q(state=State.QUEUED)),
            models.Index("message", name="delivery_planned", condition=Q(state=State.PLANNED)),
        )


class Reply(models.Model):
    """An answer that came in through the gateway; its id is the gateway's, so that one that comes twice counts once."""

    id = models.CharField(primary_key=True, max_length=120)
    person = models.ForeignKey(Person, models.CASCADE, null=True)
    text = models.CharField(max_length=500)
    understood = models.CharField(max_length=20)
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()


class Timer(models.Model):
    """Something that must happen at a certain time. Written in the transaction that causes it; any worker claims it.

    `key` names it for whoever set it: setting the same key again moves the same timer. A fired timer stays as a row
    until it is old, so that lateness can be counted.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120, unique=True)
    about = models.UUIDField(null=True)
    data: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    due_at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)
    set_at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=Q(fired_at=None) | Q(cancelled_at=None), name="timer_fired_or_cancelled_not_both"
            ),
        )
        indexes = (
            models.Index("due_at", name="timer_waiting", condition=Q(fired_at=None, cancelled_at=None)),
            models.Index("about", name="timer_about", condition=Q(about__isnull=False)),
        )
