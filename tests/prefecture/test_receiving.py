"""What comes in: once, in order, whole or not at all; and who may send it."""

import base64
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver
from http_message_signatures.algorithms import ED25519
from pytest_django import Settings

from access.roles import Role
from journal.models import Entry
from prefecture import services
from prefecture.models import Alert, Channel, Instruction, Message, Nonce
from prefecture.wire import envelope, kinds, signing
from prefecture.wire.envelope import START, chained
from prefecture.wire.errors import BadSignature
from prefecture.wire.kinds import Kind
from prefecture.wire.times import stamp
from tests import cast
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
    assert message.audiences == sorted(["post", "prefecture", f"cell:{CRISIS}"])
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


# Who, and how -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"to": {"sender": "fr.someone.else"}}, 703),
        ({"to": {"recipient": "fr.someone.else"}}, 300),
        ({"sent": datetime.now(UTC) + timedelta(hours=1), "expires": datetime.now(UTC) + timedelta(hours=2)}, 300),
        ({"sent": datetime.now(UTC) - timedelta(days=60)}, 300),
        ({"exercise": True}, 300),
    ],
    ids=["foreign sender", "foreign recipient", "from the future", "old", "exercise"],
)
def test_what_is_not_for_us_now_stores_nothing(cod: Cod, change: dict[str, Any], code: int) -> None:
    answer = cod.say(Kind.INSTRUCTION, instruction(), **change)
    assert (answer.json()["code"], answer["Content-Type"]) == (code, "application/problem+json")
    assert answer.status_code in (403, 422)
    assert Message.objects.count() == 0


def test_our_own_kinds_do_not_come_back(cod: Cod) -> None:
    body = kinds.Closure(title="x", closed_at=world.soon(), decided_by="y")
    assert cod.say(Kind.CLOSURE, body).json()["code"] == 300


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: raw[:-20],
        lambda raw: b"\xff\xfe" + raw,
        lambda raw: raw.replace(b'"authority"', b'"autority"'),
        lambda raw: raw.replace(b'"number"', b'"text":"x","number"'),
        lambda raw: raw.replace(b'"kind":"instruction"', b'"kind":"order"'),
        lambda raw: raw.replace(b"+01:00", b"Z"),
        lambda raw: raw.replace(b'"sequence":1', b'"sequence":NaN'),
        lambda raw: b"[" * 40 + b"]" * 40,
        lambda raw: b"",
        lambda raw: b"null",
    ],
    ids=["cut", "charset", "unknown name", "name twice", "unknown kind", "Z", "NaN", "deep", "empty", "null"],
)
def test_bad_bodies_are_refused_clearly(cod: Cod, spoil: Any) -> None:
    parcel = cod.parcel(Kind.INSTRUCTION, instruction())
    body = spoil(parcel.raw)
    odd = envelope.Parcel(parcel.envelope, body)
    answer = cod.post(odd, cod.headers(odd), body)
    assert answer.status_code in (400, 401, 422), answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert stored() == (0, 0, 0)


def test_too_large_and_of_another_kind(cod: Cod) -> None:
    parcel = cod.parcel(Kind.INSTRUCTION, instruction(text="a", authority="b"))
    big = envelope.Parcel(parcel.envelope, parcel.raw + b" " * envelope.CAP_BYTES)
    assert cod.post(big, cod.headers(big), big.raw).status_code == 413
    for media in ("text/xml", "application/json; charset=latin-1"):
        assert cod.post(parcel, cod.headers(parcel, **{"Content-Type": media})).status_code == 415


def test_a_signature_is_needed_fresh_whole_and_once(cod: Cod) -> None:
    parcel = cod.parcel(Kind.INSTRUCTION, instruction())
    good = cod.headers(parcel)
    unsigned = {name: good[name] for name in ("Content-Type", "Idempotency-Key")}
    assert cod.post(parcel, unsigned).status_code == 401
    assert cod.post(parcel, {**good, "Idempotency-Key": str(uuid4())}).status_code == 401
    assert cod.post(parcel, good, parcel.raw + b" ").status_code == 401
    assert cod.post(parcel, cod.headers(parcel, url="http://elsewhere/cod/v1/messages")).status_code == 401
    assert cod.post(parcel, good).status_code == 201
    replayed = cod.post(parcel, good)
    assert (replayed.status_code, replayed.json()["type"]) == (401, "/problems/link-signature")
    assert Nonce.objects.count() == 1


