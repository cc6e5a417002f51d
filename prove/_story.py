"""People and incidents, written through the services: ground for the proofs to stand on."""

from __future__ import annotations

from itertools import cycle, islice

from access.models import Organisation, Person
from access.roles import Role
from access.services import create_person, give_duty
from incidents.models import Category, Incident
from incidents.services import Draft, comment, declare, merge, qualify, resolve, restrict, start

DIJON, CHENOVE = "21231", "21166"
SPOTS = {DIJON: (47.3220, 5.0415), CHENOVE: (47.2930, 5.0080)}


def person(
    role: Role | None, *, login: str = "", home: str = "dijon-metropole", communes: tuple[str, ...] = ()
) -> Person:
    """Somebody with one duty (None: none), without a password."""
    name = login or str(role or "outsider").replace("_", "-")
    at = Organisation.objects.get(key=home)
    made = create_person(login=name, name=name.replace("-", " ").title(), organisation=at, by=None)
    if role is not None:
        give_duty(person=made, role=role, organisation=at, by=None, communes=communes)
    return made


def leaves() -> list[Category]:
    return list(Category.objects.filter(active=True, parent__isnull=False).order_by("key"))


def tell(n: int) -> list[Incident]:
    """`n` incidents that go different ways: worked on, merged, restricted, left alone. About 3 entries each."""
    coordinator = person(Role.INTERVENTION_COORDINATOR)
    police = person(Role.MUNICIPAL_POLICE, home="police-municipale-dijon")
    told: list[Incident] = []
    for number, category in enumerate(islice(cycle(leaves()), n)):
        lat, lon = SPOTS[DIJON]
        draft = Draft(category=category.key, lat=lat + number % 7 * 1e-4, lon=lon, title=f"Récit n° {number} : « é »")
        told.append(_lived(declare(by=coordinator, draft=draft), number, told, coordinator, police))
    return told


def _lived(incident: Incident, number: int, told: list[Incident], coordinator: Person, police: Person) -> Incident:
    way = number % 4
    if way == 0:
        return restrict(incident_id=incident.id, by=police, reason="Enquête en cours")
    if way == 1:
        qualify(incident_id=incident.id, by=coordinator, priority="P2", category=incident.category_id)
        start(incident_id=incident.id, by=coordinator)
        return resolve(incident_id=incident.id, by=coordinator, outcome="Réparé, « tout va bien »")
    if way == 2:
        comment(incident_id=incident.id, by=coordinator, text="Vu sur place")
        return incident
    return merge(incident_id=incident.id, into=told[-1].id, by=coordinator)
