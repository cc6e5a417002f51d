"""The two shapes of CAP areas: `lat,lon lat,lon …` closed, and `lat,lon radius` in kilometres."""

import re

from prefecture.wire.errors import InvalidMessage

_NUMBER = r"[+-]?\d{1,5}(?:\.\d{1,12})?"
_POINT = re.compile(rf"({_NUMBER}),({_NUMBER})\Z", re.ASCII)
_RADIUS = re.compile(r"\d{1,5}(?:\.\d{1,12})?\Z", re.ASCII)
FEWEST, MOST = 4, 5000  # points of a polygon
HALF_AROUND = 20_038.0  # km: no circle is wider


def point(text: str) -> tuple[float, float]:
    """`lat,lon` in WGS 84 degrees. Raises InvalidMessage."""
    match = _POINT.match(text)
    if match is None:
        raise InvalidMessage("CAP: a point is written lat,lon")
    lat, lon = float(match[1]), float(match[2])
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise InvalidMessage("CAP: a point lies off the earth")
    return lat, lon


def check_polygon(text: str) -> list[tuple[float, float]]:
    """Its points, the first again at the end. Raises InvalidMessage."""
    parts = text.split()
    if not FEWEST <= len(parts) <= MOST:
        raise InvalidMessage("CAP: a polygon has four points or more")
    points = [point(part) for part in parts]
    if points[0] != points[-1]:
        raise InvalidMessage("CAP: a polygon ends where it begins")
    return points


def check_circle(text: str) -> tuple[float, float, float]:
    """(lat, lon, kilometres). Raises InvalidMessage."""
    parts = text.split()
    if len(parts) != 2 or not _RADIUS.match(parts[1]):
        raise InvalidMessage("CAP: a circle is written lat,lon radius")
    radius = float(parts[1])
    if radius > HALF_AROUND:
        raise InvalidMessage("CAP: a circle is larger than the earth")
    return *point(parts[0]), radius
