"""The everyday acts: acknowledge, qualify, edit, assign, start, resolve, close, cancel, reopen, move."""

from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from access.models import Organisation, Person
from access.selectors import access_of
from incidents import events
from incidents.models import SECURITY, Category, Incident
from incidents.services.acting import Change, acting, words
from incidents.services.acting import clock as clock  # other rooms ask it here
from incidents.services.declaring import set_targets
from incidents.workflow import Priority
from journal.errors import Invalid

TITLE_LIMIT, ADDRESS_LIMIT = 160, 200


def acknowledge(*, incident_id: UUID, by: Person, version: int | None = None) -> Incident:
    """Somebody has seen it: the first-response clock stops. A second time changes nothing."""
    with acting("acknowledge", incident_id=incident_id, by=by, version=version) as change:
        if change.incident.acknowledged_at is not None:
            return change.incident
        change.incident.acknowledged_at = clock()
        return change.done(events.Acknowledged)


def qualify(
    *,
    incident_id: UUID,
    by: Person,
    priority: str,
    category: str,
    title: str | None = None,
    version: int | None = None,
) -> Incident:
    """Say what an incident is and how urgent; again as often as needed. Raises NotAllowed, NotFound, WrongState, Stale,
    Invalid. A new category brings its own owner and targets."""
    with acting("qualify", incident_id=incident_id, by=by, version=version) as change:
        incident = change.incident
        before = {"priority_before": incident.priority, "category_before": incident.category_id}
        if priority not in Priority.values:
            raise Invalid(errors={"priority": [_("Not one of the possible values.")]})
        _categorise(incident, category)
        incident.priority = priority
        if title is not None:
            incident.title = words(incident, title, name="title", needed=False, limit=TITLE_LIMIT)
        at = clock()
        incident.qualified_at = incident.qualified_at or at
        incident.acknowledged_at = incident.acknowledged_at or at
        if incident.status == "declared":
            incident.status = "qualified"
        return change.done(events.Qualified, **before)


def _categorise(incident: Incident, key: str) -> None:
    if key == incident.category_id:
        return
    leaves = Category.objects.select_related("organisation").filter(active=True, parent__isnull=False)
    category = leaves.filter(key=key).first()
    if category is None:
        raise Invalid(errors={"category": [_("No such category.")]})
    incident.category, incident.organisation = category, _owner(category, incident.commune_id)
    set_targets(incident)


def _owner(category: Category, commune: str) -> Organisation | None:
    """Who a category gives an incident to: its organisation, or for public safety the commune's own police."""
    if category.branch != SECURITY:
        return category.organisation
    police = Organisation.objects.filter(kind=Organisation.Kind.POLICE, commune=commune).order_by("key").first()
    return police or category.organisation


def edit(*, incident_id: UUID, by: Person, title: str, address: str, version: int | None = None) -> Incident:
    """Correct the words (title up to 160, address up to 200 characters); the place itself is `move`."""
    with acting("edit", incident_id=incident_id, by=by, version=version) as change:
        incident = change.incident
        incident.title = words(incident, title, name="title", needed=False, limit=TITLE_LIMIT)
        incident.address = words(incident, address, name="address", needed=False, limit=ADDRESS_LIMIT)
        return change.done(events.Edited)


def assign(
    *,
    incident_id: UUID,
    by: Person,
    organisation: UUID,
    person: UUID | None = None,
    version: int | None = None,
) -> Incident:
    """Give it to an organisation and, if told, to one of those who may see it there. Raises Invalid as well."""
    with acting("assign", incident_id=incident_id, by=by, version=version) as change:
        incident = change.incident
        owner = Organisation.objects.filter(id=organisation).first()
        if owner is None:
            raise Invalid(errors={"organisation": [_("No such organisation.")]})
        incident.organisation, incident.assignee = owner, None
        if person is not None:
            incident.assignee = _assignee(change, person)
        return change.done(events.Assigned)


def _assignee(change: Change, person_id: UUID) -> Person:
    person = Person.objects.filter(id=person_id, is_active=True).first()
    if person is None or not access_of(person).sees(change.incident.compute_audiences()):
        raise Invalid(errors={"person": [_("This person does not see this incident.")]})
    return person


def start(*, incident_id: UUID, by: Person, version: int | None = None) -> Incident:
    """Work has begun."""
    with acting("start", incident_id=incident_id, by=by, version=version) as change:
        change.incident.started_at = change.incident.started_at or clock()
        return change.done(events.Started)


def resolve(*, incident_id: UUID, by: Person, outcome: str, version: int | None = None) -> Incident:
    """The trouble is over; `outcome` says how, in the post's own words."""
    with acting("resolve", incident_id=incident_id, by=by, version=version) as change:
        outcome = words(change.incident, outcome, name="outcome")
        change.incident.resolved_at = at = clock()
        change.incident.acknowledged_at = change.incident.acknowledged_at or at
        return change.done(events.Resolved, outcome=outcome)


def close(*, incident_id: UUID, by: Person, version: int | None = None) -> Incident:
    """Checked and put away."""
    with acting("close", incident_id=incident_id, by=by, version=version) as change:
        change.incident.closed_at = clock()
        return change.done(events.Closed)


def cancel(*, incident_id: UUID, by: Person, reason: str, version: int | None = None) -> Incident:
    """It was nothing, or not ours; `reason` stands in the record."""
    with acting("cancel", incident_id=incident_id, by=by, version=version) as change:
        reason = words(change.incident, reason, name="reason")
        change.incident.closed_at = clock()
        return change.done(events.Cancelled, reason=reason)


def reopen(*, incident_id: UUID, by: Person, reason: str, version: int | None = None) -> Incident:
    """It was not over after all."""
    with acting("reopen", incident_id=incident_id, by=by, version=version) as change:
        reason = words(change.incident, reason, name="reason")
        change.incident.resolved_at = change.incident.closed_at = None
        return change.done(events.Reopened, reason=reason)


def move(
    *, incident_id: UUID, by: Person, lat: float, lon: float, address: str = "", version: int | None = None
) -> Incident:
    """Correct where it is (WGS 84 degrees); the commune follows from the point. Raises Invalid outside the metropolis."""
    with acting("move", incident_id=incident_id, by=by, version=version) as change:
        incident = change.incident
        before = {"lat_before": incident.lat, "lon_before": incident.lon, "commune_before": incident.commune_id}
        incident.address = words(incident, address, name="address", needed=False, limit=ADDRESS_LIMIT)
        incident.lat, incident.lon, incident.commune_id = lat, lon, _commune(lat, lon)
        return change.done(events.Moved, **before)


def _commune(lat: float, lon: float) -> str:
    insee = _ask("select commune_at(%s, %s)", lat, lon)
    if insee is None:
        raise Invalid(errors={"lat": [_("This point lies outside the metropolis.")]})
    return str(insee)


def _ask(sql: str, *values: float) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]
