"""Both ledgers side by side: what is missing goes over, and each replayed message proves itself."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from prefecture import config
from prefecture.models import Channel, Instruction, Link, Message
from prefecture.services import reconciling, relaying
from prefecture.wire import envelope, signing
from prefecture.wire.errors import BadSignature
from prefecture.wire.kinds import BODIES, Kind
from tests.prefecture import world
from tests.prefecture.pair import CRISIS, Pair


@dataclass
class Forger:
    """Signs its answers, and not what it replays."""

    honest: signing.Signer
    stranger: signing.Signer
    proof: dict[str, str]

    def sign(self, message: Any, *, covering: tuple[str, ...], body: bytes | None) -> None:
        who = self.stranger if covering == signing.COPY else self.honest
        who.sign(message, covering=covering, body=body)
        if covering == signing.COPY:
            message.headers.update(self.proof)


def test_ledgers_are_compared_and_what_is_missing_goes_over(pair: Pair) -> None:
    pair.ours()
    pair.sim.room.say(Kind.INSTRUCTION, world.instruction(), CRISIS)
    pair.both_relay()
    assert reconciling.reconcile() == []
    assert Link.objects.get().differences == 0
    pair.ours()
    pair.sim.room.say(Kind.INSTRUCTION, world.instruction(number="COD-13"), CRISIS)
    pair.sim.store.do("update message set state = 'delivered' where state = 'queued'")  # they believe that it was sent
    Message.objects.filter(state="queued").update(state="delivered", due_at=None)  # and so do we
    found = reconciling.reconcile() or []
    assert [(one.direction, one.ours, one.theirs, one.same_hash) for one in found] == [
        ("in", 1, 2, True), ("out", 2, 1, True),
    ]  # fmt: skip
    assert Instruction.objects.count() == 2
    relaying.relay()
    assert len(pair.there()) == 2
    assert reconciling.reconcile() == []
    Channel.objects.filter(direction="out").update(chain=bytes(32))
    assert [(one.direction, one.same_hash) for one in reconciling.reconcile() or []] == [("out", False)]


def test_each_replayed_message_proves_itself_and_one_without_sense_is_answered_by_an_error(
    pair: Pair,
) -> None:
    answers = str(uuid4())
    pair.sim.room.say(Kind.INSTRUCTION, world.instruction(), CRISIS)
    pair.sim.room.say(Kind.RELAYED_ALERT, BODIES[Kind.RELAYED_ALERT](cap="<alert/>"), CRISIS)
    pair.sim.room.say(Kind.SITUATION_REQUEST, BODIES[Kind.SITUATION_REQUEST](text=answers), CRISIS)
    pair.sim.store.do("update message set state = 'delivered' where state = 'queued'")  # as they believe
    reconciling.reconcile()
    instruction, alert, request = Message.objects.filter(direction="in").order_by("sequence")
    assert [one.state for one in (instruction, alert, request)] == ["accepted", "refused", "accepted"]
    for one in (instruction, request):
        proof = signing.copy_with(one.signature)
        config.checker().check(proof, covering=signing.COPY, body=bytes(one.raw), now=datetime.now(UTC))
    with pytest.raises(BadSignature):
        wrong = signing.copy_with({**instruction.signature, "Idempotency-Key": str(request.distribution_id)})
        config.checker().check(wrong, covering=signing.COPY, body=bytes(request.raw), now=datetime.now(UTC))
    relaying.relay()
    row = pair.sim.store.row("select state, failure from message where kind = 'relayed_alert'") or {}
    assert (row["state"], row["failure"][:4]) == ("refused", "300:")


def test_a_replay_that_does_not_prove_its_messages_is_not_taken(pair: Pair) -> None:
    pair.sim.room.say(Kind.INSTRUCTION, world.instruction(), CRISIS)
    pair.sim.store.do("update message set state = 'delivered'")
    stranger = signing.Signer("cod-1", Ed25519PrivateKey.generate())
    honest = pair.sim.door.signer
    for proof in ({}, {"Signature": "x"}):
        pair.sim.door.signer = Forger(honest, stranger, proof)  # type: ignore[assignment]
        reconciling.reconcile()
        pair.sim.door.signer = honest
        assert not Message.objects.filter(direction="in").exists()
    reconciling.reconcile()
    assert Message.objects.filter(direction="in").count() == 1


def test_a_page_of_a_replay_holds_what_fits() -> None:
    sizes = [envelope.PAGE_BYTES + 1, 10, envelope.PAGE_BYTES - 10, 1]
    assert envelope.fitting(sizes, int) == sizes[:1]
    assert envelope.fitting(sizes[1:], int) == sizes[1:3]
    assert envelope.fitting([], int) == []
