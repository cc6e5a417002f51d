"""When what is told: an endless plan of reports, the same for the same seed.

Rates follow the real post (DOMAIN.md): 700 to 1,000 reports a day, fewer at week-ends, hardly any before dawn; a spell
of rain and wind, or of frost, brings its own troubles. The plan begins on a Monday at 7.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp
from random import Random

from ondijon.simulator.stories import METRES_A_DEGREE, Spot, Story, stories

DAY, HOUR, MINUTE = 86_400.0, 3_600.0, 60.0
BEGINS = 7 * HOUR
REPORTS_A_DAY = (920, 890, 880, 890, 910, 770, 690)  # Monday first
# Share of a day's reports in each hour, in thousandths.
HOURS = (10, 7, 5, 4, 5, 10, 25, 50, 75, 80, 80, 70, 55, 55, 70, 72, 70, 68, 60, 45, 32, 24, 16, 12)
PROFILES = {
    "any": (1.0,) * 24,
    "day": (0.2,) * 6 + (0.6, 1.0) + (1.2,) * 11 + (0.9, 0.7, 0.5, 0.3, 0.2),
    "morning": (0.1,) * 5 + (0.8, 2.0, 3.0, 3.0, 2.5, 1.5) + (0.8,) * 3 + (0.3,) * 10,
    "rush": (0.1,) * 6 + (0.6, 2.2, 2.2, 1.2) + (0.8,) * 6 + (1.8, 2.4, 2.0, 1.0, 0.6, 0.4, 0.3, 0.2),
    "evening": (2.0, 1.0, 0.6, 0.4, 0.4, 0.8, 1.2, 0.8) + (0.3,) * 8 + (0.8, 1.6, 2.4, 3.0, 3.5, 4.0, 4.0, 3.0),
    "night": (9.0, 8.0, 7.0, 5.0, 3.0, 1.0) + (0.3,) * 12 + (0.6, 1.0, 2.0, 3.5, 6.0, 8.0),
}
SPELL_DAYS, MORE_IN_A_SPELL = 0.5, 1.3
TWIN_SHARE, CANCELLED_SHARE, COMMENT_SHARE = 0.07, 0.05, 0.3
TWIN_WINDOW = 25  # a second caller tells of one of this many last things
FIRST = ("Jeanne", "Louis", "Nadia", "Paul", "Sylvie", "Karim", "Odile", "Thierry", "Léa", "Mehdi", "Colette", "Yann")
LAST = ("Robert", "Moreau", "Benoît", "Girard", "Roussel", "Haddad", "Perrin", "Clerc", "Lopez", "Gauthier", "Noirot")
AGAIN = ("Je signale à mon tour : ", "Toujours là : ", "Moi aussi je constate : ", "")
NOTES = (
    "Équipe prévenue, passage dans la journée.",
    "Photo reçue, le lieu est confirmé.",
    "Riverain rappelé, il confirme.",
    "Déjà vu la semaine dernière au même endroit.",
    "Balisage posé en attendant.",
)
OUTCOMES = (
    "Intervention faite, remis en état.",
    "Nettoyé et contrôlé sur place.",
    "Réparé provisoirement, travaux programmés.",
    "Remis en service, essai concluant.",
)


@dataclass(frozen=True, slots=True)
class Fate:
    """How the post will handle it: minutes of the city's clock before each step, and turns on the way."""

    qualify: float
    assign: float
    start: float
    resolve: float
    close: float
    cancelled: bool
    note: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Telling:
    """One report as it reaches the post. `at`: seconds of the city's clock since the plan's first midnight."""

    number: int
    at: float
    channel: str
    category: str
    title: str
    words: str
    address: str
    lat: float
    lon: float
    name: str
    phone: str
    email: str
    twin_of: int | None
    fate: Fate


@dataclass(frozen=True, slots=True)
class Spell:
    """Bad weather. Seconds since the plan's first midnight."""

    kind: str
    starts: float
    ends: float


def spells(seed: int) -> Iterator[Spell]:
    """The bad weather of each day that has some, in order."""
    rng, day = Random(f"weather-{seed}"), 0  # noqa: S311  a simulation, no secret
    while True:
        kind, hours, starts = rng.choice(("rain", "rain", "frost")), rng.uniform(2, 6), rng.uniform(8, 19)
        if rng.random() < SPELL_DAYS:
            starts = 5.5 if kind == "frost" else starts
            yield Spell(kind, day * DAY + starts * HOUR, day * DAY + (starts + hours) * HOUR)
        day += 1


