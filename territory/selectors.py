"""Reads: which commune, which place."""

from typing import Any

import msgspec
from django.db import connection
from django.db.models import QuerySet

from territory.geometry import LatLon, distance_m
from territory.models import LON_SHRINK, Commune
from territory.wording import Query, read_query, word_tells

__all__ = ["PlaceHit", "commune_at", "communes", "distance_m", "nearest_place", "search_places"]

# Below this share of the asked words a place is not an answer.
ENOUGH = 0.45
METRES_PER_DEGREE = 111_195.0


class PlaceHit(msgspec.Struct, frozen=True):
    """A found place. `score` 0..1 says how well the words fit; `distance_m` is None when nothing near was asked."""

    kind: str
    label: str
    name: str
    house_number: str
    postcode: str
    commune: str
    commune_name: str
    lat: float
    lon: float
    score: float
    distance_m: float | None


def communes() -> QuerySet[Commune]:
    """The communes, by INSEE code."""
    return Commune.objects.order_by("insee")


def commune_at(lat: float, lon: float) -> Commune | None:
    """The commune that contains a WGS 84 point in degrees, or None outside the metropolis. One query."""
    found = Commune.objects.raw(
        "SELECT * FROM territory_commune WHERE insee = (SELECT commune_at(%s::float8, %s::float8))", [lat, lon]
    )
    return next(iter(found), None)


_FIELDS = PlaceHit.__struct_fields__[:9]
_COLUMNS = "kind, label, name, house_number, postcode, commune_id, commune_name, lat, lon"
_DISTANCE = f"%(scale)s * sqrt((place.lat - %(lat)s::float8) ^ 2 + ({LON_SHRINK} * (place.lon - %(lon)s::float8)) ^ 2)"
# Streets and named places are compared first (a few thousand rows); a house number is then looked up on the best
# streets, so the 80,000 addresses are never compared with anything.
_SEARCH = f"""
WITH asked AS MATERIALIZED (
    SELECT id, score, starts, {_DISTANCE} AS distance, length
    FROM (SELECT id, lat, lon, ({{score}}) / %(total)s AS score, starts_with(search, %(first)s) AS starts,
                 char_length(search) AS length
          FROM territory_place WHERE kind <> 'address' AND ({{telling}}) OFFSET 0) AS place
    WHERE score >= %(enough)s
), best AS (
    SELECT * FROM asked
    ORDER BY round(score::numeric, 1) DESC, distance NULLS LAST, score DESC, starts DESC, length LIMIT 200
), found AS (
    SELECT id, score, starts, 0 AS rank FROM best
    UNION ALL
    SELECT address.id, score, starts, 1 FROM best
    JOIN territory_place AS address ON address.street_id = best.id AND address.kind = 'address'
    WHERE address.house_number = ANY(%(numbers)s::text[])
), hits AS (
    SELECT place.kind, place.label, place.name, place.house_number, place.postcode, place.commune_id,
           commune.name AS commune_name, place.lat, place.lon, place.search, score, starts, rank, commune.population,
           {_DISTANCE} AS distance
    FROM found JOIN territory_place AS place USING (id) JOIN territory_commune AS commune
         ON commune.insee = place.commune_id
)
SELECT {_COLUMNS}, least(score, 1.0), distance FROM hits
ORDER BY round(score::numeric, 1) DESC, rank DESC, distance NULLS LAST, score DESC, starts DESC,
         (kind = 'town_hall') DESC, population DESC, char_length(search), label
LIMIT %(limit)s
"""  # noqa: S608  (constants of this file only)
_NUMBER_FITS = "%(weight{n})s * (position(' ' || %(word{n})s || ' ' IN ' ' || search || ' ') > 0)::int"
_COMMON_FITS = "%(weight{n})s * (position(' ' || %(word{n})s IN ' ' || search) > 0)::int"
_WORD_FITS = "%(weight{n})s * word_similarity(%(word{n})s, search)"
# `%>` is the indexed form of word_similarity(…) >= a threshold that is a setting. Setting it inside the operand makes
# sure that it holds before the first comparison, and keeps the search one query; it ends with the transaction.
_WORD_TELLS = (
    "search %%> (SELECT CASE WHEN set_config('pg_trgm.word_similarity_threshold', %(threshold)s, true) <> ''"
    " THEN %(word{n})s END)"
)


def search_places(text: str, limit: int = 10, near: LatLon | None = None) -> list[PlaceHit]:
    """Places that fit what somebody typed, best first, at most `limit`. One query; [] when there is no word to find.

    Accents, case, punctuation, the order of the words, usual abbreviations and typing errors are forgiven. Among
    places that fit about as well the nearest to `near` (lat, lon) comes first. With a house number the address comes
    before its street; when the number is not known the street stands for it.
    """
    query = read_query(text)
    if not query.words or limit < 1:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_statement(query), _values(query, limit, near))
        return [_hit(*row) for row in cursor.fetchall()]


def _statement(query: Query) -> str:
    fits = [_fits(word).format(n=n) for n, word in enumerate(query.words)]
    tells = [_WORD_TELLS.format(n=n) for n, word in enumerate(query.words) if word_tells(word)]
    return _SEARCH.replace("{score}", " + ".join(fits)).replace("{telling}", " OR ".join(tells) or "true")


def _fits(word: str) -> str:
    if word[0].isdigit():
        return _NUMBER_FITS
    return _WORD_FITS if word_tells(word) else _COMMON_FITS


def _values(query: Query, limit: int, near: LatLon | None) -> dict[str, Any]:
    lat, lon = near or (None, None)
    values: dict[str, Any] = {
        "total": sum(query.words.values()), "first": query.first,
        "enough": ENOUGH, "threshold": str(ENOUGH), "limit": limit,
        "numbers": query.numbers, "lat": lat, "lon": lon, "scale": METRES_PER_DEGREE,
    }  # fmt: skip
    for n, (word, weight) in enumerate(query.words.items()):
        values |= {f"word{n}": word, f"weight{n}": weight}
    return values


def _hit(*row: Any) -> PlaceHit:
    *place, score, distance = row
    found = dict(zip(_FIELDS, place, strict=True))
    return PlaceHit(**found, score=round(score, 3), distance_m=None if distance is None else round(distance, 1))


_NEAREST = f"""
WITH nearest AS (
    SELECT *, point(lon * {LON_SHRINK}, lat) <-> point(%(lon)s::float8 * {LON_SHRINK}, %(lat)s::float8) AS degrees
    FROM territory_place
    ORDER BY point(lon * {LON_SHRINK}, lat) <-> point(%(lon)s::float8 * {LON_SHRINK}, %(lat)s::float8) LIMIT 1
)
SELECT kind, label, nearest.name, house_number, postcode, commune_id, commune.name, lat, lon, 1.0::float8, degrees * %(scale)s
FROM nearest JOIN territory_commune AS commune ON commune.insee = commune_id
WHERE degrees * %(scale)s <= %(within)s
"""  # noqa: S608  (constants of this file only)


def nearest_place(lat: float, lon: float, within_m: float = 250.0) -> PlaceHit | None:
    """The known place nearest to a point, for "near …" after a click on the map; None when none is within `within_m`.

    One query on the position index.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, {"lat": lat, "lon": lon, "within": within_m, "scale": METRES_PER_DEGREE})
        row = cursor.fetchone()
    return _hit(*row) if row else None
