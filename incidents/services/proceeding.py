"""Procedures on an incident: begun with it, their steps ticked with time and person, skipped for a reason."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db.models.functions import Now
from django.utils.translation import gettext as _

from access.models import Person
from incidents import events
from incidents.calendars import seasons_at
from incidents.models import Incident, Procedure, ProcedureMark, ProcedureRun
from incidents.procedures import PUBLISHED, Step, choose
from incidents.rows import row_of
from incidents.services.acting import Change, acting, clock, lock, words
from journal.errors import Conflict, Invalid, WrongState
from journal.services import Record


def planned(incidents: Sequence[Incident], among: Sequence[UUID], now: datetime) -> list[ProcedureRun]:
    """What incidents just declared have to follow, not saved."""
    return [
        ProcedureRun(id=uuid4(), incident=incident, version_id=version, started_at=now)
        for incident in incidents
        for version in choose(incident, among, now)
    ]


def current_versions() -> list[UUID]:
    """What is published now."""
    found = Procedure.objects.filter(active=True, current__isnull=False)
    return list(found.values_list("current", flat=True))


def follow_anew(incident_id: UUID, record: Record) -> None:
    """After its category changed: procedures that no longer fit are left, those that fit now begin; one that fits as
    before goes on in the version that it began with."""
    incident, now = lock(incident_id), clock()
    seasons, followed = seasons_at(now), set()
    for run in ProcedureRun.objects.filter(incident=incident):
        frozen = PUBLISHED[run.version_id]
        fits = frozen.fits(incident.category_id, seasons)
        if fits:
            followed.add(frozen.key)
        if fits == (run.left_at is not None):
            ProcedureRun.objects.filter(id=run.id).update(left_at=None if fits else now)
    for version in choose(incident, current_versions(), now):
        if PUBLISHED[version].key not in followed:
            begin(incident, version, record, now=now)


def begin(incident: Incident, version: UUID, record: Record, *, now: datetime) -> ProcedureRun:
    """Have an incident follow a published version from now on."""
    run = ProcedureRun.objects.create(incident=incident, version_id=version, started_at=now)
    name = PUBLISHED[version].name
    record(events.ProcedureStarted(row=row_of(incident), run=run.id, version=version, name=name), about=incident)
    return run


def start_procedure(*, incident_id: UUID, by: Person, procedure: UUID) -> ProcedureRun:
    """Follow one more procedure, by hand. Raises NotFound, NotAllowed, WrongState, Invalid, Conflict when it is followed."""
    with acting("tick", incident_id=incident_id, by=by) as change:
        found = Procedure.objects.filter(id=procedure, active=True, current__isnull=False).first()
        if found is None or found.current_id is None:
            raise Invalid(errors={"procedure": [_("No such procedure.")]})
        if ProcedureRun.objects.filter(incident=change.incident, version__procedure=found, left_at=None).exists():
            raise Conflict(_("This procedure is being followed already."))
        again = ProcedureRun.objects.filter(incident=change.incident, version=found.current_id).first()
        if again is not None:
            ProcedureRun.objects.filter(id=again.id).update(left_at=None)
            return again
        return begin(change.incident, found.current_id, change.writer, now=clock())


def tick(*, incident_id: UUID, by: Person, run: UUID, step: int, state: str, reason: str = "") -> ProcedureMark | None:
    """Say of a step (1, 2 …) that it is `done`, `skipped` for a reason, or `open` after all. The same again changes
    nothing. Raises NotFound, NotAllowed, WrongState, Invalid, Conflict when somebody marked it otherwise meanwhile."""
    with acting("tick", incident_id=incident_id, by=by) as change:
        followed, told = _step(change.incident, run, step)
        mark = ProcedureMark.objects.filter(run=followed, step=step, undone_at=None).first()
        if state == "open":
            _undo(change, mark, told)
            return None
        skipped = state == "skipped"
        if mark is not None:
            if mark.skipped == skipped:
                return mark
            raise Conflict(_("Somebody has marked this step meanwhile."))
        if skipped:
            reason = words(change.incident, reason, name="reason")
        made = ProcedureMark.objects.create(
            run=followed, step=step, skipped=skipped, reason=reason if skipped else "", by=by, at=clock()
        )
        _tell(change, made, told)
        return made


def _step(incident: Incident, run: UUID, step: int) -> tuple[ProcedureRun, Step]:
    followed = ProcedureRun.objects.filter(id=run, incident=incident).first()
    steps = PUBLISHED[followed.version_id].steps if followed else ()
    if followed is None:
        raise Invalid(errors={"run": [_("This incident does not follow it.")]})
    if not 1 <= step <= len(steps):
        raise Invalid(errors={"step": [_("No such step.")]})
    if followed.left_at is not None:
        raise WrongState(_("This procedure is no longer followed."))
    return followed, steps[step - 1]


def _undo(change: Change, mark: ProcedureMark | None, told: Step) -> None:
    if mark is None:
        return
    ProcedureMark.objects.filter(id=mark.id).update(undone_at=Now())
    row = row_of(change.incident)
    change.writer(
        events.ProcedureStepUndone(row=row, run=mark.run_id, step=mark.step, what=told.what), about=change.incident
    )


def _tell(change: Change, mark: ProcedureMark, told: Step) -> None:
    row, run, step, what = row_of(change.incident), mark.run_id, mark.step, told.what
    said: events.IncidentEvent = events.ProcedureStepDone(row=row, run=run, step=step, what=what)
    if mark.skipped:
        said = events.ProcedureStepSkipped(row=row, run=run, step=step, what=what, reason=mark.reason)
    change.writer(said, about=change.incident)
