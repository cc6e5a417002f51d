"""Looking at finished work: verified by a named person, or sent back."""

from uuid import UUID

from access.models import Person
from incidents import services as incidents
from incidents import workflow as incident_workflow
from interventions import events
from interventions.models import Intervention
from interventions.services.acting import Change, acting, lock_incident_of
from interventions.services.dispatching import let_go
from interventions.workflow import HELD, WAITING
from journal.services import writing


def verify(
    *, intervention_id: UUID, by: Person, note: str = "", resolve: bool = False, version: int | None = None
) -> Intervention:
    """It is done and good. With `resolve`, its incident is resolved by the same act, when nothing else is under way for
    it and the person may."""
    with writing(by):
        lock_incident_of(intervention_id)
        with acting("verify", intervention_id=intervention_id, by=by, version=version) as change:
            one = change.intervention
            said = change.words(note, name="note", needed=False)
            one.verified_at, one.verified_by = change.now, by
            if resolve:
                _resolve(change)
            return change.done(events.Verified, note=said)


def _resolve(change: Change) -> None:
    one = change.intervention
    if one.incident is None or one.incident.status not in incident_workflow.MOVES["resolve"].sources:
        return
    rest = Intervention.objects.filter(incident=one.incident, status__in=(*WAITING, *HELD)).exclude(id=one.id)
    if not rest.exists():
        incidents.resolve(incident_id=one.incident.id, by=change.by, outcome=one.outcome)


def reopen(*, intervention_id: UUID, by: Person, reason: str, version: int | None = None) -> Intervention:
    """Not good, or failed: it waits for a crew again, with its checklist to do anew."""
    with acting("reopen", intervention_id=intervention_id, by=by, version=version) as change:
        one = change.intervention
        said = change.words(reason, name="reason")
        let_go(change)
        one.done_at, one.ended_at, one.reason, one.outcome = None, None, "", ""
        one.checklist, one.checklist_title, one.ticked = [], "", 0
        return change.done(events.Reopened, reason=said)
