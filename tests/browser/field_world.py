"""A crew's day, for its phone: missions in every state, a shift under way, a vehicle."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from access.models import Person
from access.roles import Role
from incidents.services.handling import clock
from interventions.models import Crew, Intervention, Shift, Vehicle
from tests import cast
from tests.interventions import means

MINUTE = timedelta(minutes=1)
SHEET: list[dict[str, Any]] = [
    {"key": "zone", "text": "Zone balisée", "needed": True},
    {"key": "off", "text": "Consignation faite", "needed": True},
    {"key": "safe", "text": "Câble isolé, trappe posée"},
    {"key": "on", "text": "Remise sous tension"},
    {"key": "photo", "text": "Photo après travaux", "photo": True, "needed": True},
]


@dataclass
class Day:
    leader: Person
    crew: Crew
    here: Intervention
    next: Intervention
    later: Intervention
    over: Intervention


def day(*, lone: bool = True) -> Day:
    """One mission on site, one to accept, one accepted, one verified."""
    leader, now = cast.person(Role.CREW_LEADER, name="Gaëlle Petit"), clock()
    van = Vehicle.objects.create(code="ECL-12", organisation=leader.organisation)
    crew = means.crew(leader=leader, name="Éclairage 2", vehicle=van, on_shift=False)
    Shift.objects.create(crew=crew, starts_at=now - 300 * MINUTE, ends_at=now + 180 * MINUTE)

    def mission(status: str, title: str, address: str, start: int, **fields: Any) -> Intervention:
        slot: dict[str, Any] = {
            "slot_start": now + start * MINUTE,
            "slot_end": now + (start + 60) * MINUTE,
            "address": address,
        }
        return means.mission(
            status=status, with_crew=crew, title=title, assigned_at=now - 200 * MINUTE, **slot, **fields
        )

    done = {"done": True, "done_at": (now - 20 * MINUTE).isoformat()}
    sheet = [{**SHEET[0], **done}, *SHEET[1:]]
    signs: dict[str, Any] = {"lone": True, "check_in_minutes": 20, "check_in_due": now + 12 * MINUTE} if lone else {}
    return Day(
        leader=leader,
        crew=crew,
        here=mission(
            "on_site", "Câble à nu, pied de mât 0412", "Parking Toison d’Or", -30, checklist=sheet, ticked=1,
            checklist_title="Fiche « Câble à nu » v4", accepted_at=now - 50 * MINUTE, departed_at=now - 40 * MINUTE,
            arrived_at=now - 30 * MINUTE, **signs,
        ),
        next=mission("assigned", "Lampe clignotante, rue Vannerie", "12 rue Vannerie", 40, priority="P2"),
        later=mission("accepted", "Trappe de mât, rue Devosge", "rue Devosge", 110, priority="P4", accepted_at=now),
        over=mission("verified", "Rénovation LED, Fontaine d’Ouche", "", -240, done_at=now - 150 * MINUTE),
    )  # fmt: skip
