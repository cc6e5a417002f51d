"""Communes with their outlines, and the places people name."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from territory.fields import PolygonField

# One degree of longitude over one of latitude at 47.3° N: makes index distances nearly isotropic over the metropolis.
LON_SHRINK = 0.678


class Commune(models.Model):
    """One of the 23 communes; the key is its INSEE code."""

    insee = models.CharField(max_length=5, primary_key=True)
    name = models.CharField(max_length=80)
    postcodes = ArrayField(models.CharField(max_length=5))
    population = models.PositiveIntegerField()
    siren = models.CharField(max_length=9)
    town_hall_lat = models.FloatField()
    town_hall_lon = models.FloatField()
    outline = models.JSONField(help_text="GeoJSON MultiPolygon, WGS 84")

    class Meta:
        ordering: ClassVar = ["insee"]

    def __str__(self) -> str:
        return self.name


class Perimeter(models.Model):
    """One ring of a commune's outline, in the form that the database's own point-in-polygon test reads."""

    commune = models.ForeignKey(Commune, on_delete=models.CASCADE, related_name="perimeters")
    area = PolygonField()

    class Meta:
        indexes: ClassVar = [GistIndex(fields=["area"], name="territory_perimeter_area")]

    def __str__(self) -> str:
        return self.commune_id


class Place(models.Model):
    """A point with a name that people use: town hall, named place, street or address."""

    class Kind(models.TextChoices):
        """What a place is."""

        TOWN_HALL = "town_hall", _("Town hall")
        NAMED_PLACE = "named_place", _("Named place")
        STREET = "street", _("Street")
        ADDRESS = "address", _("Address")

    key = models.CharField(max_length=200, unique=True, help_text="Stable key of the source: what an import updates by")
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=200, help_text="Without house number and commune")
    house_number = models.CharField(max_length=16, blank=True)
    street = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="addresses", db_index=False)
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="places")
    postcode = models.CharField(max_length=5, blank=True)
    label = models.CharField(max_length=300, help_text="As shown: 12bis Rue de la Liberté, 21000 Dijon")
    aliases = models.CharField(max_length=300, blank=True, help_text="Other words for it, searched but not shown")
    lat = models.FloatField()
    lon = models.FloatField()
    search = models.GeneratedField(
        expression=Func(F("label"), F("aliases"), template="plain(%(expressions)s)", arg_joiner=" || ' ' || "),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], condition=~Q(kind="address"),
                     name="territory_place_search"),
            GistIndex(Func(F("lon") * models.Value(LON_SHRINK), F("lat"), function="point"),
                      name="territory_place_position"),
            models.Index(fields=["street", "house_number"], name="territory_place_on_street",
                         condition=Q(kind="address")),
        ]  # fmt: skip
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(lat__range=(-90, 90)) & Q(lon__range=(-180, 180)),
                                   name="territory_place_on_earth"),
            models.CheckConstraint(condition=Q(kind="address", street__isnull=False) & ~Q(house_number="")
                                   | ~Q(kind="address") & Q(street__isnull=True, house_number=""),
                                   name="territory_place_address_has_street"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.label
