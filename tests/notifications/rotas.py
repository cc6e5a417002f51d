"""A rota to test with."""

from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from access.models import Person
from access.roles import Role
from notifications.models import Rota
from notifications.services import LayerDraft, add_rota, set_layers
from notifications.shifts import PARIS
from tests.cast import organisation, person

HOUR = timedelta(hours=1)
# Years from now, so that shifts lie ahead of the database's clock; a Monday.
START = date(2031, 11, 3)


def at(day: int, hour: int = 8) -> datetime:
    return datetime(2031, 11, day, hour, tzinfo=PARIS)


def people(count: int = 3) -> list[Person]:
    return [person(Role.CRISIS_DIRECTOR, name=f"Director {n}") for n in range(count)]


def layer(*who: Person, **fields: object) -> LayerDraft:
    ids: list[UUID] = [one.id for one in who]
    plain = {"name": "Weeks", "people": ids, "starts_on": START, "turn_days": 1, "handover_at": time(8)}
    return LayerDraft(**{**plain, **fields})  # type: ignore[arg-type]


def rota(*layers: LayerDraft) -> Rota:
    made = add_rota(
        key=f"directors-{uuid4().hex[:6]}", name="Directors", organisation=organisation("dijon-metropole"), by=None
    )
    return set_layers(rota_id=made.id, layers=layers, by=None, version=0)
