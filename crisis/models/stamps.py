"""Time stamps by somebody else, and what the watch over the record found."""

import uuid

from django.db import models
from django.db.models import Q

from crisis.models.cells import Cell


class Stamp(models.Model):
    """A document's hash on its way to a time-stamping authority (RFC 3161), and what came back. An outbox: any worker
    claims a row, asks, and keeps the token."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cell = models.ForeignKey(Cell, models.PROTECT, related_name="stamps")
    what = models.CharField(max_length=160)
    sha256 = models.CharField(max_length=64)
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
