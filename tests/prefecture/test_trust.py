"""Who may send, and how: names, dates, signatures, keys, certificates; bad bodies are refused clearly."""

import base64
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from django.test import Client
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver
from http_message_signatures.algorithms import ED25519
from pytest_django import Settings

from access.roles import Role
from prefecture import services
from prefecture.models import Channel, Instruction, Message, Nonce
from prefecture.wire import envelope, kinds, signing
from prefecture.wire.kinds import Kind
from tests import cast
from tests.prefecture import world
from tests.prefecture.test_peer import certificate
from tests.prefecture.world import Cod, instruction

pytestmark = pytest.mark.django_db
CRISIS = uuid4()


def stored() -> tuple[int, int, int]:
    return Message.objects.count(), Instruction.objects.count(), Channel.objects.count()


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
    theirs, stranger = (certificate(name)[0].public_bytes(Encoding.DER) for name in ("cod.example", "stranger"))
    settings.PREFECTURE_PEER_CERTS = [sha256(theirs).hexdigest()]
    parcel = cod.parcel(Kind.INSTRUCTION, instruction())
    for header in ({}, {"Client-Cert": "::::"}, {"Client-Cert": f":{base64.b64encode(stranger).decode()}:"}):
        assert cod.post(parcel, {**cod.headers(parcel), **header}).status_code == 401
    shown = f":{base64.b64encode(theirs).decode()}:"
    assert cod.post(parcel, {**cod.headers(parcel), "Client-Cert": shown}).status_code == 201


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
