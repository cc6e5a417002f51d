"""Named people only: restrict, lift it, and say who is named."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.utils.translation import gettext as _
from guardian.shortcuts import get_users_with_perms

from access.models import Person
from access.services import grant, withdraw_grant
from incidents import events
from incidents.models import Incident
from incidents.services.acting import Change, acting, lock, words
from incidents.services.merging import gathered_by, lock_in_order
from incidents.workflow import Sensitivity
from journal.errors import Invalid, WrongState
from journal.services import writing

SEE = "see_incident"


def restrict(
    *, incident_id: UUID, by: Person, reason: str, people: Collection[UUID] = (), version: int | None = None
) -> Incident:
    """Only named people see it from now on: those given, the one who restricts, and its assignee. Others' screens drop
    it at once, its past entries included; and so for all that was merged into it, which tells the same story."""
    with writing(by), _whole_story(incident_id, "restrict", by, version) as (change, merged):
        incident = change.incident
        if incident.sensitivity == Sensitivity.RESTRICTED:
            raise WrongState(_("It is restricted already."))
        reason = words(incident, reason, name="reason")
        named = _people({by.id, *people} | ({incident.assignee_id} if incident.assignee_id else set()))
        for one in (change, *merged):
            if one.incident.sensitivity == Sensitivity.NORMAL:
                for person in named:
                    grant(person=person, permission=f"incidents.{SEE}", about=one.incident, by=by)
                one.incident.sensitivity = Sensitivity.RESTRICTED
                one.done(events.Restricted, reason=reason)
        return incident


def unrestrict(*, incident_id: UUID, by: Person, reason: str, version: int | None = None) -> Incident:
    """Everyone whose duty reaches it sees it again, and all that was merged into it; the names are taken off."""
    with writing(by), _whole_story(incident_id, "unrestrict", by, version) as (change, merged):
        incident = change.incident
        if incident.sensitivity == Sensitivity.NORMAL:
            raise WrongState(_("It is not restricted."))
        reason = words(incident, reason, name="reason")
        for one in (change, *merged):
            if one.incident.sensitivity == Sensitivity.RESTRICTED:
                for person in named_people(one.incident):
                    withdraw_grant(person=person, permission=f"incidents.{SEE}", about=one.incident, by=by)
                one.incident.sensitivity = Sensitivity.NORMAL
                one.done(events.Unrestricted, reason=reason)
        return incident


@contextmanager
def _whole_story(incident_id: UUID, act: str, by: Person, version: int | None) -> Iterator[tuple[Change, list[Change]]]:
    """The act on an incident, and the same on everything merged into it: the right over the survivor is enough."""
    ids = gathered_by(incident_id)
    lock_in_order(*ids)
    with acting(act, incident_id=incident_id, by=by, version=version) as change:
        rest = [
            Change(lock(one), change.access, change.move, change.writer) for one in sorted(ids) if one != incident_id
        ]
        yield change, rest


def name_people(
    *,
    incident_id: UUID,
    by: Person,
    add: Collection[UUID] = (),
    remove: Collection[UUID] = (),
    version: int | None = None,
) -> Incident:
    """Add names to a restricted incident, or take some off. Raises Invalid for somebody unknown."""
    with acting("name_people", incident_id=incident_id, by=by, version=version) as change:
        incident = change.incident
        if incident.sensitivity != Sensitivity.RESTRICTED:
            raise WrongState(_("It is not restricted."))
        added, removed = _people(set(add)), _people(set(remove))
        for person in added:
            grant(person=person, permission=f"incidents.{SEE}", about=incident, by=by)
        for person in removed:
            withdraw_grant(person=person, permission=f"incidents.{SEE}", about=incident, by=by)
        names = {"added": [one.id for one in added], "removed": [one.id for one in removed]}
        return change.done(events.PeopleNamed, **names)


def _people(ids: Collection[UUID]) -> list[Person]:
    found = list(Person.objects.filter(id__in=ids, is_active=True).order_by("id"))
    if len(found) != len(ids):
        raise Invalid(errors={"people": [_("No such person.")]})
    return found


def named_people(incident: Incident) -> list[Person]:
    """Who is named on it, by name."""
    named = get_users_with_perms(incident, only_with_perms_in=[SEE], with_superusers=False, with_group_users=False)
    return sorted(named, key=lambda person: person.name)
