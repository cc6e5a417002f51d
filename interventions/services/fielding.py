"""What a crew says from the field, in its own time (`at`): heard late when there was no network, recorded in order."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from access.models import Person
from incidents import services as incidents
from incidents import workflow as incident_workflow
from interventions import events
from interventions.models import Intervention, Material, Note, Tick
from interventions.services.acting import Change, acting, lock_incident_of
from interventions.services.pausing import end_pause
from interventions.services.slots import bring_forward
from interventions.services.watching import expect_sign, stop_watching
from journal.errors import Invalid
from journal.services import writing

NOTE_LIMIT, LABEL_LIMIT, UNIT_LIMIT = 2000, 120, 12


def accept(
    *, intervention_id: UUID, by: Person, at: datetime | None = None, version: int | None = None
) -> Intervention:
    """The crew takes it."""
    with acting("accept", intervention_id=intervention_id, by=by, version=version) as change:
        change.intervention.accepted_at = when = change.when(at)
        return change.done(events.Accepted, at=when)


def refuse(
    *, intervention_id: UUID, by: Person, reason: str, at: datetime | None = None, version: int | None = None
) -> Intervention:
    """The crew cannot; the coordinator sees why and chooses again. Its slot is free at once."""
    with acting("refuse", intervention_id=intervention_id, by=by, version=version) as change:
        one, when = change.intervention, change.when(at)
        one.reason = change.words(reason, name="reason")
        one.ended_at = when
        stop_watching(one)
        before, one.crew, one.slot_start, one.slot_end = one.crew_id, None, None, None
        return change.done(events.Refused, reason=one.reason, at=when, crew_before=before)


def depart(
    *, intervention_id: UUID, by: Person, at: datetime | None = None, version: int | None = None
) -> Intervention:
    """On the way; its incident's work has begun with that."""
    with writing(by):
        lock_incident_of(intervention_id)
        with acting("depart", intervention_id=intervention_id, by=by, version=version) as change:
            change.intervention.departed_at = when = change.when(at)
            bring_forward(change.intervention, when)
            _begin_incident(change)
            return change.done(events.Departed, at=when)


def _begin_incident(change: Change) -> None:
    incident = change.intervention.incident
    if incident is None or incident.status not in incident_workflow.MOVES["start"].sources:
        return
    if change.access.allows(incident_workflow.MOVES["start"].permission, incident.audiences):
        incidents.start(incident_id=incident.id, by=change.by)


def arrive(
    *, intervention_id: UUID, by: Person, at: datetime | None = None, version: int | None = None
) -> Intervention:
    """On site: the response clock has been met. A lone worker's signs of life are expected from now on."""
    with acting("arrive", intervention_id=intervention_id, by=by, version=version) as change:
        one = change.intervention
        one.arrived_at = when = change.when(at)
        one.attempts += 1
        bring_forward(one, when)
        expect_sign(one, when, change.now)
        return change.done(events.Arrived, at=when)


def finish(
    *,
    intervention_id: UUID,
    by: Person,
    outcome: str,
    left_out: str = "",
    minutes_spent: int | None = None,
    at: datetime | None = None,
    version: int | None = None,
) -> Intervention:
    """The work is done; `outcome` says how. Needed items of the checklist that are not ticked want a reason in
    `left_out`. Raises Invalid."""
    with acting("finish", intervention_id=intervention_id, by=by, version=version) as change:
        one, when = change.intervention, change.when(at)
        one.outcome = change.words(_with_left_out(one, outcome, left_out), name="outcome")
        one.done_at = when
        one.minutes_spent = _spent(one, minutes_spent, when)
        _free_the_rest(one, when)
        stop_watching(one)
        end_pause(one, when)
        return change.done(events.Finished, outcome=one.outcome, at=when)


def _with_left_out(one: Intervention, outcome: str, left_out: str) -> str:
    missing = [item["text"] for item in one.checklist if item.get("needed") and not item.get("done")]
    if missing and not left_out.strip():
        raise Invalid(errors={"left_out": [_("Say why this was left out: %(items)s") % {"items": ", ".join(missing)}]})
    return f"{outcome.strip()} ({left_out.strip()})" if left_out.strip() and outcome.strip() else outcome


