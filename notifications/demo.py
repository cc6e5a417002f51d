"""The demo's telephone numbers, addresses and rotas; they exist only where `manage.py demo` made them.

The numbers are among those that ARCEP keeps for works of fiction (06 39 98 xx xx); the addresses end in .example.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta

from access.demo import PEOPLE, DemoPerson
from access.models import Organisation, Person
from access.services import edit_person
from notifications.models import Contact, Rota
from notifications.on_call import clock
from notifications.picture import monday
from notifications.services import LayerDraft, add_rota, set_layers
from notifications.shifts import PARIS

WITH_NUMBER = ("jerome", "farid", "elodie", "damien", "chloe", "gaelle", "bastien", "hugo", "ines", "amandine")
NIGHT, MORNING = time(19), time(7)
WORKDAYS = (0, 1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class DemoLayer:
    name: str
    logins: Sequence[str]
    turn_days: int
    hand_over: time
    weekdays: Sequence[int] = ()
    hours: tuple[time, time] | None = None


@dataclass(frozen=True, slots=True)
class DemoRota:
    key: str
    name: str
    organisation: str
    layers: tuple[DemoLayer, ...]


ROTAS = (
    DemoRota("direction", "Astreinte de direction", "dijon-metropole", (
        DemoLayer("Semaine", ("jerome", "farid", "damien"), 7, time(8)),
    )),
    DemoRota("technique", "Astreinte technique", "dijon-metropole", (
        DemoLayer("Nuits", ("farid", "damien"), 1, NIGHT, (), (NIGHT, MORNING)),
        DemoLayer("Journées", ("elodie", "damien", "farid"), 2, MORNING),
    )),
    DemoRota("eclairage", "Astreinte éclairage", "eclairage", (
        DemoLayer("Jours ouvrés", ("gaelle",), 7, time(7), WORKDAYS),
    )),
)  # fmt: skip


def directory() -> dict[str, DemoPerson]:
    """Whose every number and address is, as this file gives them out: nothing is read from the post."""
    people = {person.login: person for person in PEOPLE}
    ways = ((phone_of(number), address_of(login), people[login]) for number, login in enumerate(WITH_NUMBER))
    return {to: person for phone, address, person in ways for to in (phone, address)}


def phone_of(number: int) -> str:
    """Of the person at this place in `WITH_NUMBER`."""
    return f"+336399800{number + 1:02d}"


def address_of(login: str) -> str:
    return f"{login}@ondijon.example"


def load_reach() -> int:
    """Give the demo people numbers and addresses, and make the rotas that are missing; returns how many were made."""
    people = {person.login: person for person in Person.objects.filter(login__in=WITH_NUMBER)}
    for number, login in enumerate(WITH_NUMBER):
        if login in people:
            _reach(people[login], number)
    return sum(_rota(demo, people) for demo in ROTAS)


def _reach(person: Person, number: int) -> None:
    Contact.objects.get_or_create(person=person, defaults={"phone": phone_of(number)})
    if not person.email:
        address = address_of(person.login)
        edit_person(
            person=person, by=None, name=person.name, email=address, language=person.language,
            organisation=person.organisation,
        )  # fmt: skip


def _rota(demo: DemoRota, people: dict[str, Person]) -> bool:
    if Rota.objects.filter(key=demo.key).exists():
        return False
    organisation = Organisation.objects.get(key=demo.organisation)
    rota = add_rota(key=demo.key, name=demo.name, organisation=organisation, by=None)
    first = monday(clock().astimezone(PARIS).date()) - timedelta(days=7)
    drafts = [
        LayerDraft(
            name=layer.name, people=[people[login].id for login in layer.logins], starts_on=first,
            turn_days=layer.turn_days, handover_at=layer.hand_over, weekdays=layer.weekdays,
            hours_from=layer.hours[0] if layer.hours else None, hours_until=layer.hours[1] if layer.hours else None,
        )
        for layer in demo.layers
    ]  # fmt: skip
    set_layers(rota_id=rota.id, layers=drafts, by=None, version=0)
    return True
