"""A day of the dispatch board: crews with shifts and positions, missions waiting, under way and done, written straight into
the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import cycle, islice
from random import Random
from typing import Any

from django.utils import timezone

from access.models import Organisation
from incidents.models import Category
from interventions.models import Crew, Intervention, Shift, Vehicle
from interventions.workflow import HELD, Status
from territory.models import Commune

# Owner, name, skills.
KINDS = (
    ("eclairage", "Éclairage", ["lighting", "electricity", "platform"]),
    ("signalisation", "Feux", ["signals", "electricity", "marking"]),
    ("voirie", "Voirie", ["roads", "marking", "snow"]),
    ("eau", "Eau", ["water", "sewers", "pumping"]),
    ("espaces-verts", "Espaces verts", ["green", "tree_felling", "platform"]),
    ("proprete", "Propreté", ["cleaning", "graffiti", "snow"]),
)
# Category, title, skills, minutes, priority.
WORK = (
    ("lighting.cabinet_failure", "Armoire éteinte, rue de la Liberté", ["lighting", "electricity"], 60, "P2"),
    ("lighting.street_light_out", "Lampadaire éteint, allée du Parc", ["lighting"], 45, "P3"),
    ("lighting.pole_damaged", "Mât heurté, rond-point Kennedy", ["lighting", "electricity"], 90, "P2"),
    ("traffic_signals", "Carrefour éteint, place du 30-Octobre", ["signals", "electricity"], 60, "P2"),
    ("roads.collapse", "Chaussée effondrée, rue de Longvic", ["roads", "marking"], 120, "P1"),
    ("roads", "Nid-de-poule, rue de Mirande", ["roads"], 45, "P4"),
    ("water.main_burst", "Fuite sur branchement, rue Monge", ["water", "pumping"], 120, "P3"),
    ("green_spaces.fallen_tree", "Arbre couché, lac Kir", ["green", "tree_felling"], 90, "P3"),
    ("cleanliness.graffiti", "Tags, gymnase des Poussots", ["graffiti"], 60, "P4"),
    ("cleanliness", "Dépôt sauvage, rue des Ateliers", ["cleaning"], 30, "P3"),
)
TARGET = {"P1": 30, "P2": 60, "P3": 240, "P4": 2880}
DAY_SHARE = 0.8
MINUTE = timedelta(minutes=1)

Slot = tuple[datetime | None, datetime | None]


def crews(number: int, *, now: datetime, dice: Random) -> list[Crew]:
    """So many crews, most of them on shift now, some on call, each with a vehicle that was seen a while ago."""
    owners = {one.key: one for one in Organisation.objects.filter(key__in=[kind[0] for kind in KINDS])}
    made, vehicles, shifts = [], [], []
    for index, (key, name, skills) in enumerate(islice(cycle(KINDS), number), 1):
        owner, age = owners[key], dice.choice([9, 20, 40, 70, 1600])
        lat, lon = 47.322 + dice.uniform(-0.05, 0.05), 5.041 + dice.uniform(-0.07, 0.07)
        seen = {"lat": lat, "lon": lon, "seen_at": now - timedelta(seconds=age), "source": "tracker"}
        vehicles.append(Vehicle(code=f"VH-{index:03}", organisation=owner, **seen))
        number_of = (index - 1) // len(KINDS) + 1
        told = {"skills": skills, "base_lat": lat, "base_lon": lon, "vehicle": vehicles[-1]}
        made.append(Crew(name=f"{name} {number_of}", organisation=owner, **told))
        shifts += shifts_of(made[-1], now=now, dice=dice)
    Vehicle.objects.bulk_create(vehicles)
    Crew.objects.bulk_create(made)
    Shift.objects.bulk_create(shifts)
    return made


def shifts_of(crew: Crew, *, now: datetime, dice: Random) -> list[Shift]:
    if dice.random() > DAY_SHARE:
        start = now + timedelta(hours=dice.randint(2, 5))
        return [Shift(crew=crew, kind="on_call", starts_at=start, ends_at=start + timedelta(hours=12))]
    start = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=dice.randint(3, 6))
    return [Shift(crew=crew, kind="planned", starts_at=start, ends_at=start + timedelta(hours=9))]


def missions(number: int, held_by: list[Crew], *, now: datetime, dice: Random) -> list[Intervention]:
    """So many open missions: one a third under way or planned with crews, the rest waiting; and what was done today."""
    rows: list[Intervention] = []
    kinds = {one.key: one for one in Category.objects.all()}
    communes = list(Commune.objects.all())
    for crew, status, start, end in slots(held_by, number // 3, now=now, dice=dice):
        rows.append(
            mission(len(rows), kinds, communes, now=now, dice=dice, crew=crew, status=status, slot=(start, end))
        )
    waiting = number - sum(row.status in HELD for row in rows)
    rows += [mission(len(rows) + n, kinds, communes, now=now, dice=dice) for n in range(waiting)]
    return Intervention.objects.bulk_create(rows)


def slots(
    held_by: list[Crew], wanted: int, *, now: datetime, dice: Random
) -> Iterator[tuple[Crew, Status, datetime, datetime]]:
    """Each crew's day: what is done, one under way, what is to come; stops once enough are held."""
    held = 0
    for turn in range(1 + wanted // max(1, len(held_by))):
        for crew in held_by:
            if turn == 0:
                done = now - timedelta(minutes=dice.randint(150, 200))
                yield crew, Status.VERIFIED, done, done + timedelta(minutes=dice.randint(30, 80))
            if held >= wanted:
                continue
            status = dice.choice([Status.ON_SITE, Status.EN_ROUTE]) if turn == 0 else Status.ACCEPTED
            start = now - timedelta(minutes=dice.randint(5, 55)) if turn == 0 else now + timedelta(hours=2 * turn)
            held += 1
            yield crew, status, start, start + timedelta(minutes=60)


def mission(
    number: int, kinds: dict[str, Category], communes: list[Commune], *, now: datetime, dice: Random,
    crew: Crew | None = None, status: str = Status.PROPOSED, slot: Slot = (None, None),
) -> Intervention:  # fmt: skip
    fitting = [one for one in WORK if crew is None or set(one[2]) <= set(crew.skills)] or list(WORK)
    category, title, skills, minutes, priority = dice.choice(fitting)
    commune = dice.choice(communes)
    created = (slot[0] or now) - MINUTE * dice.randint(1, 90)
    one = Intervention(
        **times(status, slot, created=created, minutes=TARGET[priority]),
        reference=f"DM-{now.year}-{4000 + number:06}-1",
        title=title,
        status=status,
        priority=priority,
        category=kinds[category],
        skills=skills,
        crew=crew,
        organisation=crew.organisation if crew else None,
        lat=commune.town_hall_lat + dice.uniform(-0.01, 0.01),
        lon=commune.town_hall_lon + dice.uniform(-0.01, 0.01),
        commune=commune,
        address=title.partition(", ")[2],
        duration_minutes=minutes,
    )
    one.audiences = one.compute_audiences()
    return one


def times(status: str, slot: Slot, *, created: datetime, minutes: int) -> dict[str, Any]:
    """Its clocks, and what its state says of arriving and finishing."""
    start, end = slot
    told: dict[str, Any] = {"slot_start": start, "slot_end": end, "created_at": created}
    told |= {"response_due": created + MINUTE * minutes, "repair_due": created + MINUTE * minutes * 4}
    if status in (Status.ON_SITE, Status.VERIFIED):
        told["arrived_at"] = start
    if status == Status.VERIFIED:
        told |= {"done_at": end, "verified_at": end, "outcome": "Remis en état"}
    return told


def fill(open_missions: int, crew_number: int, *, seed: int = 7) -> tuple[list[Crew], list[Intervention]]:
    """The whole day, the same for the same seed but for the clock."""
    now, dice = timezone.now(), Random(seed)
    made = crews(crew_number, now=now, dice=dice)
    return made, missions(open_missions, made, now=now, dice=dice)
