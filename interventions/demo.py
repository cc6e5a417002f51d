"""The demo's means: 28 crews over the organisations, 205 vehicles, weeks that repeat. Only where the demo made them."""

import tomllib
import unicodedata
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

from django.db.models import Q
from django.utils import timezone

from access import services as access
from access.models import Organisation, Person
from access.roles import Role
from incidents.services.handling import clock
from interventions.choosing.hours import REST
from interventions.models import Crew, Shift, ShiftPattern, Vehicle
from interventions.selectors import CREW_RELATED
from interventions.services import rostering
from interventions.shifts import PARIS
from interventions.workflow import ShiftKind
from journal.services import writing
from territory.geometry import LatLon

FILE = Path(__file__).parent / "data" / "demo_means.toml"
SHOWN = "shown"  # the week of a crew that visitors lead


def load_means() -> int:
    """Make the crews, vehicles and patterns that are missing, and the shifts of the next fourteen days, counted from now.
    Returns how many crews were made. Load the people before: one of them leads a crew."""
    content: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    owners = {one.key: one for one in Organisation.objects.all()}
    made = 0
    with writing(None):
        vehicles = _vehicles(content["fleet"], owners)
        known = set(Crew.objects.values_list("name", flat=True))
        for row in content["crew"]:
            if row["name"] not in known:
                _crew(row, content, owners, vehicles[row["organisation"]])
                made += 1
        rostering.extend_shifts()
        for row in content["crew"]:
            if row["week"] == SHOWN:
                _keep_there(Crew.objects.select_related(*CREW_RELATED).get(name=row["name"]))
    return made


def _keep_there(crew: Crew) -> None:
    """On shift from an hour ago, or still, for half a day more: one working day, so that no rest is due in between."""
    now = clock()
    latest = crew.shifts.filter(kind=ShiftKind.PLANNED, ends_at__gt=now - REST).order_by("-starts_at").first()
    shift = latest or Shift(crew=crew, kind=ShiftKind.PLANNED, starts_at=now - timedelta(hours=1))
    shift.ends_at = now + timedelta(hours=12)
    shift.save()
    with writing(None) as record:
        rostering.told(crew, record)


def _vehicles(fleet: list[dict[str, Any]], owners: dict[str, Organisation]) -> dict[str, list[Vehicle]]:
    """Those of each organisation that no crew has, in order."""
    rows = [
        Vehicle(
            code=f"{row['letters']}-{number:03d}",
            label=row["label"],
            organisation=owners[row["organisation"]],
            tracker=f"demo-{row['letters'].lower()}-{number:03d}",
        )
        for row in fleet
        for number in range(1, row["number"] + 1)
    ]
    Vehicle.objects.bulk_create(rows, ignore_conflicts=True)
    found: dict[str, list[Vehicle]] = {row["organisation"]: [] for row in fleet}
    for vehicle in Vehicle.objects.filter(Q(crew=None), tracker__startswith="demo-").select_related("organisation"):
        found[vehicle.organisation.key].append(vehicle)
    return found


def _crew(row: dict[str, Any], content: dict[str, Any], owners: dict[str, Organisation], free: list[Vehicle]) -> None:
    lat, lon = content["depots"][row["at"]]
    vehicle = free.pop(0)
    _park(vehicle, (lat, lon))
    crew = Crew.objects.create(
        name=row["name"],
        organisation=owners[row["organisation"]],
        leader=_leader(row["leader"], owners[row["organisation"]]),
        skills=row["skills"],
        vehicle=vehicle,
        base_lat=lat,
        base_lon=lon,
    )
    week = content["weeks"][row["week"]]
    since = timezone.localdate(clock(), PARIS) - timedelta(days=1)
    for kind, name in (("planned", "planned"), ("on_call", "call")):
        for one in week.get(name, ()):
            _pattern(crew, kind, one, since)


def _pattern(crew: Crew, kind: str, row: dict[str, Any], since: date) -> None:
    ShiftPattern.objects.create(
        crew=crew,
        kind=kind,
        weekdays=row["weekdays"],
        starts=time.fromisoformat(row["starts"]),
        ends=time.fromisoformat(row["ends"]),
        valid_from=since,
    )


def _park(vehicle: Vehicle, at: LatLon) -> None:
    """At its depot, until the simulator drives it."""
    vehicle.lat, vehicle.lon = at
    vehicle.seen_at, vehicle.source = clock(), "depot"
    vehicle.save(update_fields=["lat", "lon", "seen_at", "source"])


def _leader(name: str, organisation: Organisation) -> Person:
    """One of the demo's people by login, or somebody made for this crew, with a crew leader's duty."""
    known = Person.objects.filter(login=name).first()
    if known is not None:
        return known
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    login = plain.lower().replace(" ", ".")
    person = Person.objects.filter(login=login).first()
    if person is None:
        person = access.create_person(login=login, name=name, organisation=organisation, by=None)
        access.give_duty(person=person, role=Role.CREW_LEADER, organisation=organisation, by=None)
    return person
