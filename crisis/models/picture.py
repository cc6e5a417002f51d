"""The cell's own map: zones with their versions; and the sensitive sites of the territory."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.models import Person
from crisis.models.cells import Cell
from crisis.models.plans import Bilingual
from territory.models import Commune


class Zone(models.Model):
    """Something drawn on the cell's map. What it is now is its last version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cell = models.ForeignKey(Cell, models.PROTECT, related_name="zones")
    version = models.PositiveIntegerField(default=1)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()


class ZoneVersion(models.Model):
    """How a zone was drawn. `shape` is GeoJSON geometry (WGS 84; a circle is a Point with `radius_m`)."""

    class Kind(models.TextChoices):
        FLOODED = "flooded", _("Flooded area")
        FORECAST = "forecast", _("Forecast extent")
        DANGER = "danger", _("Danger zone")
        PERIMETER = "perimeter", _("Perimeter")
        EVACUATION = "evacuation", _("Evacuation")
        CLOSED_ROAD = "closed_road", _("Closed road")
        POWER_CUT = "power_cut", _("Power cut")
        POINT = "point", _("Point of interest")
        OTHER = "other", _("Other")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    label = models.CharField(max_length=120)
    observed = models.BooleanField(default=True, help_text=_("seen, or else foreseen"))
    dated_at = models.DateTimeField(help_text=_("the situation it shows"))
    source = models.CharField(max_length=120, blank=True)
    shape: "models.JSONField[Any, Any]" = models.JSONField()
    inside: "models.JSONField[Any, Any]" = models.JSONField(
        default=dict, help_text=_("people and sites, as estimated then")
    )
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ("number",)
        default_permissions = ()
        constraints = (models.UniqueConstraint("zone", "number", name="zone_version_once"),)


class SensitiveSite(Bilingual):
    """A place that needs thought in a crisis: a school, a home for the elderly, a plant."""

    class Kind(models.TextChoices):
        HEALTH = "health", _("Health")
        ELDERLY = "elderly", _("Home for the elderly")
        NURSERY = "nursery", _("Nursery")
        SCHOOL = "school", _("School")
        CROWD = "crowd", _("Place of assembly")
        INDUSTRY = "industry", _("Classified installation (ICPE)")
        NETWORK = "network", _("Network")
        SHELTER = "shelter", _("Reception place")

    key = models.CharField(_("key"), max_length=60, primary_key=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+", verbose_name=_("commune"))
    lat = models.FloatField()
    lon = models.FloatField()
    people = models.PositiveIntegerField(_("people"), default=0)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ("key",)
        default_permissions = ()
        verbose_name = _("sensitive site")
        verbose_name_plural = _("sensitive sites")
        constraints = (
            models.CheckConstraint(condition=Q(lat__range=(-90, 90), lon__range=(-180, 180)), name="site_on_earth"),
        )
