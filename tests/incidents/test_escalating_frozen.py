"""What is frozen into an incident: not only its policy, but all that it may come to be under later."""

import json
from uuid import UUID

import pytest

from access.models import Person
from access.roles import Role
from incidents.models import Policy, StepAct
from incidents.policies import PUBLISHED
from incidents.services import hand_over, snooze
from incidents.services.publishing import save_policy
from journal.models import Entry
from tests import cast
from tests.incidents.escalations import declared, happened, pass_time, policy, state, step

pytestmark = pytest.mark.usefixtures("committed")  # what was in force when goes by the times of transactions
CRISIS, DUTY = StepAct.CRISIS, StepAct.DUTY


@pytest.fixture
def caller() -> Person:
    return cast.person(Role.CALL_TAKER)


def acts(incident_id: UUID) -> list[str]:
    taken = Entry.objects.filter(kind="incidents.step_taken", about=incident_id).order_by("seq")
    return [json.loads(entry.data)["act"] for entry in taken]


def calls_suite() -> Policy:
    policy(step(1, CRISIS), key="suite", category_id="crisis")
    return policy(step(5, StepAct.POLICY, other=Policy.objects.get(key="suite")), category_id=cast.LIGHT)


def test_the_policy_that_it_goes_on_with_is_frozen_too(caller: Person) -> None:
    calls_suite()
    made = declared(caller)
    policy(step(1, DUTY, role=Role.CRISIS_DIRECTOR), key="suite", category_id="crisis")
    pass_time(made, 7)
    assert acts(made.id) == ["policy", "crisis"]
    younger = declared(caller)
    pass_time(younger, 7)
    assert acts(younger.id) == ["policy", "duty"]


def test_one_that_was_put_out_of_use_goes_on_for_what_runs_only(caller: Person) -> None:
    calls_suite()
    made = declared(caller)
    suite = Policy.objects.get(key="suite")
    suite.active = False
    save_policy(policy=suite, steps=list(suite.steps.all()), by=None)
    younger = declared(caller)
    pass_time(made, 7)
    pass_time(younger, 7)
    assert (acts(made.id), acts(younger.id)) == (["policy", "crisis"], ["policy"])


def test_what_comes_back_comes_back_under_what_it_began_with(caller: Person) -> None:
    policy(step(1, CRISIS), category_id=cast.LIGHT, untouched=10)
    made = declared(caller)
    policy(step(1, DUTY, role=Role.CRISIS_DIRECTOR), category_id=cast.LIGHT, untouched=10)
    snooze(incident_id=made.id, by=caller, minutes=30, reason="La société arrive")
    pass_time(made, 32)
    assert happened(made)[-3:] == ["escalation_started", "crisis_proposed", "step_taken"]


def test_another_owner_brings_the_policy_that_its_owner_had_then(caller: Person) -> None:
    other = cast.organisation("voirie")
    policy(step(1, CRISIS), key="voirie", category_id=cast.LIGHT, organisation=other)
    made = declared(caller)
    before = Policy.objects.get(key="voirie").current_id
    policy(step(1, DUTY, role=Role.CRISIS_DIRECTOR), key="voirie", category_id=cast.LIGHT, organisation=other)
    hand_over(incident_id=made.id, by=caller, organisation=other.id, reason="Chaussée")
    assert state(made).version_id == before
    assert PUBLISHED[state(made).version_id].key == "voirie"
