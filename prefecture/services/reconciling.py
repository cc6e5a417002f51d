"""Both ledgers side by side, by count and hash, once a day or when asked; what is missing on a side is sent again."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db.models.functions import Now

from access.models import Person
from journal.errors import Problem
from journal.services import writing
from prefecture import config, events, selectors
from prefecture.models import Channel, Direction, Link, Message, Nonce
from prefecture.peer import Peer, Unreachable, peer
from prefecture.services import testing
from prefecture.services.cells import machine_there
from prefecture.services.receiving import receive
from prefecture.services.relaying import resend
from prefecture.services.sending import refuse_theirs
from prefecture.wire import envelope, signing
from prefecture.wire.errors import SenderInconsistent

log = structlog.get_logger(__name__)
KEPT = timedelta(minutes=15)  # three times as long as a signature may be old


@dataclass(frozen=True)
class Difference:
    """A channel that is not the same on both sides; numbers and hashes up to the shorter one's end, where known."""

    direction: str
    crisis: UUID
    ours: int
    theirs: int
    same_hash: bool


def reconcile() -> list[Difference] | None:
    """Compare, send and fetch what is missing; the differences found, None when the other side was not reached."""
    other_side = peer()
    if other_side is None:
        return None
    try:
        answer = other_side.state()
    except Unreachable as trouble:
        testing.failed(str(trouble))
        return None
    found = compare(answer.document)
    for one in found:
        _mend(one, other_side)
    channels = Channel.objects.filter(last__gt=0).count()
    with writing(None) as record:
        Link.objects.update_or_create(id=1, defaults={"reconciled_at": Now(), "differences": len(found)})
        record(events.Reconciled(channels=channels, differences=len(found)), audiences=testing.SEEN_BY)
    return found


def compare(document: dict[str, Any]) -> list[Difference]:
    """Our channels beside theirs. What they have received is what we have sent, and the other way round."""
    mirror = {"in": Direction.OUT, "out": Direction.IN}
    theirs = {
        (mirror[row["direction"]], UUID(row["crisis"])): (int(row["last"]), str(row["hash"]))
        for row in document.get("channels", [])
    }
    ours = {
        (Direction(row["direction"]), UUID(row["crisis"])): (row["last"], row["hash"]) for row in selectors.ledger()
    }
    found = []
    for direction, crisis in sorted(ours.keys() | theirs.keys()):
        mine, other = ours.get((direction, crisis), (0, "")), theirs.get((direction, crisis), (0, ""))
        if mine != other:
            found.append(Difference(direction, crisis, mine[0], other[0], _agree(direction, crisis, mine, other)))
    return found


def _agree(direction: Direction, crisis: UUID, mine: tuple[int, str], other: tuple[int, str]) -> bool:
    """Whether the shorter ledger is the beginning of the longer one, as far as we can tell."""
    if other[0] == mine[0]:
        return False
    if other[0] == 0 or other[0] > mine[0]:
        return True
    row = Message.objects.filter(direction=direction, crisis=crisis, sequence=other[0]).only("chain").first()
    return row is not None and bytes(row.chain or b"").hex() == other[1]


def _mend(one: Difference, other_side: Peer) -> None:
    if not one.same_hash:
        log.error("the ledgers differ", crisis=str(one.crisis), direction=one.direction)
    elif one.direction == Direction.OUT and one.ours > one.theirs:
        resend(one.crisis, one.theirs + 1)
    elif one.direction == Direction.IN and one.theirs > one.ours:
        fetch(one.crisis, other_side)


def fetch(crisis: UUID, other_side: Peer) -> int:
    """Take from the other side what has not come by itself, in order; returns how many."""
    taken, machine = 0, machine_there()
    channel = Channel.objects.filter(direction=Direction.IN, crisis=crisis).first()
    after = channel.last if channel else 0
    while machine is not None:
        try:
            answer = other_side.messages(after=after, crisis=str(crisis))
            rows = answer.document.get("messages", [])
            for row in rows:
                _take(row, machine)
                after, taken = int(row["sequence"]), taken + 1
        except (Unreachable, Problem, KeyError, TypeError, ValueError) as trouble:
            log.warning("messages could not be fetched", crisis=str(crisis), why=str(trouble))
            return taken
        if not rows:
            break
    return taken


def _take(row: dict[str, Any], machine: Person) -> None:
    """One replayed message, which proves itself. What they believe delivered and cannot be dealt with is answered by an
    Error. Raises BadSignature and what receiving raises."""
    raw = base64.b64decode(row["body"], validate=True)
    parcel, proof = envelope.read(raw), {name: str(row["proof"][name]) for name in signing.KEPT}
    verified = config.checker().check(signing.copy_with(proof), covering=signing.COPY, body=raw, now=datetime.now(UTC))
    if proof["Idempotency-Key"] != str(parcel.envelope.distributionID):
        raise SenderInconsistent("The Idempotency-Key is not the distributionID.")
    receipt = receive(parcel=parcel, by=machine, key_id=verified.key_id, signature=proof)
    if receipt.status >= 400 and not receipt.replayed:
        refuse_theirs(parcel, code=receipt.document["code"], detail=receipt.document.get("detail", ""))


def forget_nonces() -> int:
    """Drop nonces that no signature in force can repeat; returns how many."""
    return Nonce.objects.filter(at__lt=Now() - KEPT).delete()[0]
