import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from access.models import Person
from prefecture.wire.envelope import GENERAL, START
from prefecture.wire.kinds import Kind


class Direction(models.TextChoices):
    OUT = "out", _("sent")
    IN = "in", _("received")


class State(models.TextChoices):
    QUEUED = "queued", _("waiting to leave")
    DELIVERED = "delivered", _("delivered")
    DEAD = "dead", _("refused, not delivered")
    REFUSED = "refused", _("refused by the reader")
    EXPIRED = "expired", _("expired")
    ACCEPTED = "accepted", pgettext_lazy("a message", "accepted")


class LinkState(models.TextChoices):
    UNKNOWN = "unknown", _("not tried yet")
    UP = "up", _("open")
    SLOW = "slow", _("slow")
    DOWN = "down", _("cut")
    OFF = "off", _("not set up")


class Channel(models.Model):
    """One direction of one crisis (or of none): the last number given, and the ledger's hash up to it. Its row is locked
    while a message takes the next number, so numbers have no gap."""

    id = models.BigAutoField(primary_key=True)
    direction = models.CharField(max_length=3, choices=Direction)
    crisis = models.UUIDField(default=GENERAL)
    last = models.PositiveIntegerField(default=0)
    chain = models.BinaryField(default=START)

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint("direction", "crisis", name="channel_once"),)


class Message(models.Model):
    """One distribution, ours or theirs, with the very bytes that travelled. Outbox, inbox and ledger are this table.

    `signature` holds the headers it was signed with: the last ones we sent, or those it came with. `answer` is the
    receipt: the one given to us (with its signature), or the one we gave.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    direction = models.CharField(max_length=3, choices=Direction)
    distribution_id = models.UUIDField()
    message_id = models.UUIDField()
    kind = models.CharField(max_length=24, choices=[(kind.value, kind.value) for kind in Kind])
    distribution_kind = models.CharField(max_length=8)
    crisis = models.UUIDField(default=GENERAL)
    sequence = models.PositiveIntegerField(null=True)
    supersedes = models.UUIDField(null=True)
    answers = models.UUIDField(null=True)
    about = models.UUIDField(null=True, help_text=_("the incident it reports"))
    state = models.CharField(max_length=10, choices=State)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    raw = models.BinaryField()
    digest = models.BinaryField()
    chain = models.BinaryField(null=True)
    signature: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    answer: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, help_text=_("next attempt"))
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=300, blank=True)
    received_at = models.DateTimeField(null=True)
    integrated_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    reader = models.CharField(max_length=200, blank=True)
    alarm = models.CharField(max_length=16, blank=True)
    audiences = ArrayField(models.TextField())
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-created_at", "-id")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint("direction", "distribution_id", name="message_distributed_once"),
            models.UniqueConstraint("direction", "crisis", "sequence", name="message_numbered_once"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="message_state_known"),
            models.CheckConstraint(condition=Q(direction__in=Direction.values), name="message_direction_known"),
            models.CheckConstraint(condition=Q(sequence=None) | Q(chain__isnull=False), name="message_in_ledger"),
            models.CheckConstraint(condition=~Q(state="queued") | Q(direction="out"), name="message_only_ours_wait"),
            models.CheckConstraint(condition=~Q(audiences=[]), name="message_has_audience"),
        )
        indexes = (
            models.Index("due_at", name="message_waiting", condition=Q(state="queued")),
            models.Index(fields=["crisis", "-created_at", "-id"], name="message_of_crisis"),
            models.Index("message_id", name="message_by_its_id"),
            GinIndex("audiences", name="message_audiences"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_ours(self) -> bool:
        return self.direction == Direction.OUT


class Instruction(models.Model):
    """What the prefecture wants done by a time. It becomes an action of the cell where there is one."""

    class Status(models.TextChoices):
        OPEN = "open", _("to carry out")
        DONE = "done", _("carried out")
        CANCELLED = "cancelled", pgettext_lazy("an instruction", "withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.OneToOneField(Message, models.PROTECT, related_name="instruction")
    crisis = models.UUIDField(default=GENERAL)
    number = models.CharField(max_length=200)
    text = models.TextField()
    authority = models.CharField(max_length=200)
    due_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    action = models.UUIDField(null=True, help_text=_("the cell's action that carries it out"))
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    late = models.BooleanField(default=False)
    audiences = ArrayField(models.TextField())
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("due_at", "id")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=["open", "done", "cancelled"]), name="instruction_status_known"
            ),
        )
        indexes = (models.Index("due_at", name="instruction_open", condition=Q(status="open")),)


class Criterion(models.Model):
    """When facts reach a threshold, a report to the prefecture is drafted. From `data/criteria.toml`, until somebody edits
    it (`edited`)."""

    class Fact(models.TextChoices):
        INCIDENT = "incident", _("an open event")
        SITE = "site", _("an open event near a classified site")
        EVACUATED = "evacuated", _("people to evacuate")

    key = models.SlugField(primary_key=True)
    label_fr = models.CharField(_("in French"), max_length=160)
    label_en = models.CharField(_("in English"), max_length=160)
    kind = models.CharField(max_length=24, default=Kind.INCIDENT_REPORT.value)
    fact = models.CharField(_("what happens"), max_length=20, choices=Fact, default=Fact.INCIDENT)
    categories = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    priorities = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    words = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    after_minutes = models.PositiveIntegerField(_("after minutes"), default=0)
    over = models.PositiveIntegerField(_("limit"), default=0, help_text=_("metres from the site; people to evacuate"))
    active = models.BooleanField(_("active"), default=True)
    edited = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ("key",)
        verbose_name = _("threshold")
        verbose_name_plural = _("thresholds")

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.label_en if (get_language() or "fr").startswith("en") else self.label_fr


class Weighed(models.Model):
    """How far the journal was read for what may reach a threshold: one row, locked by whoever reads on."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = (models.CheckConstraint(condition=Q(id=1), name="one_place_weighed"),)