def test_an_old_signature_and_one_that_covers_too_little(cod: Cod) -> None:
    parcel = cod.parcel(Kind.INSTRUCTION, instruction())
    signer = HTTPMessageSigner(
        signature_algorithm=ED25519,
        key_resolver=MappingKeyResolver(public_keys={}, private_keys={"cod-1": cod.key}),
    )

    def signed(covering: tuple[str, ...], **more: Any) -> dict[str, str]:
        plain = {"Content-Type": "application/json", "Idempotency-Key": str(parcel.envelope.distributionID)}
        request = signing.Request("POST", f"{world.HERE}/cod/v1/messages", plain)
        told = {"key_id": "cod-1", "nonce": uuid4().hex, "label": signing.LABEL, "tag": signing.TAG, **more}
        signer.sign(request, covered_component_ids=covering, body=parcel.raw, **told)
        return request.headers

    old = datetime.now(UTC) - signing.MAX_AGE - timedelta(seconds=30)
    for headers in (
        signed(signing.WRITE, created=old), signed(signing.WRITE[1:]), signed(signing.WRITE, tag="other"),
        signed(signing.WRITE, nonce=None), signed(signing.WRITE, created=datetime.now(UTC) + timedelta(minutes=5)),
    ):  # fmt: skip
        assert cod.post(parcel, headers).status_code == 401
    assert cod.post(parcel, signed(signing.WRITE)).status_code == 201


def test_keys_overlap_while_they_change(cod: Cod, settings: Settings) -> None:
    old, new = cod.key, Ed25519PrivateKey.generate()
    now = datetime.now(UTC)
    settings.PREFECTURE_PEER_KEYS = [
        f"cod-1|{signing.public_text(old)}||{(now + timedelta(days=1)).isoformat()}",
        f"cod-2|{signing.public_text(new)}|{(now - timedelta(days=1)).isoformat()}",
    ]
    assert cod.say(Kind.INSTRUCTION, instruction()).status_code == 201
    cod.key, cod.key_id = new, "cod-2"
    assert cod.say(Kind.INSTRUCTION, instruction()).status_code == 201
    settings.PREFECTURE_PEER_KEYS = [f"cod-2|{signing.public_text(new)}||{(now - timedelta(hours=1)).isoformat()}"]
    assert cod.say(Kind.INSTRUCTION, instruction(), sequence=3).status_code == 401


def test_only_the_prefecture_s_machine_with_its_scope(cod: Cod) -> None:
    parcel = cod.parcel(Kind.INSTRUCTION, instruction())
    right = cod.token
    cod.token = world.token_of(cod.machine, ("prefecture.read",))[2]
    assert cod.post(parcel).status_code == 403
    cod.token = "x"
    assert cod.post(parcel).status_code == 401
    cod.token = right
    assert cod.post(parcel).status_code == 201


def test_the_certificate_that_the_proxy_was_shown(cod: Cod, settings: Settings) -> None:
    shown = base64.b64encode(b"certificate").decode()
    settings.PREFECTURE_PEER_CERTS = [sha256(b"certificate").hexdigest()]
    parcel = cod.parcel(Kind.INSTRUCTION, instruction())
    for header in ({}, {"Client-Cert": ":eA==:"}, {"Client-Cert": "::::"}):
        assert cod.post(parcel, {**cod.headers(parcel), **header}).status_code == 401
    assert cod.post(parcel, {**cod.headers(parcel), "Client-Cert": f":{shown}:"}).status_code == 201


def test_ledger_and_replay(cod: Cod) -> None:
    services.send(kind="measure_taken", payload=world.measure(), by=None, crisis=CRISIS)
    second = services.send(kind="measure_taken", payload=world.measure(title="b"), by=None, crisis=CRISIS)
    cod.say(Kind.INSTRUCTION, instruction())
    state = cod.get("/cod/v1/state").json()
    assert {(one["direction"], one["last"]) for one in state["channels"]} == {("out", 2), ("in", 1)}
    channel = next(one for one in state["channels"] if one["direction"] == "out")
    assert channel["hash"] == bytes(second.chain or b"").hex()
    replayed = cod.get(f"/cod/v1/messages?after=1&crisis={CRISIS}").json()["messages"]
    assert [one["sequence"] for one in replayed] == [2]
    assert base64.b64decode(replayed[0]["body"]) == bytes(second.raw)
    assert cod.get("/cod/v1/messages?after=x").status_code == 400
    assert cod.client.get("/cod/v1/state", headers={"authorization": f"Bearer {cod.token}"}).status_code == 401


def test_a_liaison_sees_what_is_sent_to_the_prefecture_and_nothing_else(cod: Cod) -> None:
    cod.say(Kind.INSTRUCTION, instruction())
    liaison, outsider = cast.person(Role.PREFECTURE_LIAISON), cast.person(Role.CREW_LEADER)
    client = Client()
    client.force_login(liaison, backend="allauth.account.auth_backends.AuthenticationBackend")
    found = client.get("/api/v1/prefecture/messages/").json()["results"]
    assert [one["kind"] for one in found] == ["instruction"]
    entries = client.get("/api/v1/journal/?after=0.00000000&limit=1000").json()["entries"]
    assert {one["kind"].partition(".")[0] for one in entries} == {"prefecture"}
    client.force_login(outsider, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/api/v1/prefecture/messages/").status_code == 403
    assert client.get("/api/v1/prefecture/link/").status_code == 200
