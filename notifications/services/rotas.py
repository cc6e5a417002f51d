"""Changing who is on call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.text import slugify
from django.utils.translation import gettext as _

from access.models import Organisation, Person
from access.selectors import access_of
from access.services import require, require_anywhere
from journal.errors import Conflict, Invalid, NotFound, Stale, WrongState
from journal.services import writing
from notifications import events
from notifications.models import Layer, Override, Rota, Turn
from notifications.on_call import clock
from notifications.permissions import Permission

LONGEST_OVERRIDE_DAYS = 62
RESERVED = frozenset({"drills", "calendar"})  # pages beside the rotas'


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerDraft:
    """A layer as somebody wants it; see `Layer`. `people` in the order of their turns."""

    name: str
    people: Sequence[UUID]
    starts_on: date
    turn_days: int = 7
    handover_at: time = time(8)
    weekdays: Sequence[int] = ()
    hours_from: time | None = None
    hours_until: time | None = None


def add_rota(*, name: str, organisation: Organisation, by: Person | None, key: str = "") -> Rota:
    """Add a rota, without layers yet; policies name it by its key, made from the name where none is given. `by` None is
    the house itself. Raises NotAllowed, Invalid, Conflict."""
    with writing(by) as record:
        if by is not None:
            require_anywhere(access_of(by), Permission.MANAGE_ROTAS)
        name = name.strip()
        key = key or slugify(name)[:50].strip("-")
        if not key or key in RESERVED:
            raise Invalid(errors={"name": [_("A rota needs a name with letters in it.")]})
        try:
            with transaction.atomic():
                rota = Rota.objects.create(key=key, name=name, organisation=organisation)
        except IntegrityError as taken:
            raise Conflict(_("There is a rota of this key already.")) from taken
        record(events.RotaChanged(rota=rota.key, what="added"), about=rota)
    return rota


def set_layers(*, rota_id: UUID, layers: Sequence[LayerDraft], by: Person | None, version: int) -> Rota:
    """From now on these layers, the first on top; the ones before stay for the past. Raises NotFound, NotAllowed,
    Stale, Invalid."""
    with writing(by) as record:
        rota = lock_rota(rota_id, by)
        if rota.version != version:
            raise Stale
        rota.version += 1
        rota.save(update_fields=["version"])
        Layer.objects.filter(rota=rota, in_force_until=None).update(in_force_until=Now())
        for place, draft in enumerate(layers):
            _add_layer(rota, place, draft)
        everyone = sorted({person for draft in layers for person in draft.people})
        record(events.RotaChanged(rota=rota.key, what="layers", people=everyone), about=rota)
    return rota


def _add_layer(rota: Rota, place: int, draft: LayerDraft) -> None:
    people = Person.objects.filter(is_active=True, kind=Person.Kind.HUMAN).in_bulk(list(draft.people))
    if not draft.people or len(people) != len(set(draft.people)):
        raise Invalid(errors={"people": [_("Each layer needs people, all of them known here.")]})
    if not draft.name.strip() or not 1 <= draft.turn_days <= 28 or not set(draft.weekdays) <= set(range(7)):
        raise Invalid(errors={"layers": [_("A layer has a name, turns of 1 to 28 days, and weekdays from 0 to 6.")]})
    if (draft.hours_from is None) != (draft.hours_until is None):
        raise Invalid(errors={"hours_from": [_("Hours have a beginning and an end.")]})
    layer = Layer.objects.create(
        rota=rota, place=place, name=draft.name.strip(), starts_on=draft.starts_on, turn_days=draft.turn_days,
        handover_at=draft.handover_at, weekdays=sorted(set(draft.weekdays)), hours_from=draft.hours_from,
        hours_until=draft.hours_until,
    )  # fmt: skip
    turns = [Turn(layer=layer, place=turn, person=people[one]) for turn, one in enumerate(draft.people)]
    Turn.objects.bulk_create(turns)


def add_override(
    *, rota_id: UUID, person_id: UUID, starts_at: datetime, ends_at: datetime, reason: str, by: Person | None
) -> Override:
    """For this while, from now at the earliest, this person instead. Raises NotFound, NotAllowed, Invalid."""
    with writing(by) as record:
        rota = lock_rota(rota_id, by)
        person = Person.objects.filter(id=person_id, is_active=True, kind=Person.Kind.HUMAN).first()
        if person is None:
            raise Invalid(errors={"person": [_("Nobody of this id.")]})
        if starts_at >= ends_at or (ends_at - starts_at).days > LONGEST_OVERRIDE_DAYS:
            raise Invalid(errors={"ends_at": [_("It ends after it starts, and within two months.")]})
        now = clock()
        if ends_at <= now:
            raise Invalid(errors={"ends_at": [_("This time has passed already; the past is not changed.")]})
        made = Override.objects.create(
            rota=rota,
            person=person,
            starts_at=max(starts_at, now),
            ends_at=ends_at,
            reason=reason.strip()[:200],
            made_by=by,
        )
        record(changed(rota, "override", [person.id], starts_at, ends_at), about=rota)
    return made


def drop_override(*, override_id: UUID, by: Person) -> None:
    """End an override: what has not begun is taken away, what runs ends now. Raises NotFound, NotAllowed, Invalid."""
    with writing(by) as record:
        found = Override.objects.filter(id=override_id).first()
        if found is None:
            raise NotFound
        rota = lock_rota(found.rota_id, by)
        now = clock()
        if found.ends_at <= now:
            raise Invalid(_("It is over already; the past is not changed."))
        if found.starts_at >= now:
            found.delete()
        else:
            found.ends_at = now
            found.save(update_fields=["ends_at"])
        record(changed(rota, "override_dropped", [found.person_id], found.starts_at, found.ends_at), about=rota)


def lock_rota(rota_id: UUID, by: Person | None) -> Rota:
    """The rota, locked, for somebody who may change it (None: the house). Raises NotFound, NotAllowed, WrongState."""
    rota = Rota.objects.select_for_update(of=("self",)).filter(id=rota_id).first()
    if rota is None:
        raise NotFound
    if by is not None:
        require(access_of(by), Permission.MANAGE_ROTAS, rota)
    if rota.ended_at is not None:
        raise WrongState(_("This rota has ended."))
    return rota


def changed(rota: Rota, what: str, people: list[UUID], starts_at: datetime, ends_at: datetime) -> events.RotaChanged:
    return events.RotaChanged(rota=rota.key, what=what, people=people, starts_at=starts_at, ends_at=ends_at)
