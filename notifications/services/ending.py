"""A rota gets another name, or comes to its end. Its key stays, and so does who was on call."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from access.models import Person
from journal.errors import Conflict, Invalid, Stale
from journal.services import writing
from notifications import events, needs
from notifications.models import Layer, Override, Rota, Swap, Turn, Urgency
from notifications.on_call import clock
from notifications.services.rotas import lock_rota
from notifications.services.telling import notify

LONGEST_NAME = 120


def rename_rota(*, rota_id: UUID, name: str, by: Person, version: int) -> Rota:
    """Call it something else; policies go on naming it by its key. Raises NotFound, NotAllowed, Stale, Invalid,
    WrongState when it has ended."""
    with writing(by) as record:
        rota = _locked(rota_id, by, version)
        before, rota.name = rota.name, name.strip()
        if not 0 < len(rota.name) <= LONGEST_NAME:
            raise Invalid(errors={"name": [_("A rota needs a name with letters in it.")]})
        rota.version += 1
        rota.save(update_fields=["name", "version"])
        record(events.RotaChanged(rota=rota.key, what="renamed", name=rota.name, name_before=before), about=rota)
    return rota


def end_rota(*, rota_id: UUID, by: Person, version: int) -> Rota:
    """Nobody is on call for it from now on; who was before stays on record. Those who took turns are told. Raises
    NotFound, NotAllowed, Stale, WrongState when it has ended already, Conflict naming what still needs it."""
    with writing(by) as record:
        rota = _locked(rota_id, by, version)
        wanted = needs.of(rota)
        if wanted:
            raise Conflict(" ".join(wanted))
        now = clock()
        people = _of(rota, now)
        _cut_off(rota, now)
        rota.ended_at, rota.version = now, rota.version + 1
        rota.save(update_fields=["ended_at", "version"])
        ids = sorted(person.id for person in people)
        record(events.RotaChanged(rota=rota.key, what="ended", name=rota.name, people=ids), about=rota)
        for person in people:
            _tell(person, rota)
    return rota


def _locked(rota_id: UUID, by: Person, version: int) -> Rota:
    rota = lock_rota(rota_id, by)
    if rota.version != version:
        raise Stale
    return rota


def _of(rota: Rota, now: datetime) -> list[Person]:
    """Whoever takes turns, or stands in now or later."""
    turns = Turn.objects.filter(layer__rota=rota, layer__in_force_until=None).values("person")
    instead = Override.objects.filter(rota=rota, ends_at__gt=now).values("person")
    return list(Person.objects.filter(Q(id__in=turns) | Q(id__in=instead), is_active=True))


def _cut_off(rota: Rota, now: datetime) -> None:
    """What has begun ends now, what has not is taken away; the past is not changed."""
    Layer.objects.filter(rota=rota, in_force_until=None).update(in_force_until=now)
    ahead = Override.objects.filter(rota=rota, ends_at__gt=now)
    ahead.filter(starts_at__gte=now).delete()
    ahead.update(ends_at=now)
    asked = Swap.objects.filter(rota=rota, state=Swap.State.PROPOSED)
    asked.update(state=Swap.State.WITHDRAWN, answered_at=now)


def _tell(person: Person, rota: Rota) -> None:
    with override(person.language):
        subject = _("The rota has ended: %(rota)s") % {"rota": rota.name}
        body = _("You are not on call for it any more.")
    key = f"notifications.rota_ended:{rota.id}"
    notify(to=[person], subject=subject, body=body, urgency=Urgency.NORMAL, key=key, url="/on-call/")
