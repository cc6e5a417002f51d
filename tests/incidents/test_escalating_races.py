"""A step and an act at the same instant."""

from functools import partial

import pytest

from access.roles import Role
from incidents import services
from incidents.models import EscalationState
from notifications import timers
from notifications.models import Timer
from tests import cast
from tests.incidents.escalations import declared, happened, state, three_steps
from tests.incidents.test_races import at_once


@pytest.mark.django_db(transaction=True)
def test_acknowledged_at_the_very_instant_of_a_step_neither_waits_for_the_other() -> None:
    """A timer holds its row and wants the incident, an act holds the incident and calls the timer off."""
    caller = cast.person(Role.CALL_TAKER)
    cast.person(Role.INTERVENTION_COORDINATOR)
    three_steps()
    for _round in range(10):
        made = declared(caller)
        Timer.objects.filter(about=made.id).update(due_at=made.declared_at)
        act = partial(services.acknowledge, incident_id=made.id, by=caller)
        results = at_once(timers.sweep, act, timers.sweep)
        assert not [result for result in results if isinstance(result, Exception)]
        assert state(made).state == EscalationState.TAKEN
        assert happened(made) in (["declared", "acknowledged"], ["declared", "step_taken", "acknowledged"])
        assert Timer.objects.filter(timers.WAITING, about=made.id).count() == 1
        assert not Timer.objects.exclude(failure="").exists()
