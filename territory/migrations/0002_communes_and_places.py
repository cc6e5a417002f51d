"""Tables of communes, their perimeters and places."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Func, Q, Value

import territory.fields


class Migration(migrations.Migration):
    initial = True
    dependencies = [("territory", "0001_plain_words")]
    operations = [
        migrations.CreateModel(
            name="Commune",
            fields=[
                ("insee", models.CharField(max_length=5, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                (
                    "postcodes",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), size=None),
                ),
                ("population", models.PositiveIntegerField()),
                ("siren", models.CharField(max_length=9)),
                ("town_hall_lat", models.FloatField()),
                ("town_hall_lon", models.FloatField()),
                ("outline", models.JSONField(help_text="GeoJSON MultiPolygon, WGS 84")),
            ],
            options={"ordering": ["insee"]},
        ),
        migrations.CreateModel(
            name="Perimeter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area", territory.fields.PolygonField()),
                (
                    "commune",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="perimeters", to="territory.commune"
                    ),
                ),
            ],
            options={
                "indexes": [django.contrib.postgres.indexes.GistIndex(fields=["area"], name="territory_perimeter_area")]
            },
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        help_text="Stable key of the source: what an import updates by", max_length=200, unique=True
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("town_hall", "Town hall"),
                            ("named_place", "Named place"),
                            ("street", "Street"),
                            ("address", "Address"),
                        ],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(help_text="Without house number and commune", max_length=200)),
                ("house_number", models.CharField(blank=True, max_length=16)),
                ("postcode", models.CharField(blank=True, max_length=5)),
                (
                    "label",
                    models.CharField(help_text="As shown: 12bis Rue de la Liberté, 21000 Dijon", max_length=300),
                ),
                (
                    "aliases",
                    models.CharField(
                        blank=True, help_text="Other words for it, searched but not shown", max_length=300
                    ),
                ),
                ("lat", models.FloatField()),
                ("lon", models.FloatField()),
                (
                    "search",
                    models.GeneratedField(
                        db_persist=True,
                        expression=Func(
                            F("label"), F("aliases"), arg_joiner=" || ' ' || ", template="plain(%(expressions)s)"
                        ),
                        output_field=models.TextField(),
                    ),
                ),
                (
                    "commune",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="places", to="territory.commune"
                    ),
                ),
                (
                    "street",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="addresses",
                        to="territory.place",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        condition=~Q(kind="address"),
                        fields=["search"],
                        name="territory_place_search",
                        opclasses=["gin_trgm_ops"],
                    ),
                    django.contrib.postgres.indexes.GistIndex(
                        Func(F("lon") * Value(0.678), F("lat"), function="point"), name="territory_place_position"
                    ),
                    models.Index(
                        condition=Q(kind="address"), fields=["street", "house_number"], name="territory_place_on_street"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(lat__range=(-90, 90)) & Q(lon__range=(-180, 180)), name="territory_place_on_earth"
                    ),
                    models.CheckConstraint(
                        condition=Q(kind="address", street__isnull=False) & ~Q(house_number="")
                        | ~Q(kind="address") & Q(street__isnull=True, house_number=""),
                        name="territory_place_address_has_street",
                    ),
                ],
            },
        ),
    ]
