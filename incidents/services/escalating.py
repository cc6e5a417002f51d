"""Where an incident stands in its policy: begun, taken up, set aside, handed over, over.

An act holds the incident's lock and then touches timers; a timer holds its own row and then takes the incident's lock.
So that the two never wait for each other, an act never waits for a timer: each thing to come has a timer of its own, and
one that still fires after it was replaced finds another number in `armed`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from access.models import Organisation, Person
from incidents import events
from incidents.models import Escalation, EscalationState, Incident, Policy
from incidents.policies import PUBLISHED, choose, in_force_at, next_due
from incidents.rows import Named, row_of
from incidents.services import telling
from incidents.services.acting import acting, clock, words
from incidents.workflow import Priority, Status
from journal.errors import Invalid, WrongState
from journal.services import Record
from notifications import timers

KIND = telling.KIND
LONGEST_SNOOZE = {Priority.P1: 60, Priority.P2: 8 * 60}  # minutes
SNOOZE_LIMIT = 7 * 24 * 60
REMINDED = frozenset({Status.DECLARED, Status.QUALIFIED})  # work under way has its own deadline


def planned(incidents: Sequence[Incident], among: Sequence[UUID], now: datetime) -> list[Escalation]:
    """The escalations of incidents just declared, not saved: each with the policy that is frozen into it."""
    made = []
    for incident in incidents:
        chosen = choose(incident, among, now)
        if chosen is not None:
            due = next_due(chosen[1], done=0, since=now)
            made.append(Escalation(incident=incident, version_id=chosen[0], since=now, due_at=due, armed=1))
    return made


def settings_of(escalations: Sequence[Escalation]) -> list[timers.Setting]:
    """The timers of what is due by itself."""
    return [
        timers.Setting(
            kind=KIND, key=_key(one), due_at=one.due_at, about=one.incident_id, data={"armed": one.armed}
        )
        for one in escalations
        if one.due_at is not None
    ]  # fmt: skip


def _key(one: Escalation) -> str:
    return f"{KIND}:{one.incident_id}:{one.armed}"


def arm(one: Escalation, due: datetime | None) -> None:
    """Save it, with what comes next by itself (None: nothing)."""
    timers.cancel(key=_key(one))
    one.armed, one.due_at = one.armed + 1, due
    one.save()
    timers.start_many(settings_of([one]))


def restart(incident: Incident, record: Record, *, version: UUID | None = None) -> Escalation | None:
    """Begin with the first step again, under the policy that fits now (or the one told), as it was when the incident was
    declared; None when none does."""
    now = clock()
    one = Escalation.objects.filter(incident=incident).first()
    if version is None:
        own = [one.version_id] if one else []
        chosen = choose(incident, [*own, *in_force_at(incident.declared_at)], now)
        if chosen is None and one is None:  # nothing was frozen into it: what holds now
            chosen = choose(incident, current_versions(), now)
        version = chosen[0] if chosen else one.version_id if one else None
    if version is None:
        return None
    if one is None:
        one = Escalation(incident=incident, turn=0)
    one.version_id, one.turn, one.done, one.since = version, one.turn + 1, 0, now
    one.state, one.snoozed_until, one.snoozed_by, one.reason = EscalationState.RUNNING, None, None, ""
    frozen = PUBLISHED[version]
    started = events.EscalationStarted(row=row_of(incident), policy=frozen.name, version=version, turn=one.turn)
    record(started, about=incident)
    arm(one, next_due(frozen, done=0, since=now))
    return one


def version_of(key: str, incident: Incident) -> UUID | None:
    """The version of another policy that a step goes on with: as it was when the incident was declared; one that is
    younger than the incident as it is now. None when it is not active."""
    for version, frozen in PUBLISHED.all(in_force_at(incident.declared_at)).items():
        if frozen.key == key:
            return version if frozen.active else None
    return Policy.objects.filter(key=key, active=True).values_list("current_id", flat=True).first()


def current_versions() -> list[UUID]:
    """What is published now."""
    found = Policy.objects.filter(active=True, current__isnull=False)
    return list(found.values_list("current", flat=True))


def take(incident_id: UUID, *, status: str) -> None:
    """Somebody has taken it up: no further steps; untouched for long, it comes back."""
    one = Escalation.objects.filter(incident=incident_id).first()
    if one is None:
        return
    one.state, one.snoozed_until, one.snoozed_by, one.reason = EscalationState.TAKEN, None, None, ""
    untouched = PUBLISHED[one.version_id].untouched
    arm(one, clock() + timedelta(seconds=untouched) if untouched and status in REMINDED else None)


def end(incident_id: UUID) -> None:
    """Nothing more happens by itself."""
    one = Escalation.objects.filter(incident=incident_id).exclude(state=EscalationState.ENDED).first()
    if one is not None:
        one.state, one.snoozed_until, one.snoozed_by, one.reason = EscalationState.ENDED, None, None, ""
        arm(one, None)


def snooze(*, incident_id: UUID, by: Person, minutes: int, reason: str, version: int | None = None) -> Incident:
    """Set it aside for so many minutes; then it comes back as not taken up, and its steps begin anew. At most an hour
    for a vital one, eight for an urgent one, a week for the rest. Raises Invalid as well."""
    with acting("snooze", incident_id=incident_id, by=by, version=version) as change:
        incident = change.incident
        longest = LONGEST_SNOOZE.get(Priority(incident.priority), SNOOZE_LIMIT)
        if not 1 <= minutes <= longest:
            raise Invalid(errors={"minutes": [_("Between 1 and %(longest)d minutes.") % {"longest": longest}]})
        reason = words(incident, reason, name="reason")
        now = clock()
        one = Escalation.objects.filter(incident=incident).first() or restart(incident, change.writer)
        if one is None:
            raise WrongState(_("No policy watches over this incident."))
        until = now + timedelta(minutes=minutes)
        one.state, one.snoozed_until, one.snoozed_by, one.reason = EscalationState.SNOOZED, until, by, reason
        arm(one, until)
        incident.acknowledged_at = incident.acknowledged_at or now
        return change.done(events.Snoozed, until=until, reason=reason)


def hand_over(
    *, incident_id: UUID, by: Person, organisation: UUID, reason: str, version: int | None = None
) -> Incident:
    """Give it to another organisation, which has to take it up: its people are told, and the steps begin anew. Raises
    Invalid as well."""
    with acting("hand_over", incident_id=incident_id, by=by, version=version) as change:
        incident, before = change.incident, change.incident.organisation
        owner = Organisation.objects.filter(id=organisation).first()
        if owner is None or owner == before:
            raise Invalid(errors={"organisation": [_("Choose another organisation than its owner.")]})
        reason = words(incident, reason, name="reason")
        now = clock()
        incident.organisation, incident.assignee, incident.acknowledged_at = owner, None, None
        incident.response_due = now + timedelta(minutes=incident.category.first_response_minutes)
        from_ = Named(before.id, before.name) if before else None
        change.done(events.HandedOver, organisation_before=from_, reason=reason)
        key = f"{telling.HANDED_OVER}:{incident.id}:{incident.version}"
        people = telling.holders(incident, organisation=owner.id)
        telling.tell(incident, people, key=key, vital=incident.priority == Priority.P1, now=now)
        restart(incident, change.writer)
        return incident
