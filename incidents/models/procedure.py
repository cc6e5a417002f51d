import uuid
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from access.models import Person
from incidents.models.incident import Category, Incident


class Season(models.TextChoices):
    """When in the year a procedure applies; see `incidents.calendars`."""

    ALL = "all", _("all year")
    WINTER = "winter", _("winter (15 November to 15 March)")
    SUMMER = "summer", _("summer (1 June to 15 September)")


class Procedure(models.Model):
    """What has to be done about one kind of incident, in which order. The row and its steps are what the editor shows;
    what an incident follows is always a `ProcedureVersion`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(_("key"), unique=True, help_text=_("short, without spaces; never changes"))
    name = models.CharField(_("name"), max_length=120)
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="+", verbose_name=_("category"), help_text=_("with all below it")
    )
    season = models.CharField(_("season"), max_length=8, choices=Season, default=Season.ALL)
    purpose = models.TextField(_("purpose"), blank=True, max_length=1000)
    active = models.BooleanField(_("active"), default=True)
    current = models.ForeignKey("ProcedureVersion", models.PROTECT, null=True, editable=False, related_name="+")

    class Meta:
        ordering = ("name",)
        default_permissions = ()
        verbose_name = _("procedure")
        verbose_name_plural = _("procedures")
        constraints = (models.CheckConstraint(condition=Q(season__in=Season.values), name="procedure_season_known"),)

    def __str__(self) -> str:
        return self.name

    @property
    def audiences(self) -> Sequence[str]:
        """Who sees what is recorded about it."""
        return ("post", "administration", "audit")


class ProcedureStep(models.Model):
    """One line of the editor."""

    id = models.BigAutoField(primary_key=True)
    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField(_("order"))
    who = models.CharField(_("who"), max_length=80)
    what = models.TextField(_("what"), max_length=1000)
    within = models.PositiveSmallIntegerField(
        _("within (minutes)"), null=True, blank=True, help_text=_("since the declaration; empty: no deadline")
    )
    phones = models.TextField(
        _("telephone numbers"), blank=True, max_length=500, help_text=_("one a line: who, a colon, the number")
    )
    links = models.TextField(
        _("links"), blank=True, max_length=1000, help_text=_("one a line: words, a space, the address")
    )

    class Meta:
        ordering = ("position", "id")
        default_permissions = ()
        verbose_name = _("step")
        verbose_name_plural = _("steps")

    def __str__(self) -> str:
        return f"{self.position}. {self.who}"


class ProcedureVersion(models.Model):
    """A procedure as it was published: `content` is an `incidents.procedures.Frozen`. A database trigger refuses changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content: "models.JSONField[Any, Any]" = models.JSONField()
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-number",)
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("procedure", "number"), name="procedure_numbered_once"),)


class ProcedureRun(models.Model):
    """A version that an incident follows, from when; `left_at`: the incident turned out to be something else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="procedures")
    version = models.ForeignKey(ProcedureVersion, models.PROTECT, related_name="+", db_index=False)
    started_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("started_at", "id")
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("incident", "version"), name="procedure_version_once"),)


class ProcedureMark(models.Model):
    """A step done, or skipped for a reason; taken back by `undone_at`, never deleted."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(ProcedureRun, models.PROTECT, related_name="marks")
    step = models.PositiveSmallIntegerField()
    skipped = models.BooleanField(default=False)
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(db_default=Now())
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("at", "id")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("run", "step"), condition=Q(undone_at=None), name="procedure_step_once"),
            models.CheckConstraint(condition=Q(skipped=False) | ~Q(reason=""), name="skipped_for_a_reason"),
        )
