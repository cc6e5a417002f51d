"""Plain geometry on WGS 84 degrees; no database, no Django."""

from collections.abc import Iterator, Sequence
from math import asin, cos, degrees, radians, sin, sqrt
from typing import Any, TypeAlias

LatLon: TypeAlias = tuple[float, float]
Ring: TypeAlias = list[tuple[float, float]]

EARTH_RADIUS_M = 6_371_008.8  # mean radius R1 of the WGS 84 ellipsoid
# PostgreSQL's geometric types take two numbers for equal when they differ by less than 1e-6, products of coordinates
# included: in degrees, a point up to 100 m from a border would lie on both sides of it. In hundred-thousandths of a
# degree (1.1 m) the same tolerance is far below a millimetre.
POLYGON_SCALE = 100_000


def distance_m(a: LatLon, b: LatLon) -> float:
    """Great-circle distance in metres between two (lat, lon) points in degrees (haversine formula)."""
    lat_a, lon_a, lat_b, lon_b = map(radians, (*a, *b))
    h = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(h)))


def outer_rings(geometry: dict[str, Any]) -> Iterator[Ring]:
    """The outer rings of a GeoJSON (RFC 7946) Polygon or MultiPolygon as (lon, lat) pairs.

    Raises ValueError for another type and for a polygon with a hole: PostgreSQL's polygon type has none.
    """
    if geometry["type"] not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"not an area: {geometry['type']}")
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    for polygon in polygons:
        if len(polygon) != 1:
            raise ValueError("an area with a hole cannot be stored")
        yield [(float(lon), float(lat)) for lon, lat, *_ in polygon[0]]


def polygon_text(ring: Sequence[tuple[float, float]]) -> str:
    """A ring of (lon, lat) pairs in degrees, in PostgreSQL's text form of `polygon`, in 1/POLYGON_SCALE degrees."""
    return "(" + ",".join(f"({lon * POLYGON_SCALE:.3f},{lat * POLYGON_SCALE:.3f})" for lon, lat in ring) + ")"


def box_around(lat: float, lon: float, metres: float) -> tuple[float, float, float, float]:
    """The box (west, south, east, north in degrees) that contains every point within `metres` of a point."""
    up = degrees(metres / EARTH_RADIUS_M)
    aside = up / max(cos(radians(lat)), 0.01)
    return lon - aside, lat - up, lon + aside, lat + up
