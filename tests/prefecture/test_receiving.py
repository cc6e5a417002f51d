"""What comes in: once, in order, whole or not at all; and who may send it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import Settings

from journal.models import Entry
from prefecture import services
from prefecture.models import Alert, Channel, Instruction, Message
from prefecture.wire import envelope, kinds, signing
from prefecture.wire.envelope import START, chained
from prefecture.wire.errors import BadSignature
from prefecture.wire.kinds import Kind
from prefecture.wire.times import stamp
from tests.prefecture import world
from tests.prefecture.world import Cod, instruction

pytestmark = pytest.mark.django_db
CRISIS = uuid4()


def told(kind: str) -> list[dict[str, Any]]:
    return [json.loads(one.data) for one in Entry.objects.filter(kind=f"prefecture.{kind}").order_by("seq")]


def stored() -> tuple[int, int, int]:
    return Message.objects.count(), Instruction.objects.count(), Channel.objects.count()


def test_an_instruction_is_stored_with_its_bytes_integrated_and_acknowledged(cod: Cod) -> None:
    parcel = cod.parcel(Kind.INSTRUCTION, instruction(), crisis=CRISIS)
    answer = cod.post(parcel)
    assert answer.status_code == 201
    assert answer.json()["step"] == "received"
    message = Message.objects.get(direction="in")
    assert bytes(message.raw) == parcel.raw
    assert set(message.signature) == set(signing.KEPT)
    assert (message.state, message.sequence, message.crisis) == ("accepted", 1, CRISIS)
    assert bytes(message.chain or b"") == chained(START, parcel.digest)
    assert message.audiences == ["post", "prefecture"]
    assert message.integrated_at is not None
    one = Instruction.objects.get()
    assert (one.number, one.status, one.message_id) == ("COD-0012", "open", message.id)
    ack = Message.objects.get(direction="out")
    assert (ack.kind, ack.sequence, ack.state) == ("ack", None, "queued")
    body = envelope.read(bytes(ack.raw)).message.body
    assert (body.acknowledges, body.step) == (parcel.envelope.distributionID, "integrated")
    entry = Entry.objects.get(kind="prefecture.received")
    assert entry.about == message.id
    assert told("received")[0]["digest"] == parcel.digest.hex()
    assert told("received")[0]["key_id"] == "cod-1"
    assert told("instructed")[0]["row"]["number"] == "COD-0012"


def test_the_answer_is_signed_and_bound_to_the_request(cod: Cod, settings: Settings) -> None:
    parcel = cod.parcel(Kind.INSTRUCTION, instruction())
    headers = cod.headers(parcel)
    answer = cod.post(parcel, headers)
    ours = signing.Signer("post-1", signing.private_key(settings.PREFECTURE_KEY))
    keys = tuple(signing.peer_keys([f"post-1|{signing.public_text(ours.key)}"]))
    request = signing.Request("POST", f"{world.HERE}/cod/v1/messages", headers)
    response = signing.Response(201, request, dict(answer.headers))
    signing.Checker(keys).check(response, covering=signing.ANSWER, body=answer.content, now=datetime.now(UTC))
    other = signing.Response(201, signing.Request("POST", request.url, cod.headers(parcel)), dict(answer.headers))
    with pytest.raises(BadSignature):
        signing.Checker(keys).check(other, covering=signing.ANSWER, body=answer.content, now=datetime.now(UTC))


def test_the_same_distribution_gets_the_same_receipt_and_changes_nothing(cod: Cod) -> None:
    parcel = cod.parcel(Kind.INSTRUCTION, instruction())
    first = cod.post(parcel)
    before = stored()
    again = cod.post(parcel)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again["Idempotency-Replayed"] == "true"
    assert stored() == before
    other = cod.parcel(Kind.INSTRUCTION, instruction(number="autre"), distribution=parcel.envelope.distributionID)
    refused = cod.post(other)
    assert (refused.status_code, refused.json()["code"]) == (409, 701)
    assert stored() == before


def test_out_of_order_is_refused_and_says_what_comes_next(cod: Cod) -> None:
    refused = cod.say(Kind.INSTRUCTION, instruction(), sequence=2)
    assert (refused.status_code, refused.json()["code"], refused.json()["expected"]) == (409, 702, 1)
    assert Message.objects.count() == 0
    assert cod.say(Kind.INSTRUCTION, instruction(), sequence=1).status_code == 201
    assert cod.say(Kind.INSTRUCTION, instruction(), sequence=1).json()["expected"] == 2
    assert cod.say(Kind.INSTRUCTION, instruction(), sequence=2).status_code == 201
    assert cod.say(Kind.INSTRUCTION, instruction(), crisis=CRISIS, sequence=1).status_code == 201


def test_an_expired_one_takes_its_number_and_does_nothing(cod: Cod) -> None:
    past = datetime.now(UTC) - timedelta(hours=2)
    answer = cod.say(Kind.INSTRUCTION, instruction(), sent=past, expires=past + timedelta(hours=1))
    assert (answer.status_code, answer.json()["code"], answer.json()["recorded"]) == (422, 400, True)
    assert Message.objects.get().state == "expired"
    assert not Instruction.objects.exists()
    assert cod.say(Kind.INSTRUCTION, instruction()).status_code == 201


def test_an_alert_is_kept_for_subscribers_and_a_broken_one_takes_its_number_only(cod: Cod, client: Client) -> None:
    good = ALERT.format(id="a-1", type="Alert", refs="", polygon="47.3,5.0 47.4,5.0 47.4,5.1 47.3,5.0")
    assert cod.say(Kind.RELAYED_ALERT, kinds.RelayedAlert(cap=good)).status_code == 201
    feed = client.get("/cap/")
    assert feed["Content-Type"].startswith("application/atom+xml")
    assert b"Crue de l" in feed.content
    where = f"/cap/{Alert.objects.get().id}.xml"
    assert where.encode() in feed.content
    assert client.get(where).content == good.encode()
    broken = ALERT.format(id="a-2", type="Alert", refs="", polygon="47.3,5.0 47.4,5.0 47.4,5.1 47.3,5.2")
    answer = cod.say(Kind.RELAYED_ALERT, kinds.RelayedAlert(cap=broken))
    assert (answer.status_code, answer.json()["code"], answer.json()["recorded"]) == (422, 300, True)
    ends = ALERT.format(
        id="a-3", type="Cancel", refs=f"<references>cod@x,a-1,{SENT}</references>",
        polygon="47.3,5.0 47.4,5.0 47.4,5.1 47.3,5.0",
    )  # fmt: skip
    assert cod.say(Kind.RELAYED_ALERT, kinds.RelayedAlert(cap=ends)).status_code == 201
    assert b"<entry>" not in client.get("/cap/").content
    assert client.get("/cap/999999999999999999999.xml").status_code == 404


SENT = "2026-11-23T04:00:00+01:00"
ALERT = (
    '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{id}</identifier><sender>cod@x</sender>'
    f"<sent>{SENT}</sent><status>Actual</status><msgType>{{type}}</msgType><scope>Public</scope>{{refs}}<info>"
    "<language>fr-FR</language><category>Met</category><event>Crue</event><urgency>Immediate</urgency>"
    "<severity>Severe</severity><certainty>Likely</certainty><expires>2050-01-01T00:00:00+01:00</expires>"
    "<headline>Crue de l’Ouche</headline><area><areaDesc>Dijon</areaDesc><polygon>{polygon}</polygon></area></info></alert>"
)


def test_their_acknowledgements_reach_our_message_step_by_step_and_none_acknowledges_one(cod: Cod) -> None:
    ours = services.send(kind="measure_taken", payload=world.measure(), by=None)
    at = stamp(datetime.now(UTC))
    ack = kinds.Ack(acknowledges=ours.distribution_id, step="integrated", at=at)
    assert cod.say(Kind.ACK, ack).status_code == 201
    ours.refresh_from_db()
    assert (ours.state, ours.read_at) == ("delivered", None)
    assert None not in (ours.received_at, ours.integrated_at)
    read = kinds.Ack(acknowledges=ours.distribution_id, step="read", at=at, by="M. Roux, COD")
    assert cod.say(Kind.ACK, read).status_code == 201
    ours.refresh_from_db()
    assert (ours.reader, ours.alarm) == ("M. Roux, COD", "")
    assert [one["step"] for one in told("acknowledged")] == ["integrated", "read"]
    assert not Message.objects.filter(direction="out", kind="ack").exists()
    cod.say(Kind.INSTRUCTION, instruction())
    our_ack = Message.objects.get(direction="out", kind="ack")
    refused = cod.say(Kind.ACK, kinds.Ack(acknowledges=our_ack.distribution_id, step="read", at=at))
    assert (refused.status_code, refused.json()["code"]) == (422, 300)
    unknown = cod.say(Kind.ACK, kinds.Ack(acknowledges=uuid4(), step="read", at=at))
    assert (unknown.status_code, unknown.json()["code"]) == (422, 704)


def test_their_error_makes_ours_a_dead_letter(cod: Cod) -> None:
    ours = services.send(kind="measure_taken", payload=world.measure(), by=None)
    assert cod.say(Kind.ERROR, kinds.Error(refers=ours.distribution_id, code=704, detail="lieu ?")).status_code == 201
    ours.refresh_from_db()
    assert (ours.state, ours.failure) == ("refused", "704: lieu ?")
    assert told("undelivered")[0]["code"] == 704


def test_an_update_withdraws_the_instruction_it_replaces(cod: Cod) -> None:
    first = cod.parcel(Kind.INSTRUCTION, instruction())
    cod.post(first)
    assert cod.say(Kind.INSTRUCTION, instruction(number="bis"), supersedes=first.message.messageId).status_code == 201
    assert list(Instruction.objects.order_by("number").values_list("number", "status")) == [
        ("COD-0012", "cancelled"), ("bis", "open"),
    ]  # fmt: skip
    lost = cod.say(Kind.INSTRUCTION, instruction(), supersedes=uuid4())
    assert (lost.status_code, lost.json()["code"], lost.json()["recorded"]) == (422, 704, True)


def test_a_link_test_leaves_no_trace(cod: Cod) -> None:
    assert cod.say(Kind.LINK_TEST, kinds.LinkTest()).status_code == 200
    assert Message.objects.count() == 0
