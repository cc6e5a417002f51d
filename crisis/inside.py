"""What lies inside an area: people, by communes' shares, as an estimate; and sensitive sites."""

from functools import cache
from typing import Any

import msgspec
from django.db import connection

from crisis.areas import AREAS, Shape, area_m2, box, contains, ring_area_m2, samples
from crisis.models import SensitiveSite
from territory.geometry import outer_rings
from territory.models import Commune

METHOD = "commune_share"
DOUBT = 0.15  # people do not live spread evenly over a commune: never give one figure alone


class People(msgspec.Struct, frozen=True, kw_only=True):
    """An estimate, and between what; `communes`: INSEE code → people. It takes each commune's people as spread evenly
    over its area (`method`), which a built-up or an empty area is not."""

    estimate: int
    low: int
    high: int
    communes: dict[str, int]
    method: str = METHOD


class Inside(msgspec.Struct, frozen=True, kw_only=True):
    """What an area holds: hectares, people, sensitive sites by key."""

    hectares: float
    people: People
    sites: list[str]


def inside(shape: Shape) -> Inside | None:
    """None for what has no area. Two queries."""
    if shape.type not in AREAS:
        return None
    return Inside(hectares=round(area_m2(shape) / 10_000, 1), people=people(shape), sites=sites(shape))


def people(shape: Shape) -> People:
    """How many people live inside: for each commune, its people times the part of its area that lies inside."""
    spread = list(samples(shape))
    each = area_m2(shape) / len(spread) if spread else 0.0
    found = {}
    for insee, hits in _communes_at(spread).items():
        population, whole = _communes()[insee]
        found[insee] = round(min(population * hits * each / whole, population))
    estimate = sum(found.values())
    low, high = _round(estimate * (1 - DOUBT)), _round(estimate * (1 + DOUBT))
    return People(estimate=_round(estimate), low=low, high=high, communes=found)


def _round(number: float) -> int:
    """To tens: an estimate must not look like a count."""
    return int(round(number, -1)) if number >= 100 else round(number)


def _communes_at(points: list[tuple[float, float]]) -> dict[str, int]:
    """How many of these points lie in each commune."""
    lats, lons = [lat for lat, _lon in points], [lon for _lat, lon in points]
    with connection.cursor() as cursor:
        cursor.execute(
            "select insee, count(*) from (select commune_at(lat, lon) as insee"
            " from unnest(%s::float8[], %s::float8[]) as spread(lat, lon)) as placed"
            " where insee is not null group by insee order by insee",
            [lats, lons],
        )
        return dict(cursor.fetchall())


@cache
def _communes() -> dict[str, tuple[int, float]]:
    """INSEE code → (people, square metres). Communes come with the code."""
    found = {}
    for one in Commune.objects.all():
        rings = outer_rings(one.outline)
        found[one.insee] = (one.population, sum(ring_area_m2([(lat, lon) for lon, lat in ring]) for ring in rings))
    return found


def sites(shape: Shape) -> list[str]:
    """Keys of the sensitive sites inside."""
    south, west, north, east = box(shape)
    near = SensitiveSite.objects.filter(active=True, lat__range=(south, north), lon__range=(west, east))
    return [site.key for site in near if contains(shape, site.lat, site.lon)]


def stored(found: Inside | None) -> dict[str, Any]:
    """As it is kept with a version."""
    return msgspec.to_builtins(found) if found else {}
