"""Time stamps by somebody else, and what the watch over the record found."""

import uuid

from django.db import models
from django.db.models import Q

from access.models import Person
from crisis.models.cells import Cell


class Stamp(models.Model):
    """A document's hash on its way to a time-stamping authority (RFC 3161), and what came back. An outbox: any worker
    claims a row, asks, and keeps the token."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cell = models.ForeignKey(Cell, models.PROTECT, related_name="stamps")
    what = models.CharField(max_length=160)
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    token = models.BinaryField(null=True)
    stamped_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("asked_at", "id")
        default_permissions = ()
        constraints = (models.UniqueConstraint("cell", "sha256", name="stamp_once"),)
        indexes = (models.Index("asked_at", name="stamp_waiting", condition=Q(token=None)),)


class Extract(models.Model):
    """What somebody took out of a cell's record: the entries that prove themselves, and the log on paper."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cell = models.ForeignKey(Cell, models.PROTECT, related_name="extracts")
    first_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    ends_with = models.CharField(max_length=64)
    entries = models.PositiveIntegerField()
    stored_as = models.CharField(max_length=80, unique=True)
    sha256 = models.CharField(max_length=64)
    pdf_stored_as = models.CharField(max_length=80, unique=True)
    pdf_sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")
        default_permissions = ()


class Finding(models.Model):
    """Something in a cell's log that is not what was recorded: found once, told once."""

    id = models.BigAutoField(primary_key=True)
    cell = models.ForeignKey(Cell, models.PROTECT, related_name="findings")
    what = models.CharField(max_length=160)
    why = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        default_permissions = ()
        constraints = (models.UniqueConstraint("cell", "what", "why", name="finding_once"),)