class Draft(models.Model):
    """A report that the threshold assistant has prefilled. Nothing leaves before a person has approved it."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("to approve")
        APPROVED = "approved", _("approved")
        DISMISSED = "dismissed", _("dismissed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=24)
    crisis = models.UUIDField(default=GENERAL)
    about = models.UUIDField()
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    made_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField(max_length=500, blank=True)
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="+", db_index=False)
    audiences = ArrayField(models.TextField())
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-made_at", "-id")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint("criterion", "about", name="draft_once_for_each_threshold"),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "approved", "dismissed"]), name="draft_status_known"
            ),
        )


class Alert(models.Model):
    """A public alert (CAP 1.2) that the prefecture relayed; the feed at /cap/ shows those in force."""

    id = models.BigAutoField(primary_key=True)
    identifier = models.CharField(max_length=200)
    sender = models.CharField(max_length=200)
    message = models.ForeignKey(Message, models.PROTECT, related_name="+")
    msg_type = models.CharField(max_length=8)
    headline = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    xml = models.TextField()
    sent = models.DateTimeField()
    expires_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-sent", "-id")
        default_permissions = ()
        constraints = (models.UniqueConstraint("sender", "identifier", name="alert_once"),)


class Link(models.Model):
    """How the link is: one row. Tests of the link are claimed on it as messages are on theirs."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    state = models.CharField(max_length=8, choices=LinkState, default=LinkState.UNKNOWN)
    since = models.DateTimeField(db_default=Now())
    tested_at = models.DateTimeField(null=True)
    latency_ms = models.PositiveIntegerField(null=True)
    heard_at = models.DateTimeField(null=True, help_text=_("last call from the other side"))
    next_test_at = models.DateTimeField(db_default=Now())
    leased_until = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True)
    reconciled_at = models.DateTimeField(null=True)
    differences = models.PositiveIntegerField(null=True)

    class Meta:
        default_permissions = ()
        constraints = (models.CheckConstraint(condition=Q(id=1), name="one_link"),)


class Nonce(models.Model):
    """A signature's nonce that has been used. Kept a little longer than a signature may be old."""

    id = models.BigAutoField(primary_key=True)
    key_id = models.CharField(max_length=100)
    nonce = models.CharField(max_length=200)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint("key_id", "nonce", name="nonce_used_once"),)
        indexes = (models.Index("at", name="nonce_at"),)
