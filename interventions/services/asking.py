"""Asking for work: for an incident or planned; correcting it, calling it off, stopping its clocks."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import F, Value
from django.utils.translation import gettext as _

from access.models import Person
from access.selectors import Access, access_of
from access.services import require, require_anywhere
from incidents.models import Category, Incident
from incidents.services.acting import lock as lock_incident
from incidents.services.declaring import LOCAL
from incidents.services.handling import clock
from incidents.workflow import OPEN as INCIDENT_OPEN
from incidents.workflow import Priority
from interventions import events
from interventions.models import Intervention, Skill, YearCounter
from interventions.permissions import Permission
from interventions.rows import row_of
from interventions.services.acting import acting, checked_words
from interventions.services.naming import take_names_off
from interventions.skills import duration_of, skills_of
from journal.errors import Invalid, NotAllowed, WrongState
from journal.services import writing
from journal.statements import prepared

LONGEST = 14 * 24 * 60  # minutes


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """What is wanted. With `incident`, all that is left out is the incident's own; without, `category`, `lat`, `lon`
    and `title` are needed. `window_*`: not before, done by."""

    incident: UUID | None = None
    title: str = ""
    category: str = ""
    priority: str = ""
    lat: float | None = None
    lon: float | None = None
    address: str = ""
    skills: tuple[str, ...] | None = None
    duration_minutes: int | None = None
    window_start: datetime | None = None
    window_end: datetime | None = None
    lone: bool = False
    check_in_minutes: int = 30


def propose(*, by: Person, ask: Ask) -> Intervention:
    """Ask for work; a coordinator chooses the crew. Raises NotFound, NotAllowed, WrongState (a finished incident),
    Invalid. A second one for the same incident gets the next number after the incident's own reference."""
    with writing(by) as record:
        incident = lock_incident(ask.incident) if ask.incident else None
        access = access_of(by)
        if incident is not None:
            require(access, Permission.PLAN, incident)
            if incident.status not in INCIDENT_OPEN:
                raise WrongState(act="propose", status=incident.status, allowed_from=list(map(str, INCIDENT_OPEN)))
        one = _made(ask, incident, access)
        one.reference = next_reference(incident, one.created_at)
        one.audiences = one.compute_audiences()
        one.save(force_insert=True)
        record(events.Proposed(row=row_of(one)), about=one)
        return one


def _made(ask: Ask, incident: Incident | None, access: Access) -> Intervention:
    category = incident.category if incident else known_category(ask.category)
    place = _place(ask, incident)
    if incident is None:
        require_anywhere(access, Permission.PLAN)
        if not access.allows_in(Permission.PLAN, place["commune_id"]):
            raise NotAllowed(permission=Permission.PLAN)
    now = clock()
    one = Intervention(
        **place,
        incident=incident,
        category=category,
        priority=_priority(ask.priority or (incident.priority if incident else category.default_priority)),
        skills=known_skills(list(skills_of(category.key) if ask.skills is None else ask.skills)),
        duration_minutes=checked_duration(
            duration_of(category.key) if ask.duration_minutes is None else ask.duration_minutes
        ),
        created_at=now,
        lone=ask.lone,
        check_in_minutes=ask.check_in_minutes,
    )
    one.title = checked_words(one, ask.title or _title(incident, category), name="title", limit=160)
    set_window(one, ask.window_start, ask.window_end)
    if incident is not None:
        set_clocks(one, category.first_response_minutes, category.resolution_minutes)
    return one


def _title(incident: Incident | None, category: Category) -> str:
    return (incident.title if incident else "") or category.label_fr


def known_category(key: str) -> Category:
    """The category of this key, when it is in use and no branch. Raises Invalid."""
    found = Category.objects.filter(key=key, active=True, parent__isnull=False).first()
    if found is None:
        raise Invalid(errors={"category": [_("No such category.")]})
    return found


def _place(ask: Ask, incident: Incident | None) -> dict[str, Any]:
    if incident is not None and ask.lat is None:
        spot = {name: getattr(incident, name) for name in ("lat", "lon", "commune_id")}
        return {**spot, "address": ask.address or incident.address}
    if ask.lat is None or ask.lon is None:
        raise Invalid(errors={"lat": [_("Needed when no incident is given.")]})
    return {"lat": ask.lat, "lon": ask.lon, "commune_id": commune_of(ask.lat, ask.lon), "address": ask.address}


