"""The demo's people, one for each duty. They exist only where `manage.py demo` made them, never under `up`."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from access import services
from access.models import Duty, Organisation, Person
from access.roles import ROLES, Role

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class DemoPerson:
    login: str
    name: str
    role: Role
    organisation: str
    communes: tuple[str, ...] = ()

    @property
    def title(self) -> "_StrPromise":
        return ROLES[self.role].title

    @property
    def entering(self) -> str:
        """The duty as it stands inside a sentence: "coordonnateur d’interventions"."""
        title = str(self.title)
        return title[:1].lower() + title[1:]


PEOPLE = (
    DemoPerson("amandine", "Amandine Roy", Role.CALL_TAKER, "dijon-metropole"),
    DemoPerson("bastien", "Bastien Morel", Role.VIDEO_OPERATOR, "dijon-metropole"),
    DemoPerson("chloe", "Chloé Garnier", Role.MUNICIPAL_POLICE, "police-municipale-dijon"),
    DemoPerson("damien", "Damien Perrot", Role.BUILDING_SUPERVISOR, "dijon-metropole"),
    DemoPerson("elodie", "Élodie Jacquet", Role.EQUIPMENT_SUPERVISOR, "dijon-metropole"),
    DemoPerson("farid", "Farid Benali", Role.INTERVENTION_COORDINATOR, "dijon-metropole"),
    DemoPerson("gaelle", "Gaëlle Petit", Role.CREW_LEADER, "eclairage"),
    DemoPerson("hugo", "Hugo Lambert", Role.MOBILITY_OPERATOR, "divia"),
    DemoPerson("ines", "Inès Chevalier", Role.COMMUNE_OFFICER, "commune-21166", ("21166",)),
    DemoPerson("jerome", "Jérôme Vincent", Role.CRISIS_DIRECTOR, "dijon-metropole"),
    DemoPerson("karine", "Karine Mercier", Role.CRISIS_MEMBER, "dijon-metropole"),
    DemoPerson("loic", "Loïc Baudry", Role.LOGBOOK_SECRETARY, "dijon-metropole"),
    DemoPerson("manon", "Manon Faivre", Role.PREFECTURE_LIAISON, "prefecture-21"),
    DemoPerson("nicolas", "Nicolas Aubert", Role.AUDITOR, "dijon-metropole"),
    DemoPerson("oceane", "Océane Marchand", Role.ADMINISTRATOR, "dijon-metropole"),
)


def load_people() -> int:
    """Make the demo people that are missing, each with one duty; returns how many were made."""
    made = 0
    for demo in PEOPLE:
        organisation = Organisation.objects.get(key=demo.organisation)
        person = Person.objects.filter(login=demo.login).first()
        if person is None:
            person = services.create_person(login=demo.login, name=demo.name, organisation=organisation, by=None)
            made += 1
        if not Duty.objects.filter(person=person).exists():
            services.give_duty(
                person=person, role=demo.role, organisation=organisation, by=None, communes=demo.communes
            )
    return made
