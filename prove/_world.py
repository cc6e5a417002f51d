"""What `prove matrix` asks about: three incidents with a file each, and everybody who asks."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from access.keys import create_api_key
from access.models import Person
from access.roles import Role
from access.services import give_duty
from incidents.models import Incident
from incidents.services import Draft, declare, restrict
from incidents.services.attaching import keep, record_attachment
from prove import _things_crisis, _things_interventions, step
from prove._callers import bearer
from prove._rules import GATEWAY, OUTSIDER, READER, SEES
from prove._story import CHENOVE, DIJON, SPOTS, person

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
HOME = {
    Role.MUNICIPAL_POLICE: "police-municipale-dijon",
    Role.CREW_LEADER: "eclairage",
    Role.MOBILITY_OPERATOR: "divia",
    Role.COMMUNE_OFFICER: "commune-21231",
    Role.PREFECTURE_LIAISON: "prefecture-21",
}
WHAT = {"light": "lighting.street_light_out", "tram": "mobility.tram_blocked", "secret": "public_safety.theft"}


@dataclass(frozen=True)
class Thing:
    """Something that only some may see: the values it gives to a route's parts, and the words that give it away."""

    values: dict[str, str]
    secrets: tuple[str, ...]


@dataclass(frozen=True)
class World:
    """The things of _rules.SEES, somebody's saved filter, and how each caller is known."""

    things: dict[str, Thing]
    filter_of: Person
    filter_id: str
    people: dict[str, Person]
    tokens: dict[str, dict[str, str]]
    api_key: str

    def secrets_from(self, caller: str) -> list[str]:
        """References and titles that this caller must never be shown."""
        return [text for name, one in self.things.items() if caller not in SEES[name] for text in one.secrets]


def build(url: str) -> World:
    step("making people, machines and incidents")
    people = {str(role): person(role, home=HOME.get(role, "dijon-metropole"),
                                communes=(DIJON,) if role is Role.COMMUNE_OFFICER else ())
              for role in Role if role is not Role.CITIZEN_GATEWAY}  # fmt: skip
    people[OUTSIDER] = person(None, login=OUTSIDER)
    tokens = {
        GATEWAY: bearer(url, "gateway", role=Role.CITIZEN_GATEWAY, scopes=["incidents.read", "reports.write"]),
        READER: bearer(url, "reader", scopes=["incidents.read"]),
    }
    police = people["municipal_police"]
    incidents = {name: incident(name, police) for name in WHAT}
    things = {name: thing(name, one, police) for name, one in incidents.items()}
    things["mission"] = Thing(*_things_interventions.build(people, incidents["light"], PNG))
    things["hook"] = Thing(*_things_interventions.build_hook(people))
    things["crew"] = Thing(*_things_interventions.crew_of(things["mission"].values["crew_id"]))
    _kept, api_key = create_api_key(person=Person.objects.get(login="gateway"), label="proof", by=None)
    for name, told in _things_crisis.build(people, incidents["light"], PNG).items():
        things[name] = Thing(*told)
    return World(things, people["auditor"], str(uuid4()), people, tokens, api_key)


def thing(name: str, one: Incident, police: Person) -> Thing:
    kept = keep(name=f"{name}.png", content=PNG)
    file = record_attachment(incident_id=one.id, by=police, kept=kept)
    values = {"incident_id": str(one.id), "reference": one.reference, "attachment_id": str(file.id)}
    return Thing(values, (one.reference, one.title))


def incident(name: str, police: Person) -> Incident:
    lat, lon = SPOTS[CHENOVE if name == "tram" else DIJON]
    title = f"Titre-{name}-{uuid4().hex[:12]}"
    made = declare(by=police, draft=Draft(category=WHAT[name], lat=lat, lon=lon, title=title))
    return restrict(incident_id=made.id, by=police, reason="enquête") if name == "secret" else made


def spoil(world: World, table: dict[str, Any]) -> None:
    crew = world.people["crew_leader"]
    give_duty(person=crew, role=Role.MUNICIPAL_POLICE, organisation=crew.organisation, by=None)
    del table["api/v1/me/"]
