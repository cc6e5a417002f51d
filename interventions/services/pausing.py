"""Stopping the clocks while nobody can be blamed, and what that does to the due times."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from access.models import Person
from interventions import events
from interventions.models import Intervention, Pause
from interventions.services.acting import acting
from interventions.workflow import PauseReason
from journal.errors import Invalid, WrongState


def pause(
    *, intervention_id: UUID, by: Person, reason: str, at: datetime | None = None, version: int | None = None
) -> Intervention:
    """Stop both clocks, for one of the accepted reasons. Raises WrongState when they stand already."""
    return _pause("pause", intervention_id, by, reason, at, version)


def hold(
    *, intervention_id: UUID, by: Person, reason: str, at: datetime | None = None, version: int | None = None
) -> Intervention:
    """The crew's own `pause`."""
    return _pause("hold", intervention_id, by, reason, at, version)


def _pause(
    act: str, intervention_id: UUID, by: Person, reason: str, at: datetime | None, version: int | None
) -> Intervention:
    with acting(act, intervention_id=intervention_id, by=by, version=version) as change:
        one, when = change.intervention, change.when(at)
        if reason not in PauseReason.values:
            raise Invalid(errors={"reason": [_("Not one of the possible values.")]})
        if one.paused_since is not None:
            raise WrongState(_("Its clocks stand still already."))
        one.paused_since, one.paused_reason = when, reason
        Pause.objects.create(intervention=one, reason=reason, from_at=when)
        return change.done(events.Paused, at=when)


def resume(
    *, intervention_id: UUID, by: Person, at: datetime | None = None, version: int | None = None
) -> Intervention:
    """Let the clocks go on: what is due is due later by as long as they stood. Raises WrongState when they run."""
    return _resume("resume", intervention_id, by, at, version)


def release(
    *, intervention_id: UUID, by: Person, at: datetime | None = None, version: int | None = None
) -> Intervention:
    """The crew's own `resume`."""
    return _resume("release", intervention_id, by, at, version)


def _resume(act: str, intervention_id: UUID, by: Person, at: datetime | None, version: int | None) -> Intervention:
    with acting(act, intervention_id=intervention_id, by=by, version=version) as change:
        when = change.when(at)
        if change.intervention.paused_since is None:
            raise WrongState(_("Its clocks run already."))
        end_pause(change.intervention, when)
        return change.done(events.Resumed, at=when)


def end_pause(one: Intervention, when: datetime) -> None:
    """Inside a change: end a pause, if there is one, and move on what is due and was not met before it began."""
    since = one.paused_since
    if since is None:
        return
    stood = max(when, since) - since
    if one.response_due is not None and (one.arrived_at is None or one.arrived_at > since):
        one.response_due += stood
    if one.repair_due is not None:
        one.repair_due += stood
    one.paused_since, one.paused_reason = None, ""
    Pause.objects.filter(intervention=one, to_at=None).update(to_at=max(when, since))
