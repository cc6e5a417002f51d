"""The cell's map as SVG, for paper: communes, zones, incidents. Our own outlines, no network."""

from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from math import cos, radians
from typing import Any

from crisis.areas import Shape, of, outline
from territory.geometry import LatLon, outer_rings
from territory.models import Commune

WIDTH, MARGIN = 1000.0, 12.0
FONT = "Libertinus Serif"  # one that the typesetter brings
# Fill, stroke: what each kind looks like in print; foreseen ones are dashed and unfilled.
COLOURS = {
    "flooded": "#2f6fd0", "forecast": "#2f6fd0", "danger": "#c62828", "perimeter": "#b26a00", "evacuation": "#b26a00",
    "closed_road": "#c62828", "power_cut": "#5b4b8a", "point": "#1b5e20", "other": "#37474f",
}  # fmt: skip
_PRIORITY = {"P1": "#c62828", "P2": "#b26a00"}


class Sheet:
    """A projection of degrees onto paper: the plane that touches the earth at the middle."""

    def __init__(self, points: Sequence[LatLon]) -> None:
        lats, lons = [lat for lat, _lon in points], [lon for _lat, lon in points]
        self._shrink = cos(radians((min(lats) + max(lats)) / 2))
        self._west, self._north = min(lons), max(lats)
        wide, tall = (max(lons) - self._west) * self._shrink, self._north - min(lats)
        self._scale = (WIDTH - 2 * MARGIN) / max(wide, tall * 1.4, 1e-6)
        self.height = tall * self._scale + 2 * MARGIN

    def place(self, lat: float, lon: float) -> tuple[float, float]:
        x = (lon - self._west) * self._shrink * self._scale + MARGIN
        return round(x, 1), round((self._north - lat) * self._scale + MARGIN, 1)

    def path(self, points: Iterable[LatLon]) -> str:
        return " ".join(f"{x},{y}" for x, y in (self.place(*point) for point in points))


def svg(*, zones: Sequence[dict[str, Any]], incidents: Sequence[dict[str, Any]]) -> str:
    """The map of these zones (rows) and incidents (`reference`, `lat`, `lon`, `priority`), around what is drawn; the
    whole metropolis when nothing is."""
    shapes = [(zone, of(zone["shape"])) for zone in zones]
    framed = [point for _zone, shape in shapes for point in outline(shape)]
    framed += [(one["lat"], one["lon"]) for one in incidents]
    sheet = Sheet(
        _around(framed) if framed else [point for _name, rings in _communes() for ring in rings for point in ring]
    )
    parts = [
        *_ground(sheet),
        *(_zone(sheet, zone, shape) for zone, shape in shapes),
        *(_dot(sheet, one) for one in incidents),
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {sheet.height:.0f}" font-family="{FONT}">'
    return "".join((head, *parts, "</svg>"))


def _around(points: Sequence[LatLon]) -> list[LatLon]:
    """Some ground around what is drawn: half its size, at the least a kilometre."""
    lats, lons = [lat for lat, _lon in points], [lon for _lat, lon in points]
    up, aside = max((max(lats) - min(lats)) / 2, 0.01), max((max(lons) - min(lons)) / 2, 0.015)
    return [(min(lats) - up, min(lons) - aside), (max(lats) + up, max(lons) + aside)]


@cache
def _communes() -> tuple[tuple[str, list[list[LatLon]]], ...]:
    """They come with the code."""
    found = []
    for one in Commune.objects.order_by("insee"):
        rings = [[(lat, lon) for lon, lat in ring] for ring in outer_rings(one.outline)]
        found.append((one.name, rings))
    return tuple(found)


def _ground(sheet: Sheet) -> list[str]:
    box = f'<rect width="{WIDTH:.0f}" height="{sheet.height:.0f}" fill="#f4f6f8"/>'
    drawn = [box]
    for name, rings in _communes():
        drawn += [
            f'<polygon points="{sheet.path(ring)}" fill="#ffffff" stroke="#9aa5b1" stroke-width="1"/>' for ring in rings
        ]
        points = [point for ring in rings for point in ring]
        lat, lon = sum(lat for lat, _lon in points) / len(points), sum(lon for _lat, lon in points) / len(points)
        x, y = sheet.place(lat, lon)
        if 0 < x < WIDTH and 0 < y < sheet.height:
            drawn.append(_text(x, y, name, 15, "#6b7783"))
    return drawn


def _zone(sheet: Sheet, zone: dict[str, Any], shape: Shape) -> str:
    colour = COLOURS.get(zone["kind"], COLOURS["other"])
    dash = "" if zone["observed"] else ' stroke-dasharray="10 7"'
    points = outline(shape)
    x, y = sheet.place(*points[0])
    if shape.type == "point":
        drawn = f'<rect x="{x - 7}" y="{y - 7}" width="14" height="14" fill="{colour}"/>'
    elif shape.type == "line":
        drawn = f'<polyline points="{sheet.path(points)}" fill="none" stroke="{colour}" stroke-width="6"{dash}/>'
    else:
        fill = 0.25 if zone["observed"] else 0.06
        drawn = (
            f'<polygon points="{sheet.path(points)}" fill="{colour}" fill-opacity="{fill}" stroke="{colour}"'
            f' stroke-width="3"{dash}/>'
        )
    return drawn + _text(x + 10, y - 8, zone["label"], 17, "#111111", anchor="start")


def _dot(sheet: Sheet, incident: dict[str, Any]) -> str:
    x, y = sheet.place(incident["lat"], incident["lon"])
    colour = _PRIORITY.get(incident["priority"], "#37474f")
    mark = f'<circle cx="{x}" cy="{y}" r="8" fill="{colour}" stroke="#ffffff" stroke-width="2"/>'
    return mark + _text(x + 12, y + 5, incident["reference"], 13, "#111111", anchor="start")


def _text(x: float, y: float, words: str, size: int, colour: str, anchor: str = "middle") -> str:
    plain = escape("".join(char for char in words if char.isprintable()))
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{colour}" text-anchor="{anchor}">{plain}</text>'
