"""Where vehicles are: up to a thousand positions a call, in any order, each taken or refused for itself.

Positions never pass through the journal. A vehicle's latest one stands on its row; the rest is history for 30 days.
A vehicle's own tracker says where it is whenever it likes; a person's phone only by consent, on shift, for its own crew.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from access.models import Person
from access.selectors import Access, access_of
from access.services import require_anywhere
from incidents.services.handling import clock
from interventions.models import Crew, Position, Vehicle
from interventions.permissions import Permission
from interventions.services.consenting import shared_times
from journal.errors import Invalid, NotAllowed, NotFound, Problem
from journal.statements import prepared
from live import latest

TOPIC = "positions"
KEPT_FOR = timedelta(days=30)
AHEAD = timedelta(minutes=2)  # a device's clock may be a little fast


class Fix(msgspec.Struct, frozen=True, kw_only=True):
    """One position of a vehicle, named by its id, the code on its door or its tracker's own identifier."""

    lat: float
    lon: float
    at: datetime
    vehicle: UUID | None = None
    code: str = ""
    tracker: str = ""
    accuracy_m: float | None = None
    source: str = "api"


# Only a newer one becomes the vehicle's latest; the same instant twice is the same position.
_STORE = f"""
with given as (
  select * from jsonb_to_recordset(%s::jsonb)
    as given(vehicle uuid, lat float8, lon float8, at timestamptz, accuracy_m float8, source text)
), kept as (
  insert into {Position._meta.db_table} (vehicle_id, lat, lon, at, accuracy_m, source, received_at)
  select vehicle, lat, lon, at, accuracy_m, source, statement_timestamp() from given on conflict do nothing
), newest as (
  select distinct on (vehicle) * from given order by vehicle, at desc
), moved as (
  update {Vehicle._meta.db_table} v set lat = n.lat, lon = n.lon, seen_at = n.at, source = n.source
  from (select newest.* from newest join {Vehicle._meta.db_table} locked on locked.id = newest.vehicle
        order by locked.id for no key update of locked) n
  where v.id = n.vehicle and (v.seen_at is null or v.seen_at < n.at)
  returning v.id, v.lat, v.lon, v.seen_at, v.source, v.organisation_id
)
select * from moved
"""  # noqa: S608  names of our own tables


def place(*, by: Person, fixes: Sequence[Fix]) -> list[Problem | None]:
    """Take these positions; for each, in order, None or why not (NotFound: no such vehicle in reach; Invalid: a time in
    the future or more than 30 days back; NotAllowed: a phone's, without consent or off shift). Raises NotAllowed. Four
    statements, six for a phone, whatever the number."""
    access = access_of(by)
    require_anywhere(access, Permission.SEND_POSITIONS)
    phone = by.kind == Person.Kind.HUMAN and not access.allows(Permission.SEND_POSITIONS, ["post"])
    now, known = clock(), _vehicles(access, fixes, of_crews_of=by if phone else None)
    shared = _shared_times(by, fixes) if phone else None
    met = [_why_not(fix, known, now, shared) for fix in fixes]
    source = {"source": "phone"} if phone else {}
    good = [
        {**msgspec.to_builtins(fix), **source, "vehicle": str(known[_name(fix)])}
        for fix, problem in zip(fixes, met, strict=True)
        if problem is None
    ]
    if good:
        with transaction.atomic():
            moved = prepared(_STORE, [msgspec.json.encode(good).decode()]).fetchall()
            transaction.on_commit(lambda: _tell(moved))
    return met


def _name(fix: Fix) -> str:
    return str(fix.vehicle) if fix.vehicle else f"code:{fix.code}" if fix.code else f"tracker:{fix.tracker}"


def _shared_times(by: Person, fixes: Sequence[Fix]) -> Callable[[datetime], bool]:
    times = [fix.at for fix in fixes]
    return shared_times(person=by, since=min(times), until=max(times))


def _vehicles(access: Access, fixes: Sequence[Fix], *, of_crews_of: Person | None) -> dict[str, UUID]:
    """The vehicles that these fixes name and that this person may place, by each of their names: one query."""
    found = Vehicle.objects.filter(active=True)
    if of_crews_of is not None:
        mine = Crew.objects.filter(Q(leader=of_crews_of) | Q(members=of_crews_of), active=True)
        found = found.filter(crew__in=mine)
    if not access.allows(Permission.SEND_POSITIONS, ["post"]):
        own = [h.organisation for h in access.holdings if Permission.SEND_POSITIONS in h.permissions]
        found = found.filter(organisation_id__in=own)
    ids = {fix.vehicle for fix in fixes if fix.vehicle}
    codes, trackers = {fix.code for fix in fixes if fix.code}, {fix.tracker for fix in fixes if fix.tracker}
    named = found.filter(id__in=ids) | found.filter(code__in=codes) | found.filter(tracker__in=trackers)
    names: dict[str, UUID] = {}
    for id_, code, tracker in named.values_list("id", "code", "tracker"):
        names |= {str(id_): id_, f"code:{code}": id_, f"tracker:{tracker}": id_}
    names.pop("tracker:", None)
    return names


def _why_not(
    fix: Fix, known: dict[str, UUID], now: datetime, shared: Callable[[datetime], bool] | None
) -> Problem | None:
    if _name(fix) not in known:
        return NotFound(_("No such vehicle."))
    if fix.at > now + AHEAD:
        return Invalid(errors={"at": [_("This time lies in the future.")]})
    if fix.at < now - KEPT_FOR:
        return Invalid(errors={"at": [_("Positions are kept for 30 days; this one is older.")]})
    if shared is not None and not shared(fix.at):
        return NotAllowed(_("A phone says where it is by its owner's consent only, and on shift."))
    return None


def _tell(moved: Sequence[tuple[Any, ...]]) -> None:
    latest.publish(TOPIC, [item(*row) for row in moved])


def item(id_: UUID, lat: float, lon: float, at: datetime, source: str, organisation: UUID) -> latest.Item:
    """A vehicle as screens get it."""
    body = msgspec.json.encode({"id": id_, "lat": lat, "lon": lon, "at": at, "source": source})
    return latest.Item(id_, ("post", f"organisation:{organisation}"), msgspec.Raw(body))


def forget_old(batch: int = 10_000) -> int:
    """Erase positions received more than 30 days ago, and vehicles' latest ones that old; returns how many rows."""
    gone = 0
    while True:
        ids = list(Position.objects.filter(received_at__lt=Now() - KEPT_FOR).values_list("id", flat=True)[:batch])
        gone += Position.objects.filter(id__in=ids).delete()[0]
        if len(ids) < batch:
            break
    old = Vehicle.objects.filter(seen_at__lt=Now() - KEPT_FOR)
    old.update(lat=None, lon=None, seen_at=None, source="")
    return gone
