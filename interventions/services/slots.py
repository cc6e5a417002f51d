"""The crew's time: which slots are taken, where the next gap is, and who stands in the way."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.selectors import Access
from incidents.details import names_of
from incidents.rows import Named
from interventions import events
from interventions.models import Crew, Intervention
from interventions.workflow import HELD
from journal.errors import Conflict, Invalid
from journal.models import Entry


class Overlap(Conflict):
    """`extra`: the `mission` in the way and who gave it to the crew (`assigned_by`, `assigned_at`), and `next_free`, when
    the crew's next gap of this length begins. Of a mission out of sight, its time alone."""

    type, title = "overlap", gettext_noop("This crew has another mission then")


def lock_crew(crew_id: UUID) -> Crew:
    """The crew, its calendar held until the transaction ends. Raises Invalid when there is none."""
    locked = Crew.objects.select_for_update(of=("self",), no_key=True).select_related("organisation", "leader")
    crew = locked.filter(id=crew_id, active=True).first()
    if crew is None:
        raise Invalid(errors={"crew": [_("No such crew.")]})
    return crew


def lock_all(interventions: Iterable[UUID], crews: Iterable[UUID]) -> None:
    """Hold all of these until the transaction ends: interventions before crews, as `assign` does, each by id."""
    list(Intervention.objects.filter(id__in=set(interventions)).order_by("id").select_for_update().values_list("id"))
    locked = Crew.objects.filter(id__in=set(crews)).order_by("id").select_for_update(no_key=True)
    list(locked.values_list("id"))


def taken(crew: Crew, since: datetime, *, excluding: UUID) -> list[Intervention]:
    """Missions the crew holds that end after `since`, in order."""
    held = Intervention.objects.filter(crew=crew, status__in=HELD, slot_end__gt=since)
    return list(held.exclude(id=excluding).order_by("slot_start"))


def next_free(missions: Sequence[Intervention], *, since: datetime, minutes: int) -> datetime:
    """When the first gap of so many minutes begins, at `since` or later; `missions` in order."""
    start, length = since, timedelta(minutes=minutes)
    for mission in missions:
        if mission.slot_start is None or mission.slot_end is None or mission.slot_end <= start:
            continue
        if start + length <= mission.slot_start:
            break
        start = mission.slot_end
    return start


def take(one: Intervention, crew: Crew, *, start: datetime | None, since: datetime, seen_by: Access) -> None:
    """Put the mission into the crew's calendar (locked): at `start`, or into its first gap from `since`.
    Raises Overlap with what stands in the way, as far as `seen_by` may know it."""
    minutes = one.duration_minutes
    missions = taken(crew, min(start or since, since), excluding=one.id)
    begin = start or next_free(missions, since=since, minutes=minutes)
    one.slot_start, one.slot_end = begin, begin + timedelta(minutes=minutes)
    for mission in missions:
        if mission.slot_start and mission.slot_end and mission.slot_start < one.slot_end and begin < mission.slot_end:
            raise overlap(mission, crew, next_free(missions, since=begin, minutes=minutes), seen_by)


def bring_forward(one: Intervention, when: datetime) -> None:
    """Work begun before its slot takes its slot along, where the crew's calendar has room for it."""
    crew, start, end = one.crew, one.slot_start, one.slot_end
    if crew is None or start is None or end is None or when >= start:
        return
    Crew.objects.select_for_update(of=("self",), no_key=True).only("id").get(id=crew.id)
    early = start - when
    others = taken(crew, when, excluding=one.id)
    if all(other.slot_start is not None and other.slot_start >= end - early for other in others):
        one.slot_start, one.slot_end = when, end - early


def overlap(mission: Intervention, crew: Crew, free: datetime, seen_by: Access) -> Overlap:
    slot = {"slot_start": mission.slot_start, "slot_end": mission.slot_end}
    if not seen_by.sees(mission.audiences):
        return Overlap(_("%(crew)s has another mission then.") % {"crew": crew.name}, mission=slot, next_free=free)
    said = {name: getattr(mission, name) for name in ("id", "reference", "title")}
    words = {"crew": crew.name, "mission": mission.reference}
    return Overlap(
        _("%(crew)s has %(mission)s then.") % words, mission={**said, **slot, **given_by(mission)}, next_free=free
    )


def given_by(mission: Intervention) -> dict[str, Any]:
    """Who gave a mission to its crew, and when: its last assignment on record."""
    last = Entry.objects.filter(about=mission.id, kind=events.Assigned.kind).order_by("-seq").first()
    if last is None or last.by is None:
        return {"assigned_by": None, "assigned_at": mission.assigned_at}
    return {"assigned_by": Named(last.by, names_of([last.by]).get(last.by, "")), "assigned_at": last.at}
