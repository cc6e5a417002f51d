"""Two incidents that are one: the reports gather on the survivor, both stay readable, and it can be undone."""

from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from access.models import Person
from access.services import require
from incidents import events, workflow
from incidents.models import Incident, Report
from incidents.services.acting import Change, acting, lock, words
from incidents.workflow import OPEN, Source, Status
from journal.errors import Conflict, Invalid, NotFound, WrongState
from journal.services import writing

NAMES = ("category", "organisation", "assignee")


def merge(*, incident_id: UUID, into: UUID, by: Person, version: int | None = None) -> Incident:
    """Merge an incident into an open one of the same sensitivity; returns the merged one. Raises NotFound, NotAllowed,
    Stale, WrongState, Invalid."""
    if incident_id == into:
        raise Invalid(errors={"into": [_("An incident cannot be merged into itself.")]})
    with writing(by):
        lock_in_order(incident_id, into)
        with acting("merge", incident_id=incident_id, by=by, version=version) as change:
            incident, survivor = change.incident, lock(into)
            require(change.access, change.move.permission, survivor)
            _check_pair(incident, survivor)
            moved = Report.objects.filter(incident=incident).update(incident=survivor)
            incident.merged_into, incident.reports_count = survivor, 0
            survivor.reports_count += moved
            survivor.from_public = survivor.from_public or incident.from_public
            gathered = Change(survivor, change.access, workflow.MOVES["report"], change.writer)
            merged = change.done(events.Merged, into=survivor.id, reports=moved)
            gathered.done(events.Gathered, from_incident=incident.id, reports=moved)
    return merged


def lock_in_order(*ids: UUID) -> None:
    # Always by id, so that two people merging the same pair the other way round cannot wait for each other.
    list(Incident.objects.select_for_update().filter(id__in=ids).order_by("id").values_list("id"))


def _check_pair(incident: Incident, survivor: Incident) -> None:
    if survivor.status not in OPEN:
        raise WrongState(_("The other incident is no longer open."), status=survivor.status)
    if survivor.sensitivity != incident.sensitivity:
        raise WrongState(_("Only incidents of the same sensitivity can be merged."))


def unmerge(*, incident_id: UUID, by: Person, reason: str, version: int | None = None) -> Incident:
    """Take a merged incident out again, with the reports that were its own; it goes on where it had been. Whoever does
    it may do it to both. Raises NotFound, NotAllowed, Stale, WrongState, Invalid, Conflict."""
    with writing(by):
        holder_id = _end_of_chain(incident_id)
        lock_in_order(incident_id, holder_id)
        with acting("unmerge", incident_id=incident_id, by=by, version=version) as change:
            if _end_of_chain(incident_id) != holder_id:
                raise Conflict(_("It was merged again meanwhile: try once more."))
            incident, holder = change.incident, Incident.objects.select_related(*NAMES).get(id=holder_id)
            reason = words(incident, reason, name="reason")
            require(change.access, change.move.permission, holder)
            own = Report.objects.filter(incident=holder, first_incident__in=gathered_by(incident_id))
            moved = own.update(incident=incident)
            incident.status, incident.merged_into = _status_before(incident), None
            incident.reports_count = moved
            holder.reports_count -= moved
            holder.from_public = Report.objects.filter(incident=holder, source=Source.CITIZEN).exists()
            separated = Change(holder, change.access, workflow.MOVES["report"], change.writer)
            change.done(events.Unmerged, from_incident=holder.id, reason=reason)
            separated.done(events.Separated, incident=incident.id, reports=moved)
    return incident


def _end_of_chain(incident_id: UUID) -> UUID:
    """The incident that holds the reports now: merges may follow one another."""
    return _walk(
        "with recursive chain(id, merged_into_id) as (select id, merged_into_id from incidents_incident where id = %s "
        "union all select up.id, up.merged_into_id from incidents_incident up join chain on up.id = chain.merged_into_id) "
        "select id from chain where merged_into_id is null",
        incident_id,
    )[0]


def gathered_by(incident_id: UUID) -> list[UUID]:
    """The incident and all that were merged into it, at any depth."""
    return _walk(
        "with recursive tree(id) as (select %s::uuid union all "
        "select below.id from incidents_incident below join tree on below.merged_into_id = tree.id) select id from tree",
        incident_id,
    )


def _walk(sql: str, incident_id: UUID) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [incident_id])
        found = [row[0] for row in cursor.fetchall()]
    if not found:
        raise NotFound
    return found


def _status_before(incident: Incident) -> str:
    if incident.started_at:
        return Status.IN_PROGRESS
    return Status.QUALIFIED if incident.qualified_at else Status.DECLARED
