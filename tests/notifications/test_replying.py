"""Answers by text message, by a pressed key, by a one-time link."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from django.db.models.functions import Now
from django.test import Client

from access.demo import load_people
from access.models import Person
from access.roles import Role
from journal.errors import WrongState
from notifications import acks, demo, links, outbox
from notifications.channels import wire
from notifications.local_gateway.server import Gateway
from notifications.local_gateway.store import Item
from notifications.models import Contact, Message, Reply, Urgency
from notifications.services import notify
from notifications.services.replying import Understood, receive_reply
from tests.cast import person
from tests.notifications.conftest import SECRET

pytestmark = pytest.mark.django_db
PHONE = "+33612345678"


def someone(phone: str = PHONE, language: str = "en") -> Person:
    made = person(Role.CRISIS_DIRECTOR)
    made.language = language
    made.save()
    Contact.objects.create(person=made, phone=phone)
    return made


def tell(to: Person, key: str = "tests.told:1") -> Message:
    return notify(to=[to], subject=f"Subject {key}", body="", urgency=Urgency.VITAL, key=key, ack=True)[0]


def reply(text: str, phone: str = PHONE, **more: Any) -> Understood:
    return receive_reply(reply_id=str(uuid4()), phone=phone, text=text, **more)


def test_ok_is_enough_when_one_message_waits() -> None:
    message = tell(someone())
    found = reply("ok")
    assert (found.what, found.answer) == ("acknowledged", "Acknowledged: Subject tests.told:1")
    message.refresh_from_db()
    assert message.acknowledged_by == "sms"
    assert reply("OK").what == "nothing_waits"


@pytest.mark.parametrize("text", ["OK {code}", "oui {code}.", "{code}", "OK{code}", "Ok, {code} merci"])
def test_the_number_says_which(text: str) -> None:
    to = someone()
    first, second = tell(to, "a"), tell(to, "b")
    Message.objects.filter(id=first.id).update(code="4711")
    assert reply("OK").what == "which"
    assert "4711: Subject a" in reply("OK").answer
    assert reply(text.format(code="4711")).what == "acknowledged"
    assert Message.objects.get(id=second.id).acknowledged_at is None


@pytest.mark.parametrize("text", ["no", "", "STOP", "what is this?", "0612345678", "OKAY"])
def test_other_words_do_nothing(text: str) -> None:
    tell(someone())
    assert reply(text).what == "not_understood"
    assert Message.objects.get().acknowledged_at is None


def test_an_unknown_number_is_told_nothing() -> None:
    tell(someone())
    assert reply("OK", phone="+33699999999") == Understood("unknown_number")
    assert reply("OK", phone="") == Understood("unknown_number")


def test_one_that_comes_twice_counts_once() -> None:
    to = someone()
    tell(to, "a")
    assert receive_reply(reply_id="one", phone=PHONE, text="OK").what == "acknowledged"
    later = tell(to, "b")
    assert receive_reply(reply_id="one", phone=PHONE, text="OK").what == "again"
    later.refresh_from_db()
    assert later.acknowledged_at is None
    assert Reply.objects.count() == 1


def test_a_pressed_key_answers_its_call() -> None:
    to = someone()
    first, second = tell(to, "a"), tell(to, "b")
    call = first.deliveries.get(channel="voice")
    assert reply("1", in_reply_to=call.id).what == "acknowledged"
    assert Message.objects.get(id=first.id).acknowledged_by == "voice"
    assert Message.objects.get(id=second.id).acknowledged_at is None
    assert reply("1", in_reply_to=uuid4()).what == "nothing_waits"


def test_nobody_answers_for_another_s_message() -> None:
    mine = tell(someone())
    someone("+33612345679")
    call = mine.deliveries.get(channel="voice")
    assert reply("1", phone="+33612345679", in_reply_to=call.id).what == "nothing_waits"
    assert reply(f"OK {mine.code}", phone="+33612345679").what == "nothing_waits"


def test_after_a_day_it_is_too_late() -> None:
    tell(someone())
    Message.objects.update(told_at=Now() - timedelta(hours=25))
    assert reply("OK").what == "nothing_waits"


def test_what_the_act_refuses_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(message: Message, by: Person) -> None:
        raise WrongState("It is closed.")

    monkeypatch.setattr(acks, "_ACTS", {})
    acks.on("tests.told", says=lambda message: "Takes it up.")(refuse)
    tell(someone())
    found = reply("OK")
    assert (found.what, found.answer) == ("refused", "Subject tests.told:1: It is closed.")
    assert Message.objects.get().acknowledged_at is None
    assert Reply.objects.get().understood == "refused"


# What the gateway sends -------------------------------------------------------------------------------------------


def post(client: Client, path: str, body: dict[str, Any], secret: str = SECRET, **headers: Any) -> Any:
    raw = json.dumps(body).encode()
    signed = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in wire.sign(secret, raw).items()}
    return client.post(f"/gateway/{path}/", raw, content_type="application/json", **{**signed, **headers})


def test_a_signed_reply_is_taken_and_answered(client: Client, gateway: Gateway) -> None:
    tell(someone(language="fr"))
    answer = post(client, "replies", {"id": "1", "from": PHONE, "text": "OK"})
    assert answer.json() == {"understood": "acknowledged", "answer": "Acquitté : Subject tests.told:1"}


def test_a_signed_receipt_is_taken(client: Client, gateway: Gateway) -> None:
    message = tell(someone())
    outbox.sweep()
    sms = message.deliveries.get(channel="sms")
    assert post(client, "receipts", {"id": str(sms.id), "state": "delivered"}).json() == {"known": True}
    assert post(client, "receipts", {"id": str(uuid4()), "state": "failed"}).json() == {"known": False}
    assert post(client, "receipts", {"id": str(sms.id), "state": "dreaming"}).json() == {"known": False}


@pytest.mark.parametrize("path", ["replies", "receipts"])
def test_what_is_not_signed_now_by_the_gateway_is_refused(path: str, client: Client, gateway: Gateway) -> None:
    said = {"id": str(uuid4()), "from": PHONE, "text": "OK", "state": "delivered"}
    assert post(client, path, said, secret="another").status_code == 403
    assert post(client, path, said, HTTP_X_GATEWAY_TIME="1").status_code == 403
    assert client.post(f"/gateway/{path}/", "{}", content_type="application/json").status_code == 403
    assert client.get(f"/gateway/{path}/").status_code == 405
    assert post(client, path, {"id": 3}).status_code == 422
    assert post(client, path, {**said, "text": "x" * 20_000, "why": "x"}).status_code == 413


def test_without_a_secret_nothing_is_taken(client: Client, settings: Any) -> None:
    settings.GATEWAY_SECRET = ""
    assert post(client, "replies", {"id": "1", "from": PHONE, "text": "OK"}, secret="").status_code == 403


def test_a_signature_of_another_time_is_none() -> None:
    body = b"{}"
    assert wire.is_signed("s", body, wire.sign("s", body))
    assert not wire.is_signed("s", body, wire.sign("s", body, at=1))
    assert not wire.is_signed("s", b"{ }", wire.sign("s", body))
    assert not wire.is_signed("", body, wire.sign("", body))


# One-time links ---------------------------------------------------------------------------------------------------


def test_a_token_names_its_message_for_a_day(settings: Any) -> None:
    message = tell(someone())
    token = links.token_of(message.id)
    assert len(token) == 43
    assert links.message_of(token) == message
    for wrong in ("", "x", token[:-1], token[:-2] + "AA", "é" * 43, token + "A"):
        assert links.message_of(wrong) is None
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert links.message_of(token) == message, "a key that was replaced still reads"
    Message.objects.update(told_at=Now() - timedelta(hours=25))
    assert links.message_of(token) is None


def test_the_gateway_s_page_says_whose_the_demo_s_numbers_are_without_asking_the_post(
    gateway: Gateway, django_assert_num_queries: Any
) -> None:
    load_people()
    demo.load_reach()
    with django_assert_num_queries(0):
        known = {to: owner.name for to, owner in demo.directory().items()}
    given = list(Contact.objects.select_related("person"))
    assert known == {to: one.person.name for one in given for to in (one.phone, one.person.email)}
    gateway.store.take(Item("1", "sms", given[0].phone, "Bonjour"))
    assert given[0].person.name not in httpx.get(f"{gateway.url}/threads", trust_env=False).text
    gateway.directory = demo.directory()
    assert given[0].person.name in httpx.get(f"{gateway.url}/threads", trust_env=False).text
