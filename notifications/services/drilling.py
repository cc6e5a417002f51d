"""Drills: can those who are on call really be reached? Everybody on call is told, by the same ways as for something
vital, and asked to answer; who answered, by which channel and how fast stands on their message."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from access.models import Person
from access.selectors import access_of
from access.services import require_anywhere
from journal.errors import Invalid, NotFound
from journal.services import writing
from notifications import acks, events, timers
from notifications.drills import is_spared
from notifications.models import ANY_ROTA, Drill, DrillCall, Message, Rota, Timer, Urgency
from notifications.on_call import clock, lasting, people_on_call
from notifications.permissions import Permission
from notifications.services.telling import notify

KIND = "notifications.drill"
SHORTEST, LONGEST = 1, 120  # minutes


def start_drill(*, rotas: Sequence[UUID] = (), minutes: int = 10, by: Person | None) -> Drill:
    """Call whoever is on call for these rotas (none: all in sight), who have so many minutes to answer. `by` None is the
    house itself. Raises NotAllowed, NotFound, Invalid."""
    if not SHORTEST <= minutes <= LONGEST:
        raise Invalid(errors={"minutes": [_("Between 1 and 120 minutes.")]})
    with writing(by) as record:
        chosen = _chosen(rotas, by)
        drill = Drill.objects.create(started_by=by, ends_at=clock() + timedelta(minutes=minutes))
        found = people_on_call(chosen)
        people = {person.id: person for person in found.values() if person}
        told = {one: _call(drill, person, minutes) for one, person in people.items()}
        rows = [(rota, found[rota.id]) for rota in chosen]
        DrillCall.objects.bulk_create(
            DrillCall(drill=drill, rota=rota, message=told[person.id] if person else None) for rota, person in rows
        )
        timers.start(kind=KIND, key=f"{KIND}:{drill.id}", due_at=drill.ends_at, about=drill.id)
        record(events.DrillStarted(drill=drill.id, rotas=[rota.key for rota in chosen]), about=drill)
    return drill


def _chosen(rotas: Sequence[UUID], by: Person | None) -> list[Rota]:
    known = Rota.objects.filter(ended_at=None)
    if by is not None:
        access = access_of(by)
        require_anywhere(access, Permission.DRILL)
        known = lasting(access)
    chosen = list(known.filter(id__in=rotas) if rotas else known)
    if len(chosen) < len(set(rotas)):
        raise NotFound
    if not chosen:
        raise Invalid(_("There is no rota to try."))
    return chosen


def _call(drill: Drill, person: Person, minutes: int) -> Message:
    with override(person.language):
        subject = _("Exercise: can you be reached?")
        body = _("This is a test of the on-call lists. Please answer within %(minutes)d min.") % {"minutes": minutes}
    key = f"{KIND}:{drill.id}"
    return notify(
        to=[person], subject=subject, body=body, urgency=Urgency.VITAL, key=key, about=drill.id, ack=True, rota=ANY_ROTA,
    )[0]  # fmt: skip


@acks.on(KIND, says=lambda message: _("Says that you can be reached. It was an exercise; nothing else happens."))
def answered(message: Message, by: Person) -> None:
    """The answer stands on the message."""


@timers.on(KIND)
def close_drill(timer: Timer) -> None:
    """The time is over: count, and put it on record."""
    drill = Drill.objects.select_for_update().get(id=UUID(str(timer.about)))
    if drill.closed:
        return
    Drill.objects.filter(id=drill.id).update(closed=True)
    calls = list(drill.calls.select_related("message"))
    told = {call.message.person_id: call.message for call in calls if call.message}
    people = [one for one in told.values() if one.acknowledged_at or not is_spared(one)]
    reached = sum(is_reached(message, drill) for message in people)
    with writing(None) as record:
        unmanned = sum(call.message is None for call in calls)
        ended = events.DrillEnded(
            drill=drill.id, called=len(people), reached=reached, unmanned=unmanned, spared=len(told) - len(people)
        )  # fmt: skip
        record(ended, about=drill)


def is_reached(message: Message, drill: Drill) -> bool:
    """Whether an answer came in time."""
    return message.acknowledged_at is not None and message.acknowledged_at <= drill.ends_at
