"""What people of Dijon tell the post, and where it happens: the two data files as typed values."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from math import cos, hypot, radians
from pathlib import Path
from typing import Any

STORIES = Path(__file__).parent / "data" / "stories.toml"
PLACES = Path(__file__).parents[2] / "territory" / "data" / "places.csv"
CENTRE = (47.3220, 5.0415)
CENTRE_METRES = 1_200.0
METRES_A_DEGREE = 111_320.0
STARTS = {
    "tram": ("Tram ",),
    "school": ("Lycée", "Collège", "École", "Groupe scolaire", "Gymnase", "Médiathèque", "Bibliothèque", "Piscine"),
    "park": ("Parc de", "Parc du", "Parc Cl", "Jardin", "Square", "Lac", "Place"),
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A street or a named place; WGS 84 degrees."""

    name: str
    lat: float
    lon: float
    insee: str
    street: bool


@dataclass(frozen=True, slots=True)
class Story:
    """A kind of event. `weight`: its share among all; `rain`, `frost`: how many times more during such a spell."""

    category: str
    weight: float
    when: str
    channels: tuple[str, ...]
    spots: tuple[Spot, ...]
    titles: tuple[str, ...]
    words: tuple[str, ...]
    rain: float
    frost: float


@cache
def spots() -> tuple[Spot, ...]:
    with PLACES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return tuple(
        Spot(row["name"], float(row["lat"]), float(row["lon"]), row["insee"], row["kind"] == "street") for row in rows
    )


def metres_from_centre(spot: Spot) -> float:
    north = (spot.lat - CENTRE[0]) * METRES_A_DEGREE
    east = (spot.lon - CENTRE[1]) * METRES_A_DEGREE * cos(radians(CENTRE[0]))
    return hypot(north, east)


def spots_for(kind: str) -> tuple[Spot, ...]:
    """Where such a thing happens. Raises ValueError when the places know no such kind."""
    if kind == "street":
        found = [spot for spot in spots() if spot.street]
    elif kind == "centre":
        found = [spot for spot in spots() if metres_from_centre(spot) < CENTRE_METRES]
    elif kind in STARTS:
        found = [spot for spot in spots() if spot.name.startswith(STARTS[kind])]
    else:
        found = [spot for spot in spots() if kind == "any" or not spot.street]
    if not found:
        raise ValueError(f"no place of kind {kind}")
    return tuple(found)


@cache
def stories() -> tuple[Story, ...]:
    branches = tomllib.loads(STORIES.read_text(encoding="utf-8"))
    return tuple(
        _story(f"{branch}.{leaf}", told) for branch, leaves in branches.items() for leaf, told in leaves.items()
    )


def _story(category: str, told: dict[str, Any]) -> Story:
    return Story(
        category=category,
        weight=float(told["weight"]),
        when=told["when"],
        channels=tuple(told["from"]),
        spots=spots_for(told["at"]),
        titles=tuple(told["titles"]),
        words=tuple(told["words"]),
        rain=float(told.get("rain", 1.0)),
        frost=float(told.get("frost", 1.0)),
    )