def tellings(seed: int, *, begins: float = BEGINS) -> Iterator[Telling]:
    """Everything that is told from `begins` on (seconds since the first midnight), without end."""
    rng, weather, number = Random(seed), spells(seed), 0  # noqa: S311  a simulation, no secret
    spell, minute = next(weather), begins
    recent: list[Telling] = []
    while True:
        while spell.ends < minute:
            spell = next(weather)
        kind = spell.kind if spell.starts <= minute else ""
        for second in sorted(rng.uniform(0, MINUTE) for _ in range(_poisson(rng, rate(minute, kind)))):
            telling = _told(rng, number, minute + second, kind, recent)
            recent = [*recent[-TWIN_WINDOW:], telling]
            number += 1
            yield telling
        minute += MINUTE


def rate(at: float, weather: str = "") -> float:
    """Reports a minute at this second of the plan."""
    day, hour = int(at // DAY) % 7, int(at % DAY // HOUR)
    share = HOURS[hour] / sum(HOURS)
    return REPORTS_A_DAY[day] * share / 60 * (MORE_IN_A_SPELL if weather else 1.0)


def weights(at: float, weather: str) -> list[float]:
    """How likely each story is at this second."""
    hour = int(at % DAY // HOUR)
    return [story.weight * PROFILES[story.when][hour] * _weather(story, weather) for story in stories()]


def _weather(story: Story, weather: str) -> float:
    return {"rain": story.rain, "frost": story.frost}.get(weather, 1.0)


def _poisson(rng: Random, mean: float) -> int:
    # Knuth, The Art of Computer Programming, vol. 2, 3.4.1: enough for means of a few units.
    limit, product, count = exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def _told(rng: Random, number: int, at: float, weather: str, recent: list[Telling]) -> Telling:
    (story,) = rng.choices(stories(), weights(at, weather))
    spot = rng.choice(story.spots)
    first = rng.choice(recent) if recent and rng.random() < TWIN_SHARE else None
    if first is not None and first.twin_of is None and first.channel in ("citizen", "phone"):
        return _twin(rng, number, at, first)
    lat, lon = _beside(rng, spot.lat, spot.lon, 25.0)
    name, told = f"{rng.choice(FIRST)} {rng.choice(LAST)}", rng.randrange(len(story.words))
    return Telling(
        number=number,
        at=at,
        channel=rng.choice(story.channels),
        category=story.category,
        title=story.titles[told % len(story.titles)],
        words=story.words[told],
        address=_address(rng, spot),
        lat=lat,
        lon=lon,
        name=name,
        phone=f"06 39 98 {rng.randrange(100):02} {rng.randrange(100):02}",  # numbers kept for fiction by the regulator
        email=f"habitant.{number}@example.org",
        twin_of=None,
        fate=fate_of(rng),
    )


def _twin(rng: Random, number: int, at: float, first: Telling) -> Telling:
    """Somebody else tells of the same thing, a few metres off and in other words."""
    lat, lon = _beside(rng, first.lat, first.lon, 15.0)
    name = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
    return Telling(
        number=number,
        at=at,
        channel=rng.choice(("citizen", "phone")) if first.channel == "citizen" else "phone",
        category=first.category,
        title=first.title,
        words=rng.choice(AGAIN) + first.words,
        address=first.address,
        lat=lat,
        lon=lon,
        name=name,
        phone=f"06 39 98 {rng.randrange(100):02} {rng.randrange(100):02}",
        email=f"habitant.{number}@example.org",
        twin_of=first.number,
        fate=fate_of(rng),
    )


def _beside(rng: Random, lat: float, lon: float, metres: float) -> tuple[float, float]:
    return (
        round(lat + rng.uniform(-metres, metres) / METRES_A_DEGREE, 6),
        round(lon + rng.uniform(-metres, metres) / METRES_A_DEGREE / 0.678, 6),  # cosine of Dijon's latitude
    )


def _address(rng: Random, spot: Spot) -> str:
    return f"{rng.randrange(1, 90)} {spot.name[0].lower()}{spot.name[1:]}" if spot.street else spot.name


def fate_of(rng: Random) -> Fate:
    """How one incident will be handled."""
    return Fate(
        qualify=rng.uniform(1, 8),
        assign=rng.uniform(1, 4),
        start=rng.uniform(3, 15),
        resolve=rng.lognormvariate(3.0, 0.5),
        close=rng.uniform(5, 20),
        cancelled=rng.random() < CANCELLED_SHARE,
        note=rng.choice(NOTES) if rng.random() < COMMENT_SHARE else "",
        outcome=rng.choice(OUTCOMES),
    )