def insee_at(lat: float, lon: float) -> str | None:
    """The commune (INSEE code) around a point; None outside the metropolis."""
    (insee,) = prepared("select commune_at(%s, %s)", [lat, lon]).fetchone() or (None,)
    return insee


def commune_of(lat: float, lon: float) -> str:
    """The same. Raises Invalid outside the metropolis."""
    insee = insee_at(lat, lon)
    if insee is None:
        raise Invalid(errors={"lat": [_("This point lies outside the metropolis.")]})
    return insee


def _priority(priority: str) -> str:
    if priority not in Priority.values:
        raise Invalid(errors={"priority": [_("Not one of the possible values.")]})
    return priority


def known_skills(keys: list[str]) -> list[str]:
    """These keys in the house's order. Raises Invalid for one that nobody knows."""
    known = list(Skill.objects.filter(key__in=keys).values_list("key", flat=True))
    if len(known) < len(set(keys)):
        raise Invalid(errors={"skills": [_("No such skill.")]})
    return known


def checked_duration(minutes: int) -> int:
    if not 0 < minutes <= LONGEST:
        raise Invalid(errors={"duration_minutes": [_("From one minute to fourteen days.")]})
    return minutes


def set_window(one: Intervention, start: datetime | None, end: datetime | None) -> None:
    if start is not None and end is not None and end < start + timedelta(minutes=one.duration_minutes):
        raise Invalid(errors={"window_end": [_("The work does not fit between these times.")]})
    one.window_start, one.window_end = start, end


def set_clocks(
    one: Intervention, response_minutes: int, repair_minutes: int, *, stood: timedelta = timedelta(0)
) -> None:
    """On site and done by when, counted from its creation and without the time in which the clocks stood."""
    one.response_due = one.created_at + timedelta(minutes=response_minutes) + stood
    one.repair_due = one.created_at + timedelta(minutes=repair_minutes) + stood


def next_reference(incident: Incident | None, at: datetime) -> str:
    if incident is not None:  # its row is locked: nobody else counts now
        return f"{incident.reference}-{Intervention.objects.filter(incident=incident).count() + 1}"
    year = at.astimezone(LOCAL).year
    YearCounter.objects.bulk_create([YearCounter(year=year)], ignore_conflicts=True)
    YearCounter.objects.filter(year=year).update(last=F("last") + Value(1))
    return f"IV-{year}-{YearCounter.objects.get(year=year).last:06d}"


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """What `edit` sets, all of it."""

    title: str
    priority: str
    skills: tuple[str, ...]
    duration_minutes: int
    address: str = ""
    window_start: datetime | None = None
    window_end: datetime | None = None
    lone: bool = False
    check_in_minutes: int = 30


def edit(*, intervention_id: UUID, by: Person, correction: Correction, version: int | None = None) -> Intervention:
    """Correct what is wanted. A crew's slot keeps its start; `assign` moves it. Raises Invalid as well."""
    with acting("edit", intervention_id=intervention_id, by=by, version=version) as change:
        one = change.intervention
        one.title = change.words(correction.title, name="title", limit=160)
        one.address = change.words(correction.address, name="address", needed=False, limit=200)
        one.priority = _priority(correction.priority)
        one.skills = known_skills(list(correction.skills))
        one.duration_minutes = checked_duration(correction.duration_minutes)
        one.lone, one.check_in_minutes = correction.lone, correction.check_in_minutes
        set_window(one, correction.window_start, correction.window_end)
        return change.done(events.Edited)


def cancel(*, intervention_id: UUID, by: Person, reason: str, version: int | None = None) -> Intervention:
    """Call it off; whoever has it learns so at once."""
    with acting("cancel", intervention_id=intervention_id, by=by, version=version) as change:
        one = change.intervention
        one.reason = change.words(reason, name="reason")
        one.ended_at = change.now
        one.check_in_due = None
        take_names_off(one, by=by)
        return change.done(events.Cancelled, reason=one.reason, crew_before=one.crew_id)
