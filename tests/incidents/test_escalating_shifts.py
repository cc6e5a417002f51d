"""Whom a step reaches: whoever is on call as the word leaves, nobody about what is taken up; and who is asked to answer."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from access.models import Person
from access.roles import Role
from incidents.models import StepAct
from incidents.services import acknowledge, hand_over
from notifications.models import Contact, Message, Override, State
from notifications.services import acknowledge as answer
from notifications.services.claiming import claim
from tests import cast
from tests.incidents.escalations import declared, pass_time, policy, step
from tests.notifications.rotas import layer, rota

pytestmark = pytest.mark.django_db


def director(*communes: str) -> Person:
    made = cast.person(Role.CRISIS_DIRECTOR, communes=communes)
    Contact.objects.create(person=made, phone=f"+336{made.id.int % 10**8:08d}")
    return made


@pytest.mark.parametrize(("communes", "taken_up", "told"), [((), False, 2), ((), True, 1), ((cast.CHENOVE,), False, 1)])
def test_the_shift_ends_before_the_word_has_left(communes: tuple[str, ...], taken_up: bool, told: int) -> None:
    """`communes` of whoever comes next: nobody is told of what they may not see, nor of what is taken up."""
    caller, before, after = cast.person(Role.CALL_TAKER), director(), director(*communes)
    made = rota(layer(before, starts_on=timezone.now().date() - timedelta(days=2), turn_days=28))
    policy(step(1, StepAct.ROTA, rota=made.key, vital=True), category_id=cast.LIGHT)
    incident = declared(caller)
    pass_time(incident, 2)
    Override.objects.create(
        rota=made, person=after, starts_at=Now() - timedelta(seconds=1), ends_at=Now() + timedelta(days=1)
    )
    if taken_up:
        acknowledge(incident_id=incident.id, by=caller)
    assert claim(8) == []
    mine = Message.objects.get(person=before)
    assert mine.state == State.SPARED
    messages = Message.objects.filter(about=incident.id, key=mine.key)
    assert messages.count() == told
    next_ones = {parcel.message for parcel in claim(8)}
    assert next_ones == set(messages.exclude(id=mine.id).values_list("id", flat=True))


def test_taken_up_on_a_desk_no_telephone_rings_any_more() -> None:
    caller, chief = cast.person(Role.CALL_TAKER), director()
    policy(step(1, StepAct.DUTY, role=Role.CRISIS_DIRECTOR, vital=True), category_id=cast.LIGHT)
    incident = declared(caller)
    pass_time(incident, 2)
    acknowledge(incident_id=incident.id, by=caller)
    assert claim(8) == []
    rows = Message.objects.get(person=chief).deliveries.exclude(channel="screen").exclude(state=State.FAILED)
    assert {(row.state, row.why) for row in rows} == {(State.SPARED, "taken_up")}


def test_who_may_not_acknowledge_is_told_and_not_asked() -> None:
    caller = cast.person(Role.CALL_TAKER)
    follower = cast.person(Role.COMMUNE_OFFICER)
    policy(step(1, StepAct.DUTY, role=Role.COMMUNE_OFFICER), category_id=cast.LIGHT)
    made = declared(caller)
    pass_time(made, 2)
    message = Message.objects.get(person=follower)
    assert (message.wants_ack, message.code) == (False, "")
    answer(message_id=message.id, by=follower, channel="sms")
    made.refresh_from_db()
    assert made.acknowledged_at is None


def test_a_crew_leader_takes_up_what_is_handed_over_to_their_organisation() -> None:
    caller = cast.person(Role.CALL_TAKER)
    leader = cast.person(Role.CREW_LEADER)
    made = declared(caller, category="roads.pothole")
    hand_over(incident_id=made.id, by=caller, organisation=leader.organisation_id, reason="Un candélabre")
    answer(message_id=Message.objects.get(person=leader, about=made.id).id, by=leader, channel="sms")
    made.refresh_from_db()
    assert made.acknowledged_at is not None
