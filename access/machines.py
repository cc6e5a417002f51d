"""Machines as people of the post, for the commands that give them keys."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from access import services
from access.models import Duty, Organisation, Person
from access.roles import Role
from journal.errors import Conflict, NotFound
from journal.services import writing


def machine(*, login: str, name: str, organisation: str, role: Role, communes: Sequence[str] = ()) -> Person:
    """The machine of this login, made with its duty when it is new. `organisation` is a key.

    Raises NotFound for an unknown organisation, Conflict when the login is a human's.
    """
    home = Organisation.objects.filter(key=organisation).first()
    if home is None:
        raise NotFound(_("There is no such organisation."))
    with writing(None):
        person = Person.objects.filter(login=login.lower()).first()
        if person is None:
            person = services.create_person(
                login=login, name=name, organisation=home, kind=Person.Kind.MACHINE, by=None
            )
        if person.kind != Person.Kind.MACHINE:
            raise Conflict(_("This login is taken."))
        if not Duty.objects.filter(person=person, role=role, valid_until=None).exists():
            services.give_duty(person=person, role=role, organisation=home, communes=communes, by=None)
    return person


def house() -> Person:
    """The post itself, when it reports something that no person and no device said."""
    return machine(login="ondijon", name="OnDijon", organisation="dijon-metropole", role=Role.INTERVENTION_COORDINATOR)
