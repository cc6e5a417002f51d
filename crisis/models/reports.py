"""Situation reports, the after-action report, and messages to the public: drafted, approved by name, then frozen."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.models import Person
from crisis.models.cells import Cell


class Report(models.Model):
    """Numbered. Drafted from the record since the last one, edited section by section, then approved and frozen."""

    class Kind(models.TextChoices):
        SITUATION = "situation", _("Situation report")
        AFTER_ACTION = "after_action", _("After-action report")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        APPROVED = "approved", _("Approved")
        SENT = "sent", _("Sent")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cell = models.ForeignKey(Cell, models.PROTECT, related_name="reports", db_index=False)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.SITUATION)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    since_seq = models.BigIntegerField(help_text=_("the journal's number where the one before ended"))
    until_seq = models.BigIntegerField()
    picture: "models.JSONField[Any, Any]" = models.JSONField(help_text=_("figures and map as of the draft"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    approved_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    stored_as = models.CharField(max_length=80, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("number",)
        default_permissions = ()
        constraints = (
            models.UniqueConstraint("cell", "number", name="report_number_once"),
            models.CheckConstraint(
                condition=Q(state="draft", approved_by=None, sha256="")
                | (~Q(state="draft") & Q(approved_by__isnull=False) & ~Q(sha256="")),
                name="report_approved_is_frozen",
            ),
        )


class ReportSection(models.Model):
    """One section, with a version of its own: two people edit two sections without meeting."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(Report, models.PROTECT, related_name="sections", db_index=False)
    key = models.CharField(max_length=30)
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=20_000, blank=True)
    position = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ("position",)
        default_permissions = ()
        constraints = (models.UniqueConstraint("report", "key", name="section_once"),)


class SectionVersion(models.Model):
    """What a section said before. Append-only."""

    id = models.BigAutoField(primary_key=True)
    section = models.ForeignKey(ReportSection, models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    text = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ("number",)
        default_permissions = ()
        constraints = (models.UniqueConstraint("section", "number", name="section_version_once"),)


class PublicMessage(models.Model):
    """Words for the public: drafted by communication, approved by name before anybody may use them."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        APPROVED = "approved", _("Approved")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cell = models.ForeignKey(Cell, models.PROTECT, related_name="messages", db_index=False)
    number = models.PositiveIntegerField()
    channel = models.CharField(max_length=40, help_text=_("web site, networks, sirens, FR-Alert request …"))
    text = models.TextField(max_length=2000)
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    approved_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("number",)
        default_permissions = ()
        constraints = (
            models.UniqueConstraint("cell", "number", name="message_number_once"),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approved_by__isnull=False), name="message_approved_by_somebody"
            ),
        )
