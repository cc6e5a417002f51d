"""Nobody is called off duty: not by a message that was written a moment before the shift ended, nor by its next channel."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from access.models import Duty, Person
from access.roles import Role
from journal.models import Entry
from notifications import outbox, timers
from notifications.drills import result_of
from notifications.local_gateway.server import Gateway
from notifications.models import ANY_ROTA, Contact, Delivery, Drill, Message, Override, Rota, State, Timer, Urgency
from notifications.services import notify, start_drill
from notifications.services.claiming import claim
from notifications.services.recording import record_receipt
from tests.cast import person
from tests.notifications.rotas import layer, rota
from tests.notifications.test_pages import enter

pytestmark = pytest.mark.django_db


def someone(phone: str) -> Person:
    made = person(Role.CRISIS_DIRECTOR)
    Contact.objects.create(person=made, phone=phone)
    return made


@pytest.fixture
def anna() -> Person:
    return someone("+33612345678")


@pytest.fixture
def bruno() -> Person:
    return someone("+33612345679")


def on_call(now: Person) -> Rota:
    return rota(layer(now, starts_on=timezone.now().date() - timedelta(days=2), turn_days=28))


def takes_over(made: Rota, who: Person) -> None:
    """The shift changes this very instant."""
    Override.objects.create(
        rota=made, person=who, starts_at=Now() - timedelta(seconds=1), ends_at=Now() + timedelta(days=1)
    )


def tell(to: Person, key: str = "tests.told:1", *, rota: str, urgency: Urgency = Urgency.VITAL) -> Message:
    return notify(to=[to], subject="Gas smell", body="", urgency=urgency, key=key, ack=True, rota=rota)[0]


def why(message: Message) -> set[tuple[str, str]]:
    rows = message.deliveries.exclude(channel="screen").filter(state__in=(State.QUEUED, State.PLANNED, State.SPARED))
    return {(row.state, row.why) for row in rows}


def test_told_on_call_and_off_before_it_left(anna: Person, bruno: Person) -> None:
    made = on_call(anna)
    message = tell(anna, rota=made.key)
    takes_over(made, bruno)
    assert claim(8) == []
    message.refresh_from_db()
    assert message.state == State.SPARED
    assert why(message) == {(State.SPARED, "off_duty")}


def test_still_on_call_it_goes(anna: Person) -> None:
    assert [parcel.message for parcel in claim(8)] == []
    message = tell(anna, rota=on_call(anna).key)
    assert [parcel.message for parcel in claim(8)] == [message.id]


def test_the_call_that_follows_the_text_does_not_come_after_the_shift(
    anna: Person, bruno: Person, gateway: Gateway
) -> None:
    made = on_call(anna)
    message = tell(anna, rota=made.key)
    assert outbox.sweep() == 1
    assert record_receipt(delivery_id=message.deliveries.get(channel="sms").id, delivered=True)
    Delivery.objects.filter(message=message, channel="sms").update(sent_at=Now() - timedelta(minutes=2))
    takes_over(made, bruno)
    assert outbox.sweep() == 0
    assert [item.kind for item in gateway.store.all()] == ["sms"]
    message.refresh_from_db()
    assert message.state == State.DELIVERED


def test_whose_duty_has_ended_or_who_is_disabled_is_not_called(anna: Person, bruno: Person) -> None:
    for_anna, for_bruno = tell(anna, rota=""), tell(bruno, rota="")
    Duty.objects.filter(person=anna).update(valid_until=Now())
    bruno.is_active = False
    bruno.save()
    assert claim(8) == []
    assert why(for_anna) == why(for_bruno) == {(State.SPARED, "off_duty")}


def test_a_drill_calls_nobody_whose_shift_has_just_ended(anna: Person, bruno: Person) -> None:
    made = on_call(anna)
    start_drill(rotas=[made.id], by=None)
    assert Message.objects.get(person=anna).rota == ANY_ROTA
    takes_over(made, bruno)
    assert claim(8) == []


@pytest.mark.parametrize("over", [False, True])
def test_whoever_was_spared_is_shown_as_spared(anna: Person, bruno: Person, *, over: bool) -> None:
    """While the drill runs and after it: nobody rang, so nobody is waited for, and nobody was silent."""
    made, other = on_call(anna), on_call(bruno)
    drill = start_drill(rotas=[made.id, other.id], by=None)
    takes_over(made, bruno)
    assert {parcel.message for parcel in claim(8)} == {Message.objects.get(person=bruno).id}
    if over:
        Timer.objects.filter(about=drill.id).update(due_at=Now() - timedelta(hours=1))
        Drill.objects.update(ends_at=Now() - timedelta(hours=1))
        timers.sweep()
        entry = Entry.objects.get(kind="notifications.drill_ended")
        assert '"called":1,"reached":0,"unmanned":0,"spared":1' in entry.data
    drill.refresh_from_db()
    result = result_of(drill)
    assert {line.name: line.state for line in result.lines} == {
        anna.name: "spared", bruno.name: "silent" if over else "waiting",
    }  # fmt: skip
    assert (result.called, result.spared, result.reached) == (1, 1, 0)
    page = enter(anna).get(f"/on-call/drills/{drill.id}/").content.decode()
    assert "spared: shift over" in page


def test_of_many_together_those_of_the_shift_before_are_taken_out(anna: Person, bruno: Person) -> None:
    made = on_call(anna)
    Contact.objects.filter(person=anna).update(cap=1)
    mine = [tell(anna, f"tests.told:{n}", rota="", urgency=Urgency.URGENT) for n in range(2)]
    shifts = [tell(anna, f"tests.told:{n}", rota=made.key, urgency=Urgency.URGENT) for n in range(2, 5)]
    while claim(8):
        pass
    takes_over(made, bruno)
    Delivery.objects.filter(state=State.QUEUED).update(due_at=Now(), lease_until=None)
    group = Message.objects.get(key__startswith="notifications.group:")
    assert group.id in {parcel.message for parcel in claim(8)}
    assert list(Message.objects.filter(group=group)) == mine[1:]
    assert Message.objects.filter(id__in=[one.id for one in shifts], group=None).count() == len(shifts)
