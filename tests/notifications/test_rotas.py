"""On-call in the database: who is, who may change it, overrides and swaps."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.models import Duty
from access.roles import Role
from access.selectors import access_of
from journal.errors import Conflict, Invalid, NotAllowed, NotFound, Stale, WrongState
from journal.models import Entry
from notifications import on_call
from notifications.models import Message, Override, Swap
from notifications.services import (
    Shift,
    acknowledge,
    add_override,
    add_rota,
    answer_swap,
    drop_override,
    propose_swap,
    set_layers,
    withdraw_swap,
)
from notifications.services.rotas import LayerDraft
from tests.cast import organisation, person
from tests.notifications.rotas import HOUR, at, layer, people, rota

pytestmark = pytest.mark.django_db
MICRO = timedelta(microseconds=1)


def test_who_is_on_call_at_an_instant_and_at_the_edge() -> None:
    anna, bruno, _clara = people()
    made = rota(layer(anna, bruno))
    assert on_call.on_call(rota=made.key, at=at(4) - MICRO) == anna
    assert on_call.on_call(rota=made.key, at=at(4)) == bruno
    assert on_call.is_on_call(bruno, at=at(4))
    assert not on_call.is_on_call(bruno, at=at(4) - MICRO)
    assert on_call.on_call(rota=made.key) is None, "the turns have not begun"
    assert on_call.on_call(rota="no-such-rota") is None


def test_whose_duty_ends_is_never_called_from_that_instant() -> None:
    anna, bruno, _clara = people()
    made = rota(layer(anna), layer(bruno, name="Below"))
    Duty.objects.filter(person=anna).update(valid_until=at(4, 20))
    assert on_call.on_call(rota=made.key, at=at(4, 20) - MICRO) == anna
    assert on_call.on_call(rota=made.key, at=at(4, 20)) == bruno
    bruno.is_active = False
    bruno.save()
    assert on_call.on_call(rota=made.key, at=at(4, 20)) is None


def test_many_rotas_cost_no_more_queries() -> None:
    anna, bruno, _clara = people()
    made = [rota(layer(anna, bruno)) for _n in range(5)]
    on_call.people_on_call(made[:1], at=at(4))
    with CaptureQueriesContext(connection) as one:
        on_call.people_on_call(made[:1], at=at(4))
    with CaptureQueriesContext(connection) as all_:
        on_call.people_on_call(made, at=at(4))
    assert len(one) == len(all_)


def test_who_sees_and_who_changes() -> None:
    made = rota(layer(*people()))
    fields = {"rota_id": made.id, "starts_at": at(4), "ends_at": at(5), "reason": "ill"}
    stranger, reader = person(Role.CREW_LEADER), person(Role.CALL_TAKER)
    for who, seen in ((stranger, False), (reader, True), (person(Role.ADMINISTRATOR), True)):
        assert on_call.visible(access_of(who)).filter(id=made.id).exists() is seen
    for who, refusal in ((stranger, NotFound), (reader, NotAllowed)):
        with pytest.raises(refusal):
            add_override(**fields, person_id=who.id, by=who)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        add_rota(key="x", name="X", organisation=organisation("divia"), by=reader)
    with pytest.raises(Conflict):
        add_rota(key=made.key, name="X", organisation=organisation("divia"), by=None)


def test_layers_change_from_now_on_and_the_past_stays() -> None:
    anna, bruno, _clara = people()
    leader = person(Role.INTERVENTION_COORDINATOR)
    made = rota(layer(anna, starts_on=at(3).date().replace(year=2020)))
    assert on_call.on_call(rota=made.key) == anna
    changed = set_layers(rota_id=made.id, layers=[layer(bruno)], by=leader, version=1)
    assert changed.version == 2
    assert on_call.on_call(rota=made.key, at=at(4)) == bruno
    with pytest.raises(Stale):
        set_layers(rota_id=made.id, layers=[], by=leader, version=1)
    entry = Entry.objects.filter(kind="notifications.rota_changed").latest("seq")
    assert "post" in entry.audiences


@pytest.mark.parametrize(
    "wrong",
    [
        {"people": []},
        {"turn_days": 0},
        {"turn_days": 29},
        {"weekdays": [7]},
        {"name": " "},
        {"hours_from": at(3).time()},
    ],
)
def test_a_layer_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    made = rota()
    draft = layer(*people(1))
    fields = {name: getattr(draft, name) for name in LayerDraft.__slots__}
    with pytest.raises(Invalid):
        set_layers(rota_id=made.id, layers=[LayerDraft(**{**fields, **wrong})], by=None, version=1)


def test_an_override_holds_for_its_time_and_is_dropped() -> None:
    anna, bruno, _clara = people()
    leader = person(Role.CRISIS_DIRECTOR)
    made = rota(layer(anna))
    one = add_override(
        rota_id=made.id, person_id=bruno.id, starts_at=at(4, 12), ends_at=at(4, 18), reason="dentist", by=leader
    )
    assert [on_call.on_call(rota=made.key, at=at(4, hour)) for hour in (11, 12, 17, 18)] == [anna, bruno, bruno, anna]
    drop_override(override_id=one.id, by=leader)
    assert on_call.on_call(rota=made.key, at=at(4, 12)) == anna


def test_an_override_in_the_past_or_backwards_is_refused() -> None:
    anna, *_rest = people()
    made = rota(layer(anna))
    now = on_call.clock()
    for start, end in ((at(5), at(4)), (now - 2 * HOUR, now - HOUR), (at(4), at(4) + timedelta(days=90))):
        with pytest.raises(Invalid):
            add_override(rota_id=made.id, person_id=anna.id, starts_at=start, ends_at=end, reason="", by=None)


def test_one_that_runs_ends_now_and_stays_on_record() -> None:
    anna, *_rest = people()
    made, now = rota(layer(anna)), on_call.clock()
    one = add_override(rota_id=made.id, person_id=anna.id, starts_at=now - HOUR, ends_at=now + HOUR, reason="", by=None)
    drop_override(override_id=one.id, by=person(Role.CRISIS_DIRECTOR))
    assert now <= Override.objects.get(id=one.id).ends_at < now + HOUR


def test_a_swap_is_asked_accepted_by_reply_and_holds() -> None:
    anna, bruno, _clara = people()
    made = rota(layer(anna, bruno))
    mine, yours = Shift(at(3), at(4)), Shift(at(4), at(5))
    swap = propose_swap(rota_id=made.id, asked_to=bruno.id, give=mine, take=yours, reason="wedding", by=anna)
    (question,) = Message.objects.filter(person=bruno)
    acknowledge(message_id=question.id, by=bruno, channel="sms")
    assert Swap.objects.get(id=swap.id).state == Swap.State.ACCEPTED
    assert [on_call.on_call(rota=made.key, at=at(day, 12)) for day in (3, 4, 5, 6)] == [bruno, anna, anna, bruno]
    assert Message.objects.get(person=anna).subject.startswith("Director 1")


def test_a_shift_that_is_not_one_s_own_cannot_be_swapped() -> None:
    anna, bruno, clara = people()
    made = rota(layer(anna, bruno))
    for give, take in (
        (Shift(at(4), at(5)), None),
        (Shift(at(3), at(5)), None),
        (Shift(at(3), at(4)), Shift(at(5), at(6))),
    ):
        with pytest.raises(Invalid):
            propose_swap(rota_id=made.id, asked_to=bruno.id, give=give, take=take, by=anna)
    with pytest.raises(Invalid):
        propose_swap(rota_id=made.id, asked_to=anna.id, give=Shift(at(3), at(4)), by=anna)
    swap = propose_swap(rota_id=made.id, asked_to=bruno.id, give=Shift(at(3), at(4)), by=anna)
    with pytest.raises(NotFound):
        answer_swap(swap_id=swap.id, accept=True, by=clara)
    with pytest.raises(NotFound):
        withdraw_swap(swap_id=swap.id, by=bruno)
    add_override(rota_id=made.id, person_id=clara.id, starts_at=at(3), ends_at=at(4), reason="", by=None)
    with pytest.raises(Invalid):
        answer_swap(swap_id=swap.id, accept=True, by=bruno)


def test_a_swap_is_answered_once() -> None:
    anna, bruno, _clara = people()
    made = rota(layer(anna, bruno))
    swap = propose_swap(rota_id=made.id, asked_to=bruno.id, give=Shift(at(3), at(4)), by=anna)
    assert withdraw_swap(swap_id=swap.id, by=anna).state == Swap.State.WITHDRAWN
    with pytest.raises(WrongState):
        answer_swap(swap_id=swap.id, accept=True, by=bruno)
    (question,) = Message.objects.filter(person=bruno)
    with pytest.raises(WrongState):
        acknowledge(message_id=question.id, by=bruno)
    other = propose_swap(rota_id=made.id, asked_to=bruno.id, give=Shift(at(3), at(4)), by=anna)
    assert answer_swap(swap_id=other.id, accept=False, by=bruno).state == Swap.State.REFUSED
    assert not Override.objects.exists()
