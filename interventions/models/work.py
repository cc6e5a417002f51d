import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.models import Organisation, Person
from incidents.models import Category, Incident
from incidents.workflow import Priority, Sensitivity
from interventions.models.means import Crew, TstzRange
from interventions.workflow import HELD, OPEN, PauseReason, Status
from territory.models import Commune


class YearCounter(models.Model):
    """Last number given to planned work in a year; its row lock makes numbers gap-free."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()


class Checklist(models.Model):
    """What to do and prove for a category, in one version. Changing it means a new version; missions keep theirs.

    `items` is a list of {"key", "text", "photo": bool, "needed": bool}.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=80)
    items: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        ordering = ("category", "-version")
        constraints = (models.UniqueConstraint("category", "version", name="checklist_version_once"),)

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"

    @property
    def audiences(self) -> Sequence[str]:
        return ("post",)


class Series(models.Model):
    """Planned work that comes back: every so many days at the same local time, made ahead as interventions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=160)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    skills = ArrayField(models.SlugField(max_length=30), default=list, blank=True)
    lat = models.FloatField()
    lon = models.FloatField()
    address = models.CharField(max_length=200, blank=True)
    commune = models.ForeignKey(Commune, models.PROTECT, null=True, related_name="+", db_index=False, editable=False)
    duration_minutes = models.PositiveIntegerField(default=60)
    every_days = models.PositiveSmallIntegerField(default=7)
    at = models.TimeField()
    next_on = models.DateField()
    until = models.DateField(null=True, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "series"
        constraints = (models.CheckConstraint(condition=Q(every_days__gte=1), name="series_moves_on"),)

    def __str__(self) -> str:
        return self.title

    @property
    def audiences(self) -> Sequence[str]:
        where = (f"commune:{self.commune_id}",) if self.commune_id else ()
        return ("post", *where, f"organisation:{self.organisation_id}")


class Intervention(models.Model):
    """Work sent to an incident, or planned. Who may see it follows its incident, its commune and its organisation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=24, unique=True)
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="interventions")
    series = models.ForeignKey(Series, models.SET_NULL, null=True, related_name="+", db_index=False)
    title = models.CharField(max_length=160)
    status = models.CharField(max_length=12, choices=Status, default=Status.PROPOSED)
    priority = models.CharField(max_length=2, choices=Priority)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", db_index=False)
    skills = ArrayField(models.SlugField(max_length=30), default=list)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", db_index=False)
    crew = models.ForeignKey(Crew, models.PROTECT, null=True, related_name="missions")
    lat = models.FloatField()
    lon = models.FloatField()
    address = models.CharField(max_length=200, blank=True)
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+", db_index=False)
    duration_minutes = models.PositiveIntegerField()
    window_start = models.DateTimeField(null=True, help_text=_("not before"))
    window_end = models.DateTimeField(null=True, help_text=_("done by"))
    slot_start = models.DateTimeField(null=True, help_text=_("the crew's time that is kept for it"))
    slot_end = models.DateTimeField(null=True)
    response_due = models.DateTimeField(null=True, help_text=_("on site by"))
    repair_due = models.DateTimeField(null=True, help_text=_("done by"))
    created_at = models.DateTimeField()
    assigned_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    departed_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True, help_text=_("refused, cancelled or failed"))
    reason = models.CharField(max_length=500, blank=True)
    outcome = models.CharField(max_length=500, blank=True)
    minutes_spent = models.PositiveIntegerField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text=_("how often a crew arrived"))
    paused_since = models.DateTimeField(null=True)
    paused_reason = models.CharField(max_length=14, choices=PauseReason, blank=True)
    checklist: "models.JSONField[Any, Any]" = models.JSONField(default=list, help_text=_("frozen at dispatch"))
    checklist_title = models.CharField(max_length=100, blank=True)
    ticked = models.PositiveSmallIntegerField(default=0)
    photos_count = models.PositiveSmallIntegerField(default=0)
    lone = models.BooleanField(default=False, help_text=_("the worker is alone: signs of life are asked for"))
    check_in_minutes = models.PositiveSmallIntegerField(default=30)
    check_in_due = models.DateTimeField(null=True)
    audiences = ArrayField(models.TextField())
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-created_at", "-id")
        default_permissions = ()
        permissions = (("see_intervention", "Is named on this intervention of a restricted incident"),)
        constraints = (
            models.CheckConstraint(condition=Q(status__in=Status.values), name="intervention_status_known"),
            models.CheckConstraint(condition=Q(priority__in=Priority.values), name="intervention_priority_known"),
            models.CheckConstraint(condition=~Q(audiences=[]), name="intervention_has_audience"),
            models.CheckConstraint(
                condition=~Q(status__in=HELD)
                | Q(crew__isnull=False, slot_start__isnull=False, slot_end__gt=F("slot_start")),
                name="intervention_held_by_a_crew",
            ),
            models.CheckConstraint(
                condition=Q(paused_since=None, paused_reason="")
                | (Q(paused_since__isnull=False) & ~Q(paused_reason="")),
                name="intervention_pause_has_a_reason",
            ),
            ExclusionConstraint(
                name="one_mission_at_a_time",
                expressions=[
                    ("crew", RangeOperators.EQUAL),
                    (TstzRange("slot_start", "slot_end", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=Q(status__in=HELD),
            ),
        )
        indexes = (
            models.Index(fields=["-created_at", "-id"], name="intervention_order"),
            models.Index(fields=["-created_at", "-id"], name="intervention_open", condition=Q(status__in=OPEN)),
            models.Index("crew", "slot_start", name="intervention_crew_day"),
            GinIndex("audiences", name="intervention_audiences"),
        )

    def __str__(self) -> str:
        return self.reference

    def compute_audiences(self) -> list[str]:
        """Who may see it: the post, the commune and whoever does it; of a restricted incident, those who see that one
        and the crew's people by name."""
        if self.incident is not None and self.incident.sensitivity == Sensitivity.RESTRICTED:
            return sorted([*self.incident.audiences, f"intervention:{self.id}"])
        names = ["post", f"commune:{self.commune_id}"]
        if self.organisation_id:
            names.append(f"organisation:{self.organisation_id}")
        return sorted(names)


class Pause(models.Model):
    """A time during which the clocks stood still, and why."""

    id = models.BigAutoField(primary_key=True)
    intervention = models.ForeignKey(Intervention, models.CASCADE, related_name="pauses")
    reason = models.CharField(max_length=14, choices=PauseReason)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ("from_at",)
        constraints = (models.UniqueConstraint("intervention", name="one_pause_at_a_time", condition=Q(to_at=None)),)


class FieldRow(models.Model):
    """Something the crew says: `at` in the field's time, `entered_at` in ours."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    entered_at = models.DateTimeField()

    class Meta:
        abstract = True
        default_permissions = ()
        ordering = ("at", "id")


class Tick(FieldRow):
    """One item of the mission's checklist, done or taken back; the latest line counts."""

    intervention = models.ForeignKey(Intervention, models.CASCADE, related_name="ticks")
    item = models.CharField(max_length=40)
    done = models.BooleanField(default=True)


class Note(FieldRow):
    intervention = models.ForeignKey(Intervention, models.CASCADE, related_name="notes")
    text = models.TextField(max_length=2000)


class Material(FieldRow):
    intervention = models.ForeignKey(Intervention, models.CASCADE, related_name="materials")
    label = models.CharField(max_length=120)
    quantity = models.DecimalField(max_digits=9, decimal_places=2)
    unit = models.CharField(max_length=12, blank=True)


class Photo(FieldRow):
    """A picture before or after the work; its bytes lie where an incident's files do."""

    class Stage(models.TextChoices):
        BEFORE = "before", _("before")
        AFTER = "after", _("after")

    intervention = models.ForeignKey(Intervention, models.CASCADE, related_name="photos")
    stage = models.CharField(max_length=6, choices=Stage)
    item = models.CharField(max_length=40, blank=True, help_text=_("the checklist item that it proves"))
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=80, unique=True)
