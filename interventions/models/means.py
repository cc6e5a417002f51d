import uuid
from collections.abc import Sequence

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from access.models import Organisation, Person
from interventions.workflow import ShiftKind


class TstzRange(Func):
    """The half-open span between two columns."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Skill(models.Model):
    """What a crew can do. `key` is short and stable: `lighting`, `electricity`."""

    key = models.SlugField(max_length=30, primary_key=True)
    label_fr = models.CharField(max_length=60)
    label_en = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.label_en if (get_language() or "fr").startswith("en") else self.label_fr


class Vehicle(models.Model):
    """A vehicle and where it last was. Positions change too often for the journal: the row is written in place."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=20, unique=True, help_text=_("painted on its door"))
    label = models.CharField(max_length=60, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    tracker = models.CharField(max_length=60, blank=True, help_text=_("the tracking device's own identifier"))
    active = models.BooleanField(default=True)
    lat = models.FloatField(null=True, editable=False)
    lon = models.FloatField(null=True, editable=False)
    seen_at = models.DateTimeField(null=True, editable=False)
    source = models.CharField(max_length=20, blank=True, editable=False)

    class Meta:
        verbose_name = _("vehicle")
        verbose_name_plural = _("vehicles")
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=Q(lat=None, lon=None, seen_at=None)
                | Q(lat__gte=-90, lat__lte=90, lon__gte=-180, lon__lte=180, seen_at__isnull=False),
                name="vehicle_on_earth",
            ),
            models.UniqueConstraint("tracker", name="vehicle_tracker_once", condition=~Q(tracker="")),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def audiences(self) -> Sequence[str]:
        return ("post", f"organisation:{self.organisation_id}")


class Position(models.Model):
    """Where a vehicle was. Erased after 30 days: people drive them."""

    id = models.BigAutoField(primary_key=True)
    vehicle = models.ForeignKey(Vehicle, models.CASCADE, related_name="positions", db_index=False)
    at = models.DateTimeField(help_text=_("the device's time"))
    received_at = models.DateTimeField(help_text=_("ours"))
    lat = models.FloatField()
    lon = models.FloatField()
    accuracy_m = models.FloatField(null=True)
    source = models.CharField(max_length=20)

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint("vehicle", "at", name="position_once"),)
        indexes = (models.Index("received_at", name="position_received"),)


class Crew(models.Model):
    """People who go out together. What it does at a moment follows from its missions and shifts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=60, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="crews")
    leader = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="leads")
    members = models.ManyToManyField(Person, blank=True, related_name="crews")
    skills = ArrayField(models.SlugField(max_length=30), default=list, help_text=_("keys of skills"))
    vehicle = models.OneToOneField(Vehicle, models.SET_NULL, null=True, blank=True, related_name="crew")
    capacity = models.PositiveSmallIntegerField(default=2, help_text=_("people"))
    phone = models.CharField(max_length=30, blank=True)
    base_lat = models.FloatField(help_text=_("its depot: where it is when nothing newer is known"))
    base_lon = models.FloatField()
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def audiences(self) -> Sequence[str]:
        return ("post", f"organisation:{self.organisation_id}")


class ShiftPattern(models.Model):
    """A week that repeats, in local time: 22:00 to 06:00 is the same on the nights when the clock changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    crew = models.ForeignKey(Crew, models.CASCADE, related_name="patterns")
    kind = models.CharField(max_length=10, choices=ShiftKind, default=ShiftKind.PLANNED)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), help_text=_("0 Monday to 6 Sunday, of its start"))
    starts = models.TimeField()
    ends = models.TimeField(help_text=_("at or before the start: on the next day"))
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    made_until = models.DateField(
        null=True, editable=False, help_text=_("shifts were made up to this day: what a person took away stays away")
    )

    class Meta:
        ordering = ("crew", "starts")
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="pattern_ends_after_it_starts"
            ),
        )

    @property
    def audiences(self) -> Sequence[str]:
        return self.crew.audiences


class Shift(models.Model):
    """When a crew is there, on call, or absent although planned. Made from patterns ahead of time, or by hand."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    crew = models.ForeignKey(Crew, models.CASCADE, related_name="shifts", db_index=False)
    kind = models.CharField(max_length=10, choices=ShiftKind, default=ShiftKind.PLANNED)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    pattern = models.ForeignKey(ShiftPattern, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("starts_at",)
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(kind__in=ShiftKind.values), name="shift_kind_known"),
            ExclusionConstraint(
                name="one_shift_of_a_kind_at_a_time",
                expressions=[
                    ("crew", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (TstzRange("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
        )

    @property
    def audiences(self) -> Sequence[str]:
        return self.crew.audiences


class Contract(models.Model):
    """Who may be sent where for what, and how fast: a partner's contract, or a public service's own field."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="contracts")
    title = models.CharField(max_length=80)
    communes = ArrayField(
        models.CharField(max_length=5), default=list, blank=True, help_text=_("INSEE codes; empty: all")
    )
    categories = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, help_text=_("keys or branches; empty: all")
    )
    response_minutes = models.PositiveIntegerField(null=True, blank=True, help_text=_("empty: the category's"))
    repair_minutes = models.PositiveIntegerField(null=True, blank=True, help_text=_("empty: the category's"))
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("partner contract")
        verbose_name_plural = _("partner contracts")
        ordering = ("organisation", "title")

    def __str__(self) -> str:
        return self.title

    @property
    def audiences(self) -> Sequence[str]:
        return ("post", f"organisation:{self.organisation_id}")

    def covers(self, *, commune: str, category: str) -> bool:
        """Whether it is about this commune and this category (itself or a branch above it)."""
        above = {category, category.partition(".")[0]}
        return (not self.communes or commune in self.communes) and (
            not self.categories or not above.isdisjoint(self.categories)
        )
