"""From a report to an incident on every desk: one transaction, the same statements for one draft or a thousand."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.db.models import Model
from django.utils.translation import gettext as _

from access.models import Person
from access.selectors import Access, access_of
from access.services import grant
from incidents import events
from incidents.models import SECURITY, Escalation, Incident, ProcedureRun, Report
from incidents.permissions import Permission
from incidents.rows import row_of
from incidents.selectors import may_look
from incidents.services import escalating, proceeding
from incidents.services.acting import refuse_personal
from incidents.services.restricting import SEE
from incidents.services.surveying import LIMITS, Draft, Ground, survey
from incidents.wording import search_text
from incidents.workflow import Priority, Sensitivity, Source
from journal.errors import Conflict, Invalid, NotAllowed, Problem
from journal.services import Record, writing
from journal.statements import prepared
from notifications import timers
from territory.wording import fold

LOCAL = ZoneInfo("Europe/Paris")
AHEAD = timedelta(minutes=5)  # clocks differ a little; an event further in the future is a mistake
BEHIND = timedelta(days=3653)


def declare(*, by: Person, draft: Draft) -> Incident:
    """Make an incident and its first report. Raises NotAllowed, Invalid, Conflict (the id is somebody else's)."""
    result = declare_many(by=by, drafts=[draft])[0]
    if isinstance(result, Problem):
        raise result
    return result


def declare_many(*, by: Person, drafts: Sequence[Draft]) -> list[Incident | Problem]:
    """Declare many at once, each for itself: an incident, or the problem with that draft. A draft whose id was
    declared before by the same person gives the incident it made then."""
    with writing(by) as record:
        access, ground = access_of(by), survey(drafts)
        results: list[Incident | Problem] = [
            _problem_with(draft, access, ground, commune) or _incident(draft, ground, commune or "")
            for draft, commune in zip(drafts, ground.communes, strict=True)
        ]
        _recall(drafts, by, access, results, ground.told)
        fresh = {
            draft.id: (draft, made)
            for draft, made in zip(drafts, results, strict=True)
            if isinstance(made, Incident) and made._state.adding
        }
        if fresh:
            _make(by, list(fresh.values()), ground, record)
    return results


def _make(by: Person, fresh: Sequence[tuple[Draft, Incident]], ground: Ground, record: Record) -> None:
    """Write them with their reports, the policy and the procedures that each follows from now on, and the timers."""
    incidents = [incident for _draft, incident in fresh]
    _name_declarer(by, incidents)
    escalations = escalating.planned(incidents, ground.policies, ground.now)
    reports = [report_from(draft, incident, by, ground.now) for draft, incident in fresh]
    _insert(incidents, reports, escalations, proceeding.planned(incidents, ground.procedures, ground.now))
    timers.start_many(escalating.settings_of(escalations))
    policies = {one.incident_id: one.version_id for one in escalations}
    for draft, incident in fresh:
        declared = events.Declared(row=row_of(incident), report=draft.id, policy=policies.get(incident.id))
        record(declared, about=incident)


def _problem_with(draft: Draft, access: Access, ground: Ground, commune: str | None) -> Problem | None:
    errors = field_errors(draft, ground, commune)
    if errors:
        return Invalid(errors=errors)
    if commune is None or not access.allows_in(Permission.DECLARE, commune):
        return NotAllowed(permission=str(Permission.DECLARE))
    if draft.sensitivity == Sensitivity.RESTRICTED and not access.allows_in(Permission.RESTRICT, commune):
        return NotAllowed(permission=str(Permission.RESTRICT))
    try:
        for name in ("title", "address"):  # both will stand in the record for good
            personal = [draft.reporter_name, draft.reporter_phone, draft.reporter_email]
            refuse_personal(getattr(draft, name), personal, name=name)
    except Invalid as personal:
        return personal
    return None


def field_errors(draft: Draft, ground: Ground, commune: str | None) -> dict[str, list[str]]:
    """What is wrong with a draft, by field; empty when nothing is."""
    choices: dict[str, list[Any]] = {
        "source": Source.values,
        "sensitivity": Sensitivity.values,
        "priority": [None, *Priority.values],
    }
    errors = {
        name: [_("Not one of the possible values.")]
        for name, known in choices.items()
        if getattr(draft, name) not in known
    }
    for name, limit in LIMITS.items():
        if len(getattr(draft, name)) > limit:
            errors[name] = [_("Too long: at most %(limit)d characters.") % {"limit": limit}]
    if any("\x00" in getattr(draft, name) for name in LIMITS):
        errors["description"] = [_("Contains characters that cannot be stored.")]
    if draft.category not in ground.categories:
        errors["category"] = [_("No such category.")]
    if commune is None:
        errors["lat"] = [_("This point lies outside the metropolis.")]
    when = _wrong_time(draft.occurred_at, ground.now) if draft.occurred_at else ""
    if when:
        errors["occurred_at"] = [when]
    return errors


def _wrong_time(at: datetime, now: datetime) -> str:
    if at.tzinfo is None:
        return _("Give the time with its zone.")
    if at > now + AHEAD:
        return _("This lies in the future.")
    return _("This lies more than ten years back.") if at < now - BEHIND else ""


def _incident(draft: Draft, ground: Ground, commune: str) -> Incident:
    category = ground.categories[draft.category]
    incident = Incident(
        title=draft.title.strip(),
        priority=draft.priority or category.default_priority,
        sensitivity=draft.sensitivity,
        category=category,
        source=draft.source,
        lat=draft.lat,
        lon=draft.lon,
        address=draft.address.strip(),
        commune_id=commune,
        organisation=ground.police.get(commune, category.organisation)
        if category.branch == SECURITY
        else category.organisation,
        occurred_at=draft.occurred_at or ground.now,
        declared_at=ground.now,
        from_public=draft.source == Source.CITIZEN,
    )
    set_targets(incident)
    incident.audiences = incident.compute_audiences()
    return incident


def set_targets(incident: Incident) -> None:
    """First response and resolution are due as its category says, from the moment it was declared."""
    category = incident.category
    incident.response_due = incident.declared_at + timedelta(minutes=category.first_response_minutes)
    incident.resolution_due = incident.declared_at + timedelta(minutes=category.resolution_minutes)


def _name_declarer(by: Person, made: Iterable[Incident]) -> None:
    """Whoever declares something restricted is the first who is named on it."""
    for incident in made:
        if incident.sensitivity == Sensitivity.RESTRICTED:
            grant(person=by, permission=f"incidents.{SEE}", about=incident, by=by)


def _recall(
    drafts: Sequence[Draft], by: Person, access: Access, results: list[Incident | Problem], told: Sequence[str]
) -> None:
    """Replace what was already declared under the same report id by what it made then; likewise twins in one call."""
    reports: Iterable[Report] = ()
    if told:
        reports = Report.objects.filter(id__in=told).select_related(
            "first_incident__organisation", "first_incident__assignee"
        )
    known = {report.id: report for report in reports}
    first: dict[UUID, Incident | Problem] = {}
    for place, draft in enumerate(drafts):
        report = known.get(draft.id)
        if report is not None:
            mine = report.entered_by_id == by.id
            again = _again(report.first_incident, results[place], access)
            results[place] = again if mine else Conflict(_("This id belongs to another report."))
        elif draft.id in first:
            results[place] = first[draft.id]
        first.setdefault(draft.id, results[place])


def _again(made: Incident, told: Incident | Problem, access: Access) -> Incident | Problem:
    """What was declared before as it is now; to somebody who may not see it (any more) just what they said, numbered."""
    if may_look(access) and access.sees(made.audiences):
        return made
    if isinstance(told, Incident):
        told.id, told.reference, told.declared_at = made.id, made.reference, made.declared_at
        set_targets(told)
        told._state.adding = False
    return told


# Numbers are gap-free: the counter's row stays locked until commit, so it is taken with the rows that need it.
_INSERT = """
with counted as (
  insert into incidents_counter (year, last) values (%(year)s, %(size)s)
  on conflict (year) do update set last = incidents_counter.last + excluded.last returning last),
made as (
  insert into incidents_incident select row_.*
  from counted, jsonb_array_elements(%(incidents)s) with ordinality as told(columns, nr),
  lateral (select lpad(number::text, greatest(6, length(number::text)), '0') as number
           from (values (counted.last - %(size)s + told.nr)) as counting(number)) as numbered,
  lateral jsonb_populate_record(null::incidents_incident, told.columns || jsonb_build_object(
    'reference', format('DM-%%s-%%s', %(year)s::int, number),
    'search', concat('dm ', %(year)s::int, ' ', number, ' ', told.columns->>'search'))) as row_),
reports as (
  insert into incidents_report select row_.* from jsonb_populate_recordset(null::incidents_report, %(reports)s) as row_),
escalations as (
  insert into incidents_escalation
  select row_.* from jsonb_populate_recordset(null::incidents_escalation, %(escalations)s) as row_),
procedures as (
  insert into incidents_procedurerun
  select row_.* from jsonb_populate_recordset(null::incidents_procedurerun, %(runs)s) as row_)
select last from counted"""


def _insert(
    incidents: Sequence[Incident], reports: Sequence[Report], escalations: Sequence[Escalation],
    runs: Sequence[ProcedureRun],
) -> None:  # fmt: skip
    """Give the next references of the year and insert everything, with one statement."""
    year, size = reports[0].entered_at.astimezone(LOCAL).year, len(incidents)
    for incident in incidents:
        incident.search = search_text(incident)
    values = {"year": year, "size": size, "incidents": _rows(incidents), "reports": _rows(reports)}
    values |= {"escalations": _rows(escalations), "runs": _rows(runs)}
    (last,) = prepared(_INSERT, values).fetchone() or (0,)
    for number, incident in enumerate(incidents, start=last - size + 1):
        incident.reference = f"DM-{year}-{number:06d}"
        incident.search = f"{fold(incident.reference)} {incident.search}"
    for made in (*incidents, *reports, *escalations, *runs):
        made._state.adding = False


def _rows(made: Sequence[Model]) -> str:
    """Model instances as a JSON array of rows, by the names of their columns."""
    if not made:
        return "[]"
    names = [(field.column, field.attname) for field in made[0]._meta.concrete_fields]
    rows = [{column: getattr(one, name) for column, name in names} for one in made]
    return msgspec.json.encode(rows).decode()


def report_from(draft: Draft, incident: Incident, by: Person, now: datetime) -> Report:
    """The report that a draft makes on an incident, not saved yet."""
    copied: dict[str, Any] = {name: getattr(draft, name).strip() for name in LIMITS if name != "title"}
    return Report(
        id=draft.id,
        incident=incident,
        first_incident=incident,
        source=draft.source,
        lat=draft.lat,
        lon=draft.lon,
        occurred_at=draft.occurred_at or now,
        entered_at=now,
        entered_by=by,
        **copied,
    )
