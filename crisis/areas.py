"""Plain geometry of what is drawn on a cell's map: WGS 84 degrees, points as (lat, lon). No database."""

from collections.abc import Iterator, Sequence
from math import cos, degrees, pi, radians, sin, sqrt
from typing import Any

import msgspec

from territory.geometry import EARTH_RADIUS_M, LatLon, distance_m

POINTS_LIMIT = 500
LARGEST_RADIUS_M = 50_000.0
SAMPLES = 2_500
AREAS = ("polygon", "circle")
_NEEDED = {"polygon": 3, "line": 2, "circle": 1, "point": 1}


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """`type` polygon (three points or more, closed by itself), line (two or more), circle (its centre and `radius_m`)
    or point; `points` as (lat, lon) in degrees."""

    type: str
    points: tuple[LatLon, ...]
    radius_m: float | None = None


def fault(shape: Shape) -> str:
    """What is wrong with a shape: `type`, `points`, `radius_m`; empty when nothing is."""
    needed = _NEEDED.get(shape.type)
    if needed is None:
        return "type"
    exact = shape.type in ("circle", "point")
    if not needed <= len(shape.points) <= (needed if exact else POINTS_LIMIT):
        return "points"
    if any(not (-90 <= lat <= 90 and -180 <= lon <= 180) for lat, lon in shape.points):
        return "points"
    if shape.type == "polygon" and area_m2(shape) < 1:
        return "points"
    sized = shape.radius_m is not None and 1 <= shape.radius_m <= LARGEST_RADIUS_M
    return "" if sized == (shape.type == "circle") and (sized or shape.radius_m is None) else "radius_m"


def box(shape: Shape) -> tuple[float, float, float, float]:
    """South, west, north, east in degrees."""
    lats, lons = [lat for lat, _lon in shape.points], [lon for _lat, lon in shape.points]
    up = degrees((shape.radius_m or 0) / EARTH_RADIUS_M)
    aside = up / max(cos(radians(lats[0])), 0.01)
    return min(lats) - up, min(lons) - aside, max(lats) + up, max(lons) + aside


def contains(shape: Shape, lat: float, lon: float) -> bool:
    """Whether an area contains a point; lines and points contain nothing."""
    if shape.type == "circle":
        return distance_m(shape.points[0], (lat, lon)) <= (shape.radius_m or 0)
    return shape.type == "polygon" and _inside(shape.points, lat, lon)


def _inside(ring: Sequence[LatLon], lat: float, lon: float) -> bool:
    """Ray casting along the parallel of the point."""
    inside = False
    before = ring[-1]
    for point in ring:
        if (point[0] > lat) != (before[0] > lat):
            crossing = point[1] + (lat - point[0]) / (before[0] - point[0]) * (before[1] - point[1])
            inside ^= lon < crossing
        before = point
    return inside


def area_m2(shape: Shape) -> float:
    """Square metres, on the plane that touches the earth at the shape's middle: within 0.1 % for a metropolis."""
    if shape.type == "circle":
        return pi * (shape.radius_m or 0) ** 2
    return ring_area_m2(shape.points) if shape.type == "polygon" else 0.0


def ring_area_m2(ring: Sequence[LatLon]) -> float:
    if len(ring) < 3:
        return 0.0
    middle = sum(lat for lat, _lon in ring) / len(ring)
    metres = radians(1) * EARTH_RADIUS_M
    flat = [(lon * metres * cos(radians(middle)), lat * metres) for lat, lon in ring]
    x, y = flat[0]  # from a corner of its own: differences of large numbers lose digits
    flat = [(px - x, py - y) for px, py in flat]
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(flat, [*flat[1:], flat[0]], strict=True))) / 2


def samples(shape: Shape, wanted: int = SAMPLES) -> Iterator[LatLon]:
    """Points spread evenly over an area, about `wanted` over its box: what share of them lies where, so does the area."""
    south, west, north, east = box(shape)
    tall, wide = north - south, (east - west) * cos(radians((south + north) / 2))
    rows = max(2, round(sqrt(wanted * tall / max(wide, 1e-9)))) if tall > 0 else 2
    columns = max(2, round(wanted / rows))
    for row in range(min(rows, wanted)):
        for column in range(min(columns, wanted)):
            lat, lon = south + (row + 0.5) / rows * tall, west + (column + 0.5) / columns * (east - west)
            if contains(shape, lat, lon):
                yield lat, lon


def outline(shape: Shape, corners: int = 48) -> list[LatLon]:
    """The shape as points to draw: a circle as a polygon."""
    if shape.type != "circle":
        return list(shape.points)
    (lat, lon), up = shape.points[0], degrees((shape.radius_m or 0) / EARTH_RADIUS_M)
    aside = up / max(cos(radians(lat)), 0.01)
    turns = [2 * pi * n / corners for n in range(corners)]
    return [(lat + up * sin(turn), lon + aside * cos(turn)) for turn in turns]


def of(stored: Any) -> Shape:
    """A shape as it is kept in a row or entry."""
    return msgspec.convert(stored, Shape)
