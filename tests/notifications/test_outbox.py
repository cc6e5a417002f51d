"""The outbox: leased, sent, retried with the same key, passed on to the next channel; grouped, capped, kept quiet."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from access.models import Person
from access.roles import Role
from journal.models import Entry
from notifications import outbox
from notifications.channels.parcels import Outcome, failed, later, sent
from notifications.local_gateway.server import Gateway
from notifications.models import Contact, Delivery, Message, State, Urgency
from notifications.services import acknowledge, notify
from notifications.services.claiming import LEASE, claim
from notifications.services.recording import follow_up, late, record_outcome, record_receipt
from notifications.shifts import PARIS
from tests.cast import person
from tests.notifications.rotas import layer, rota

pytestmark = pytest.mark.django_db
PHONE = "+33612345678"


def someone(*, phone: str = PHONE, email: bool = False, **fields: Any) -> Person:
    made = person(Role.CRISIS_DIRECTOR)
    if email:
        made.email = f"{made.login}@example.org"
        made.save()
    Contact.objects.create(person=made, phone=phone, **fields)
    return made


def tell(to: Person, key: str = "tests.told:1", urgency: Urgency = Urgency.VITAL, *, ack: bool = True) -> Message:
    return notify(to=[to], subject=f"Gas smell {key}", body="Rue Monge.", urgency=urgency, key=key, ack=ack)[0]


def row(message: Message, channel: str = "sms") -> Delivery:
    return message.deliveries.get(channel=channel)


def states(message: Message) -> dict[str, str]:
    rows = message.deliveries.exclude(channel="screen").order_by("place")
    return {one.channel: one.state for one in rows if one.state != State.FAILED or one.attempts}


def give(message: Message, outcome: Outcome, channel: str = "sms") -> None:
    record_outcome(delivery_id=row(message, channel).id, outcome=outcome)


def test_it_is_sent_once_with_its_key_and_the_receipt_counts(gateway: Gateway) -> None:
    message = tell(someone())
    assert outbox.sweep() == 1
    assert outbox.sweep() == 0
    (item,) = gateway.store.all()
    assert (item.id, item.with_key) == (str(row(message).id), str(row(message).id))
    assert (item.kind, item.to) == ("sms", PHONE)
    assert message.code in item.text
    message.refresh_from_db()
    assert (message.state, row(message).provider_reference) == (State.SENT, f"local-{item.id[:8]}")
    for _twice in range(2):
        assert record_receipt(delivery_id=row(message).id, delivered=True)
    message.refresh_from_db()
    assert (message.state, row(message).state) == (State.DELIVERED, State.DELIVERED)


def test_what_a_dead_worker_took_comes_back_with_the_same_key() -> None:
    message = tell(someone())
    (first,) = claim(8)
    assert claim(8) == [], "it is leased"
    Delivery.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert [parcel.key for parcel in claim(8)] == [first.key]
    assert row(message).attempts == 2
    assert timedelta(seconds=10) < LEASE


def test_a_provider_that_is_down_gives_the_next_channel_its_turn_and_is_tried_again() -> None:
    message = tell(someone(email=True))
    claim(8)
    give(message, later("provider_down", "refused"))
    assert states(message) == {"sms": "queued", "voice": "queued", "email": "planned"}
    assert row(message).why == "provider_down"
    assert row(message).due_at > timezone.now()
    Delivery.objects.filter(channel="sms").update(due_at=Now(), attempts=2)
    give(message, later("provider_down"))
    assert states(message)["email"] == "planned", "once is enough"


def test_the_vital_goes_on_by_both_but_the_rest_is_spared_once_it_went() -> None:
    to = someone(email=True)
    vital, normal = tell(to, "a"), tell(to, "b", Urgency.URGENT, ack=False)
    for message, first, second in ((vital, "sms", "voice"), (normal, "sms", "email")):
        claim(8)
        give(message, later("no_answer"), first)
        claim(8)
        give(message, sent(), second)
    assert states(vital)["sms"] == State.QUEUED
    assert states(normal)["sms"] == State.SPARED


def test_when_no_channel_is_left_it_has_failed_and_that_is_on_record() -> None:
    message = tell(someone())
    for channel in ("sms", "voice"):
        claim(8)
        give(message, failed("refused", "no such number"), channel)
    message.refresh_from_db()
    assert message.state == State.FAILED
    entry = Entry.objects.get(kind="notifications.unreached")
    assert "post" in entry.audiences
    assert PHONE not in entry.data


def test_a_receipt_that_is_faster_than_the_answer_stands() -> None:
    message = tell(someone())
    claim(8)
    record_receipt(delivery_id=row(message).id, delivered=True)
    give(message, later("no_answer"))
    assert row(message).state == State.DELIVERED


def test_a_receipt_of_failure_passes_it_on() -> None:
    message = tell(someone(), ack=False)
    claim(8)
    give(message, sent())
    record_receipt(delivery_id=row(message).id, delivered=False, said="unknown subscriber")
    assert states(message) == {"sms": "failed", "voice": "queued"}
    assert not record_receipt(delivery_id=message.id, delivered=True), "not a delivery of ours"


def test_without_a_sign_the_next_channel_begins() -> None:
    message = tell(someone(email=True))
    claim(8)
    give(message, sent())
    assert follow_up() == 0
    Delivery.objects.filter(channel="sms").update(sent_at=Now() - timedelta(seconds=61))
    assert follow_up() == 1
    assert states(message)["voice"] == State.QUEUED
    acknowledge(message_id=message.id, by=message.person)
    assert follow_up() == 0
    assert states(message)["email"] == State.SPARED


def test_what_was_answered_meanwhile_does_not_go() -> None:
    message = tell(someone())
    acknowledge(message_id=message.id, by=message.person)
    assert claim(8) == []


def test_too_old_is_given_up() -> None:
    message = tell(someone())
    Message.objects.update(told_at=Now() - timedelta(hours=25))
    claim(8)
    claim(8)
    assert set(message.deliveries.exclude(channel="screen").values_list("why", flat=True)) >= {"too_late"}


def quiet_now() -> dict[str, Any]:
    now = timezone.now().astimezone(PARIS)
    return {"quiet_from": (now - timedelta(hours=1)).time(), "quiet_until": (now + timedelta(hours=1)).time()}


def test_quiet_hours_hold_all_but_the_vital() -> None:
    to = someone(**quiet_now())
    vital, urgent = tell(to, "a"), tell(to, "b", Urgency.URGENT)
    assert [parcel.message for parcel in claim(8)] == [vital.id]
    held = row(urgent)
    assert (held.state, held.why) == (State.QUEUED, "quiet_hours")
    assert held.due_at > timezone.now()


def test_whoever_is_on_call_has_no_quiet_hours() -> None:
    to = someone(**quiet_now())
    rota(layer(to, starts_on=timezone.now().date() - timedelta(days=2)))
    tell(to, urgency=Urgency.URGENT)
    assert len(claim(8)) == 1


def test_a_storm_comes_as_one_message(gateway: Gateway) -> None:
    to = someone(cap=3)
    messages = [tell(to, f"t:{n}", Urgency.URGENT) for n in range(10)]
    assert outbox.sweep() == 3
    assert outbox.sweep() == 0, "the others wait for their window"
    Delivery.objects.filter(state=State.QUEUED).update(due_at=Now())
    assert outbox.sweep() == 1
    item = gateway.store.all()[-1]
    assert item.text.startswith("7 nouveaux depuis")
    assert "et 2 de plus" in item.text
    group = Message.objects.get(key__startswith="notifications.group:")
    record_receipt(delivery_id=row(group).id, delivered=True)
    assert set(Message.objects.filter(group=group).values_list("state", flat=True)) == {State.DELIVERED}
    assert {row(message).why for message in messages[3:]} == {"grouped"}


def test_answering_for_the_group_answers_for_each() -> None:
    to = someone(cap=1)
    messages = [tell(to, f"t:{n}", Urgency.URGENT) for n in range(3)]
    while claim(8):
        pass
    group = Message.objects.get(key__startswith="notifications.group:")
    acknowledge(message_id=group.id, by=to)
    assert Message.objects.filter(acknowledged_at=None).get() == messages[0]


def test_a_storm_of_the_vital_comes_together_every_minute(gateway: Gateway) -> None:
    to = someone(cap=1)
    for n in range(25):
        tell(to, f"t:{n}")
    assert outbox.sweep() == 20
    (group,) = Message.objects.filter(key__startswith="notifications.group:")
    due = row(group).due_at - timezone.now()
    assert timedelta() < due <= timedelta(seconds=60)


def test_one_person_s_storm_is_not_another_s() -> None:
    stormy, calm = someone(cap=1), someone(phone="+33612345679")
    for n in range(5):
        tell(stormy, f"t:{n}", Urgency.URGENT)
    tell(calm, "calm", Urgency.URGENT)
    assert len(claim(16)) == 2


def test_the_most_urgent_first() -> None:
    to = someone(email=True)
    for n, urgency in enumerate((Urgency.NORMAL, Urgency.URGENT, Urgency.VITAL)):
        tell(to, f"t:{n}", urgency)
    assert [parcel.urgency for parcel in claim(1) + claim(1)] == ["vital", "urgent"]


def test_letters(mailbox: Gateway) -> None:
    to = someone(phone="", email=True)
    message = tell(to, urgency=Urgency.NORMAL)
    assert outbox.sweep() == 1
    (item,) = mailbox.store.all()
    assert (item.kind, item.to, item.subject) == ("email", to.email, "Gas smell tests.told:1")
    assert "Rue Monge." in item.text
    assert item.id.startswith(str(row(message, "email").id))


def test_nobody_is_there_to_send_it(settings: Any) -> None:
    settings.GATEWAY_URL = "http://127.0.0.1:9"
    message = tell(someone())
    assert outbox.sweep() == 2, "the call had its turn as soon as the text message had failed"
    assert row(message).why == "provider_down"
    assert late(0) == 0
    assert late(-3) == 2


def test_what_is_not_set_up_says_so(settings: Any) -> None:
    settings.GATEWAY_URL = settings.EMAIL_HOST = ""
    message = tell(someone(email=True))
    while outbox.sweep():
        pass
    assert set(message.deliveries.filter(attempts=1).values_list("why", flat=True)) == {"not_set_up"}
