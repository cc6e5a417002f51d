"""Choosing the crew: give a mission, move it, take it back."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_noop

from access.models import Person
from interventions import events
from interventions.choosing.services import objections
from interventions.models import Checklist, Intervention
from interventions.services.acting import Change, acting
from interventions.services.naming import put_names_on, take_names_off
from interventions.services.promising import keep_promises
from interventions.services.slots import lock_all, lock_crew, take
from interventions.services.watching import stop_watching
from journal.errors import Conflict
from journal.services import writing


class Objections(Conflict):
    """`extra["objections"]`: what forbids this crew, as codes and values; `override` with a reason sends it all the same."""

    type, title = "objections", gettext_noop("Something speaks against this crew")


def assign(
    *,
    intervention_id: UUID,
    by: Person,
    crew: UUID,
    start: datetime | None = None,
    override: str = "",
    version: int | None = None,
) -> Intervention:
    """Give it to a crew: at `start`, or in the crew's first gap from now. Again for another crew or time, until the
    crew is on its way. What forbids a crew (see interventions.choosing) is refused, unless `override` says why it is
    sent all the same. Raises Invalid (no such crew), Overlap (it has another mission then), Objections as well."""
    with acting("assign", intervention_id=intervention_id, by=by, version=version) as change:
        one = change.intervention
        before = one.crew_id
        said = change.words(override, name="override", needed=False)
        chosen = lock_crew(crew)
        if before != chosen.id:
            take_names_off(one, by=by)
        one.crew, one.organisation = chosen, chosen.organisation
        earliest = max(change.now, one.window_start or change.now)
        take(one, chosen, start=start, since=earliest, seen_by=change.access)
        if not said:
            _refuse_objections(change, chosen.id)
        _begin(change, fresh=before != chosen.id)
        put_names_on(one, by=by)
        return change.done(events.Assigned, override=said, crew_before=before)


def _refuse_objections(change: Change, crew: UUID) -> None:
    one = change.intervention
    found = objections(one, crew, start=one.slot_start or change.now, now=change.now)
    if found:
        raise Objections(objections=found, crew=str(crew))


def _begin(change: Change, *, fresh: bool) -> None:
    """A new crew starts with a clean sheet, its own contract's times and the checklist of today's version."""
    one = change.intervention
    one.assigned_at, one.ended_at, one.reason = change.now, None, ""
    if fresh:
        one.accepted_at = one.departed_at = one.arrived_at = None
        keep_promises(one, one.organisation)
    if not one.checklist:
        freeze_checklist(one)


def freeze_checklist(one: Intervention) -> None:
    """Copy the newest checklist of its category (or of the branch above) onto the mission."""
    keys = [one.category_id, one.category_id.partition(".")[0]]
    found = {sheet.category_id: sheet for sheet in Checklist.objects.filter(category_id__in=keys).order_by("version")}
    sheet = found.get(keys[0]) or found.get(keys[1])
    if sheet is not None:
        one.checklist, one.checklist_title = sheet.items, f"{sheet.title} v{sheet.version}"


def unassign(*, intervention_id: UUID, by: Person, reason: str, version: int | None = None) -> Intervention:
    """Take it back from its crew: it waits for another one."""
    with acting("unassign", intervention_id=intervention_id, by=by, version=version) as change:
        said = change.words(reason, name="reason")
        before = let_go(change)
        return change.done(events.Unassigned, reason=said, crew_before=before)


def let_go(change: Change) -> UUID | None:
    """The mission leaves its crew's calendar; returns which crew's."""
    one = change.intervention
    take_names_off(one, by=change.by)
    stop_watching(one)
    before = one.crew_id
    one.crew = one.organisation = None
    keep_promises(one, None)
    one.slot_start = one.slot_end = one.assigned_at = one.accepted_at = one.departed_at = one.arrived_at = None
    return before


def assign_many(*, by: Person, choices: list[tuple[UUID, UUID, datetime | None, int | None]]) -> list[Intervention]:
    """Several at once, all or none: (intervention, crew, start, version). First all interventions are locked, then all
    crews, each in order of their ids, so that two callers never wait for each other crosswise."""
    with writing(by):
        lock_all([choice[0] for choice in choices], [choice[1] for choice in choices])
        return [
            assign(intervention_id=mission, by=by, crew=crew, start=start, version=version)
            for mission, crew, start, version in sorted(choices, key=lambda one: one[0])
        ]
