"""People named on the missions of a restricted incident: the crew's own, for as long as it has the mission."""

from collections.abc import Iterable
from typing import cast

from guardian.shortcuts import get_users_with_perms

from access.models import Person
from access.services import grant, withdraw_grant
from incidents.workflow import Sensitivity
from interventions.models import Intervention

SEE = "interventions.see_intervention"


def put_names_on(one: Intervention, *, by: Person | None) -> None:
    """Name the crew's people, when its incident is restricted. Nothing otherwise: duties open it."""
    if one.crew is None or one.incident is None or one.incident.sensitivity != Sensitivity.RESTRICTED:
        return
    for person in crew_people(one):
        grant(person=person, permission=SEE, about=one, by=by)


def take_names_off(one: Intervention, *, by: Person | None) -> None:
    """Forget the names; the next crew gets its own."""
    if one.incident is None or one.crew_id is None:
        return
    named = get_users_with_perms(one, only_with_perms_in=["see_intervention"])
    for person in cast("Iterable[Person]", named):
        withdraw_grant(person=person, permission=SEE, about=one, by=by)


def crew_people(one: Intervention) -> list[Person]:
    if one.crew is None:
        return []
    people = {person.id: person for person in one.crew.members.all()}
    if one.crew.leader is not None:
        people[one.crew.leader.id] = one.crew.leader
    return list(people.values())
