"""A rota that has ended: no policy in force may need it, and what is frozen into incidents tells somebody all the same."""

from functools import partial

import pytest

from access.roles import Role
from incidents.models import PolicyStep, StepAct
from journal.errors import Conflict, Invalid
from notifications.models import Contact, Message, Rota, State
from notifications.on_call import clock
from notifications.services import end_rota
from notifications.services.claiming import claim
from tests import cast
from tests.incidents.escalations import declared, pass_time, policy, step
from tests.incidents.test_races import at_once
from tests.notifications.rotas import layer, rota
from tests.notifications.test_rota_ending import DAY


def lasting(*who: object) -> Rota:
    return rota(layer(*who, starts_on=clock().date() - 3 * DAY, turn_days=28))  # type: ignore[arg-type]


def calls(made: Rota) -> PolicyStep:
    return step(1, StepAct.ROTA, rota=made.key, vital=True)


@pytest.mark.django_db
def test_a_policy_in_force_keeps_its_rota_and_is_named() -> None:
    leader = cast.person(Role.CRISIS_DIRECTOR)
    made = lasting(leader)
    policy(calls(made), name="Nuit et jour", category_id=cast.LIGHT)
    with pytest.raises(Conflict, match="Nuit et jour"):
        end_rota(rota_id=made.id, by=leader, version=made.version)
    policy(calls(made), name="Nuit et jour", category_id=cast.LIGHT, active=False)
    end_rota(rota_id=made.id, by=leader, version=made.version)
    with pytest.raises(Invalid):
        policy(calls(made), name="Nuit et jour", category_id=cast.LIGHT)


@pytest.mark.django_db
@pytest.mark.parametrize("told_before", [False, True])
def test_what_is_frozen_tells_those_who_lead(*, told_before: bool) -> None:
    """`told_before`: the one on call is told, and the rota ends before the word has left."""
    caller, on_call = cast.person(Role.CALL_TAKER), cast.person(Role.MUNICIPAL_POLICE, home="dijon-metropole")
    leader = cast.person(Role.INTERVENTION_COORDINATOR)
    Contact.objects.create(person=on_call, phone="+33612345678")
    made = lasting(on_call)
    policy(calls(made), category_id=cast.LIGHT)
    incident = declared(caller)
    if told_before:
        pass_time(incident, 2)
    policy(category_id=cast.LIGHT)
    end_rota(rota_id=made.id, by=leader, version=made.version)
    if told_before:
        claim(8)
        assert Message.objects.get(about=incident.id, person=on_call).state == State.SPARED
    else:
        pass_time(incident, 2)
        assert not Message.objects.filter(about=incident.id, person=on_call).exists()
    assert Message.objects.filter(about=incident.id, person=leader).exists()


@pytest.mark.django_db(transaction=True)
def test_published_and_ended_at_the_same_instant_only_one_goes_through() -> None:
    leader = cast.person(Role.CRISIS_DIRECTOR)
    for _round in range(10):
        made = lasting(leader)
        end = partial(end_rota, rota_id=made.id, by=leader, version=made.version)
        publish = partial(policy, calls(made), key=f"race-{made.key}", category_id=cast.LIGHT)
        refused = [one for one in at_once(publish, end) if isinstance(one, Exception)]
        assert [type(one) in (Conflict, Invalid) for one in refused] == [True], refused
