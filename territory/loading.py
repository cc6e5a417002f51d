"""Bring `territory/data` into the database: plain statements, so that a migration may use them as well."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper

from territory.geometry import outer_rings, polygon_text
from territory.wording import fold, of

DATA = Path(__file__).parent / "data"
OUTLINES = DATA / "communes-dijon-metropole.geojson"
PLACES = DATA / "places.csv"

_COMMUNE = """
INSERT INTO territory_commune
    (insee, name, postcodes, population, siren, town_hall_lat, town_hall_lon, outline)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (insee) DO UPDATE SET (name, postcodes, population, siren, town_hall_lat, town_hall_lon, outline) =
    (excluded.name, excluded.postcodes, excluded.population, excluded.siren,
     excluded.town_hall_lat, excluded.town_hall_lon, excluded.outline)
"""
# A street that the national address base already placed keeps its better point.
_PLACE = """
INSERT INTO territory_place (key, kind, name, house_number, commune_id, postcode, label, aliases, lat, lon)
SELECT %(key)s, %(kind)s, %(name)s, '', commune.insee, commune.postcodes[1],
       %(name)s || ', ' || commune.postcodes[1] || ' ' || commune.name, %(aliases)s, %(lat)s, %(lon)s
FROM territory_commune AS commune WHERE commune.insee = commune_at(%(lat)s, %(lon)s)
ON CONFLICT (key) DO UPDATE SET (name, commune_id, postcode, label, aliases, lat, lon) =
    (excluded.name, excluded.commune_id, excluded.postcode, excluded.label, excluded.aliases,
     excluded.lat, excluded.lon)
WHERE NOT EXISTS (SELECT FROM territory_place AS address
                  WHERE address.street_id = territory_place.id AND address.kind = 'address')
"""


class KnownPlace(NamedTuple):
    """One row of places.csv; `insee` is what the file claims, checked by a test and never stored."""

    kind: str
    name: str
    aliases: str
    lat: float
    lon: float
    insee: str

    @property
    def key(self) -> str:
        """What a later load or an address import updates by."""
        return place_key(self.kind, self.insee, self.name)


def place_key(kind: str, insee: str, name: str) -> str:
    """The stable key of a place without a house number."""
    return f"{kind}:{insee}:{fold(name)}"


def outlines() -> list[dict[str, Any]]:
    """The GeoJSON features of the 23 communes."""
    features: list[dict[str, Any]] = json.loads(OUTLINES.read_text(encoding="utf-8"))["features"]
    return features


def known_places() -> Iterator[KnownPlace]:
    """The rows of places.csv."""
    with PLACES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";", strict=True):
            lat, lon = float(row["lat"]), float(row["lon"])
            yield KnownPlace(row["kind"], row["name"], row["aliases"], lat, lon, row["insee"])


def load_territory(connection: BaseDatabaseWrapper) -> None:
    """Insert or refresh communes, perimeters, town halls and known places. May run any number of times."""
    features = outlines()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM territory_perimeter")
        for feature in features:
            about, (lon, lat) = feature["properties"], feature["properties"]["mairie"]
            cursor.execute(
                _COMMUNE,
                [about["insee"], about["nom"], about["codesPostaux"], about["population"], about["siren"],
                 lat, lon, json.dumps(feature["geometry"])],
            )  # fmt: skip
            for ring in outer_rings(feature["geometry"]):
                cursor.execute(
                    "INSERT INTO territory_perimeter (commune_id, area) VALUES (%s, %s::polygon)",
                    [about["insee"], polygon_text(ring)],
                )
        cursor.executemany(_PLACE, [*map(_town_hall, features), *map(_known_place, known_places())])


def _town_hall(feature: dict[str, Any]) -> dict[str, Any]:
    about, (lon, lat) = feature["properties"], feature["properties"]["mairie"]
    return {
        "key": f"town_hall:{about['insee']}", "kind": "town_hall", "name": f"Mairie {of(about['nom'])}",
        "aliases": "hôtel de ville", "lat": lat, "lon": lon,
    }  # fmt: skip


def _known_place(place: KnownPlace) -> dict[str, Any]:
    return place._asdict() | {"key": place.key}
