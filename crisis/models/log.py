"""The log (main courante): append-only, by a trigger and by want of the right (migration 0002)."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.models import Person
from crisis.functions import Function
from crisis.models.cells import Cell
from crisis.workflow import Credibility, Importance, LineKind, Reliability


class Line(models.Model):
    """One line. Never changed: a correction is a new line that supersedes it. `number` has no gaps in its cell."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cell = models.ForeignKey(Cell, models.PROTECT, related_name="lines", db_index=False)
    number = models.PositiveIntegerField()
    occurred_at = models.DateTimeField(help_text=_("event time"))
    entered_at = models.DateTimeField(help_text=_("entry time"))
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    function = models.CharField(max_length=30, choices=Function, blank=True)
    kind = models.CharField(max_length=12, choices=LineKind, default=LineKind.INFORMATION)
    text = models.TextField(max_length=4000)
    source = models.CharField(max_length=120, blank=True)
    reliability = models.CharField(max_length=1, choices=Reliability, default=Reliability.F)
    credibility = models.PositiveSmallIntegerField(choices=Credibility, default=Credibility.UNJUDGED)
    importance = models.CharField(max_length=9, choices=Importance, default=Importance.NORMAL)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="superseded_by")
    refers_to = models.UUIDField(null=True, help_text=_("the decision, action, report … it speaks of"))
    reference = models.CharField(max_length=20, blank=True, help_text=_("its number, as D-07"))
    incidents = ArrayField(models.UUIDField(), default=list)
    interventions = ArrayField(models.UUIDField(), default=list)
    mentions = ArrayField(models.CharField(max_length=30), default=list, help_text=_("functions called upon"))
    search = models.TextField()

    class Meta:
        ordering = ("number",)
        default_permissions = ()
        constraints = (
            models.UniqueConstraint("cell", "number", name="line_number_once"),
            models.CheckConstraint(condition=Q(kind__in=LineKind.values), name="line_kind_known"),
            models.CheckConstraint(condition=Q(credibility__range=(1, 6)), name="line_credibility_known"),
            models.CheckConstraint(condition=Q(reliability__in=Reliability.values), name="line_reliability_known"),
            models.CheckConstraint(condition=~Q(supersedes=F("id")), name="line_not_instead_of_itself"),
        )
        indexes = (GinIndex(fields=["search"], name="line_search", opclasses=["gin_trgm_ops"]),)


class CellFile(models.Model):
    """A photo or PDF brought into a cell. Its bytes lie under a random name; the hash stands in the record."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cell = models.ForeignKey(Cell, models.PROTECT, related_name="files")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=80, unique=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("at", "id")
        default_permissions = ()


class LineFile(models.Model):
    """A line's attachment."""

    id = models.BigAutoField(primary_key=True)
    line = models.ForeignKey(Line, models.PROTECT, related_name="attached")
    file = models.ForeignKey(CellFile, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("id",)
        default_permissions = ()
        constraints = (models.UniqueConstraint("line", "file", name="line_file_once"),)