def _spent(one: Intervention, told: int | None, when: datetime) -> int:
    if told is not None:
        return told
    return max(0, round((when - one.arrived_at).total_seconds() / 60)) if one.arrived_at else 0


def _free_the_rest(one: Intervention, when: datetime) -> None:
    if one.slot_start and one.slot_end and one.slot_start < when < one.slot_end:
        one.slot_end = when


def fail(
    *, intervention_id: UUID, by: Person, reason: str, at: datetime | None = None, version: int | None = None
) -> Intervention:
    """It could not be done; `reason` says why. The coordinator opens it again or calls it off."""
    with acting("fail", intervention_id=intervention_id, by=by, version=version) as change:
        one, when = change.intervention, change.when(at)
        one.reason = change.words(reason, name="reason")
        one.ended_at = when
        _free_the_rest(one, when)
        stop_watching(one)
        end_pause(one, when)
        return change.done(events.Failed, reason=one.reason, at=when)


def tick(
    *, intervention_id: UUID, by: Person, item: str, done: bool = True, at: datetime | None = None, row_id: UUID | None = None
) -> Intervention:  # fmt: skip
    """One item of the checklist, done or taken back. Raises Invalid for an item that is not on it."""
    with acting("tick", intervention_id=intervention_id, by=by) as change:
        one, when = change.intervention, change.when(at)
        found = next((entry for entry in one.checklist if entry["key"] == item), None)
        if found is None:
            raise Invalid(errors={"item": [_("Not on this mission's checklist.")]})
        found["done"], found["done_at"] = done, when.isoformat()
        one.ticked = sum(bool(entry.get("done")) for entry in one.checklist)
        _said(Tick, change, when, row_id, item=item, done=done)
        return change.done(events.Ticked, item=item, done=done, at=when)


def note(
    *, intervention_id: UUID, by: Person, text: str, at: datetime | None = None, row_id: UUID | None = None
) -> Intervention:
    """Words from the field, up to 2,000 characters."""
    with acting("note", intervention_id=intervention_id, by=by) as change:
        when, text = change.when(at), change.words(text, name="text", limit=NOTE_LIMIT)
        made = _said(Note, change, when, row_id, text=text)
        return change.done(events.Noted, note=made.id, text=text, at=when)


def material(
    *,
    intervention_id: UUID,
    by: Person,
    label: str,
    quantity: Decimal | float,
    unit: str = "",
    at: datetime | None = None,
    row_id: UUID | None = None,
) -> Intervention:
    """Something that was used up. Raises Invalid for a quantity that is not above zero."""
    with acting("material", intervention_id=intervention_id, by=by) as change:
        when = change.when(at)
        label = change.words(label, name="label", limit=LABEL_LIMIT)
        unit = change.words(unit, name="unit", needed=False, limit=UNIT_LIMIT)
        amount = round(Decimal(str(quantity)), 2)
        if not 0 < amount < 1_000_000:
            raise Invalid(errors={"quantity": [_("More than zero.")]})
        _said(Material, change, when, row_id, label=label, quantity=amount, unit=unit)
        return change.done(events.MaterialUsed, label=label, quantity=str(amount), unit=unit, at=when)


def check_in(*, intervention_id: UUID, by: Person, at: datetime | None = None) -> Intervention:
    """I was well at `at`: the next sign of life is due later."""
    with acting("check_in", intervention_id=intervention_id, by=by) as change:
        when = change.when(at)
        expect_sign(change.intervention, when, change.now)
        return change.done(events.CheckedIn, at=when)


def _said(model: Any, change: Change, when: datetime, id_: UUID | None, **fields: Any) -> Any:
    row = model(
        id=id_ or uuid4(), intervention=change.intervention, by=change.by, at=when, entered_at=change.now, **fields
    )
    row.save(force_insert=True)
    return row
