"""Telling: one message for each person, once for each key; which ways lead out of the house; reading and answering."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.models import Person
from access.roles import Role
from journal.errors import NotFound, WrongState
from journal.models import Entry
from notifications import acks
from notifications.models import Channel, Contact, Message, PushSubscription, State, Urgency
from notifications.services import acknowledge, mark_read, notify
from tests.cast import person

pytestmark = pytest.mark.django_db
SUBJECT, BODY = "Gas smell, rue Monge", "Not acknowledged for 2 min."


def tell(*to: Person, key: str = "tests.told:1", urgency: Urgency = Urgency.VITAL, ack: bool = True) -> list[Message]:
    return notify(to=to, subject=SUBJECT, body=BODY, urgency=urgency, key=key, about=uuid4(), url="/", ack=ack)


def reachable(name: str = "") -> Person:
    """Somebody with every way to reach them."""
    made = person(Role.CRISIS_DIRECTOR, name=name)
    made.email = f"{made.login}@example.org"
    made.save()
    Contact.objects.create(person=made, phone="+33612345678")
    PushSubscription.objects.create(person=made, endpoint=f"https://push.example.org/{made.id}")
    return made


def ways(message: Message) -> dict[str, str]:
    return {row.channel: row.state for row in message.deliveries.order_by("place")}


def test_vital_begins_with_one_way_and_the_browser() -> None:
    (message,) = tell(reachable())
    assert ways(message) == {
        "screen": "sent", "sms": "queued", "push": "queued", "voice": "planned", "email": "planned",
    }  # fmt: skip
    assert (message.state, message.wants_ack, len(message.code)) == (State.QUEUED, True, 4)


def test_the_rest_begins_with_one_way() -> None:
    someone = reachable()
    (urgent,) = tell(someone, key="a", urgency=Urgency.URGENT)
    (normal,) = tell(someone, key="b", urgency=Urgency.NORMAL, ack=False)
    assert ways(urgent) == {"screen": "sent", "push": "queued", "sms": "planned", "email": "planned"}
    assert ways(normal) == {"screen": "sent", "email": "queued", "push": "planned"}
    assert normal.code == ""


def test_a_way_that_leads_nowhere_says_why_and_the_next_is_taken() -> None:
    someone = person(Role.CRISIS_DIRECTOR)
    someone.email = "director@example.org"
    someone.save()
    (message,) = tell(someone)
    assert ways(message) == {
        "screen": "sent", "sms": "failed", "push": "failed", "voice": "failed", "email": "queued",
    }  # fmt: skip
    assert {row.why for row in message.deliveries.filter(state=State.FAILED)} == {"no_number", "no_browser"}


def test_who_has_the_screen_only_is_told_there() -> None:
    (message,) = tell(person(Role.AUDITOR), urgency=Urgency.NORMAL)
    assert message.state == State.SENT


def test_one_s_wishes_are_followed_but_never_to_silence_for_the_vital() -> None:
    someone = reachable()
    Contact.objects.filter(person=someone).update(vital=[], urgent=[Channel.EMAIL], normal=[])
    assert list(ways(tell(someone, key="a")[0])) == ["screen", "sms", "push", "voice", "email"]
    assert list(ways(tell(someone, key="b", urgency=Urgency.URGENT)[0])) == ["screen", "email"]
    assert list(ways(tell(someone, key="c", urgency=Urgency.NORMAL)[0])) == ["screen"]


def test_the_same_key_tells_the_same_person_once() -> None:
    first, second = reachable("A"), person(Role.AUDITOR, name="B")
    (told,) = tell(first, first)
    again = tell(first, second)
    assert {message.person_id for message in again} == {first.id, second.id}
    assert told.id in {message.id for message in again}
    assert Message.objects.count() == 2
    kinds = Entry.objects.filter(kind="notifications.told")
    assert [entry.audiences for entry in kinds.order_by("seq")] == [[f"person:{first.id}"], [f"person:{second.id}"]]
    assert BODY not in "".join(kinds.values_list("data", flat=True)), "only the subject is on record"


def test_nobody_disabled_is_told() -> None:
    gone = person(Role.AUDITOR)
    gone.is_active = False
    gone.save()
    assert tell(gone) == []


def test_many_are_told_with_few_queries() -> None:
    people = [person(Role.AUDITOR) for _n in range(20)]
    with CaptureQueriesContext(connection) as few:
        tell(people[0], key="one")
    with CaptureQueriesContext(connection) as many:
        tell(*people, key="all")
    assert len(many) == len(few)


def test_reading_spares_the_ways_left_unless_an_answer_is_awaited() -> None:
    someone = reachable()
    (asks,), (tells,) = tell(someone, key="a"), tell(someone, key="b", ack=False)
    assert mark_read(message_id=asks.id, by=someone).state == State.READ
    assert ways(asks)["voice"] == State.PLANNED
    mark_read(message_id=tells.id, by=someone)
    assert set(ways(tells).values()) == {State.SENT, State.SPARED}


def test_acknowledging_does_what_its_kind_registered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[tuple[str, Person]] = []
    monkeypatch.setattr(acks, "_ACTS", {})
    acks.on("tests.told", says=lambda message: f"Takes {message.subject} up.")(
        lambda message, by: done.append((message.key, by))
    )
    someone = reachable()
    (message,) = tell(someone)
    assert acks.says(message) == f"Takes {SUBJECT} up."
    for _again in range(2):
        message = acknowledge(message_id=message.id, by=someone, channel=Channel.SMS)
    assert done == [("tests.told:1", someone)]
    assert (message.acknowledged_by, message.state) == (Channel.SMS, State.READ)
    assert State.PLANNED not in ways(message).values()
    entry = Entry.objects.get(kind="notifications.acknowledged")
    assert (entry.by, entry.audiences) == (someone.id, [f"person:{someone.id}"])


def test_what_the_act_refuses_is_not_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(message: Message, by: Person) -> None:
        raise WrongState("It is closed.")

    monkeypatch.setattr(acks, "_ACTS", {})
    acks.on("tests.told", says=lambda message: "")(refuse)
    someone = reachable()
    (message,) = tell(someone)
    with pytest.raises(WrongState):
        acknowledge(message_id=message.id, by=someone)


def test_nobody_answers_for_another() -> None:
    (message,) = tell(reachable())
    other = person(Role.CRISIS_DIRECTOR)
    for act in (acknowledge, mark_read):
        with pytest.raises(NotFound):
            act(message_id=message.id, by=other)
