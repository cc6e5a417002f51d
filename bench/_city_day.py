"""A day of a city for bench/dispatch.py: interventions and crews drawn from a seed, and two simple ways to plan them."""

from __future__ import annotations

import random
from uuid import UUID

from interventions import travel
from interventions.planning.problem import WEIGHTS, Break, Job, Problem, Turn, places_of
from interventions.skills import content
from territory.geometry import LatLon

HOUR = 3600
CENTRE = (47.322, 5.0415)
TRADES = (  # what crews can do, as often as in the demo
    *((("lighting", "electricity"), 6), (("lighting", "electricity", "platform"), 4)),
    *((("signals", "electricity"), 4), (("signals", "electricity", "marking"), 4)),
    *((("roads", "marking", "snow"), 8), (("roads", "snow"), 4), (("roads", "marking", "snow", "pumping"), 2)),
    *((("water", "pumping"), 4), (("water", "sewers"), 4), (("sewers", "pumping", "water"), 2)),
    *((("green", "tree_felling", "platform"), 2), (("green", "tree_felling"), 4), (("green",), 2)),
    *((("cleaning", "graffiti"), 5), (("cleaning",), 3)),
    *((("building_trades", "building_security"), 3), (("building_security",), 2)),
    *((("police",), 5), (("transit",), 2)),
)
DECK = [skills for skills, number in TRADES for _n in range(number)]
PRIORITIES = ("P1", "P2", "P2", "P3", "P3", "P3", "P3", "P3", "P4", "P4")


def city_day(seed: int, interventions: int, crews: int) -> Problem:
    """So many interventions and crews: skills and durations of the real table, shifts that end at different hours, targets
    of an hour for the urgent, windows for some of the rest, one crew in five between two fixed missions."""
    dice = random.Random(seed)
    jobs = tuple(_job(dice) for _n in range(interventions))
    turns = tuple(turn for n in range(crews) for turn in _turns(dice, n))
    places = places_of(jobs, turns)
    return Problem(jobs, turns, places, travel.Estimation(1.35, 25.0).table(places, places).seconds)


def _spot(dice: random.Random) -> LatLon:
    spread = 0.012 if dice.random() < 0.6 else 0.035
    return (round(dice.gauss(CENTRE[0], spread), 6), round(dice.gauss(CENTRE[1], spread * 1.4), 6))


def _job(dice: random.Random) -> Job:
    trade = frozenset(dice.choice(DECK))  # work comes as often as there are crews for it, as far as a city plans well
    need = dice.choice(
        [need for need in content()["needs"].values() if need["skills"] and trade.issuperset(need["skills"])]
    )
    priority = dice.choice(PRIORITIES)
    earliest = dice.choice((0, 0, 0, 1, 2, 3)) * HOUR if priority > "P2" else 0
    latest = {"P1": HOUR, "P2": 3 * HOUR}.get(priority, dice.choice((3, 4, 6, 9)) * HOUR + earliest)
    minutes = min(int(need.get("minutes", 60)), 120)
    return Job(
        id=UUID(int=dice.getrandbits(128)), at=_spot(dice), seconds=60 * minutes, needs=frozenset(need["skills"]),
        earliest=earliest, latest=latest, weight=WEIGHTS[priority],
    )  # fmt: skip


def _turns(dice: random.Random, n: int) -> list[Turn]:
    offers, crew, start = frozenset(DECK[n * 7 % len(DECK)]), UUID(int=dice.getrandbits(128)), _spot(dice)
    since, until = dice.choice((0, 0, 0, 1)) * HOUR, dice.choice((6, 7, 8, 9)) * HOUR
    pause = Break(20 * 60, since + 2 * HOUR, since + 4 * HOUR)
    if n % 5:
        return [Turn(crew, start, None, since, until, offers, pause)]
    fixed, begins = _spot(dice), since + 2 * HOUR
    return [
        Turn(crew, start, fixed, since, begins, offers),
        Turn(crew, fixed, None, begins + HOUR, until, offers, Break(20 * 60, begins + HOUR, begins + 3 * HOUR)),
    ]
