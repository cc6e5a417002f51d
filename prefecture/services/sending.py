"""Messages leave through the outbox: a row in the transaction that causes them, numbered, hashed, and told."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from access.models import Person
from access.selectors import access_of
from access.services import require_anywhere
from journal.errors import Invalid, NotFound
from journal.services import writing
from notifications import timers
from prefecture import config, events
from prefecture.models import Channel, Direction, Message, State
from prefecture.permissions import Permission
from prefecture.rows import message_row
from prefecture.services import cells
from prefecture.wire import envelope, titles
from prefecture.wire.errors import InvalidMessage
from prefecture.wire.kinds import BODIES, FROM_POST, UNNUMBERED, Kind
from prefecture.wire.shapes import Strict
from prefecture.wire.times import stamp, whole

LIVES = timedelta(days=7)
ACK_LIVES = timedelta(days=30)
INTEGRATED_WITHIN = timedelta(seconds=60)


def send(
    *, kind: str, payload: Strict | dict[str, Any], by: Person | None, crisis: UUID | None = None,
    about: UUID | None = None, supersedes: UUID | None = None, cancels: bool = False,
    audiences: Iterable[str] | None = None, lives: timedelta = LIVES,
) -> Message:  # fmt: skip
    """Put a message to the prefecture into the outbox, inside the caller's transaction. `by` None is the house itself.

    `kind` is one of `wire.kinds.FROM_POST`, `payload` its body (a struct, or plain values with the names of the
    contract); `crisis` the cell it belongs to; `supersedes` the messageId it updates, or with `cancels` withdraws. It is
    seen by the prefecture and by `audiences` (None: by the cell, or where there is none by the post). Raises NotAllowed,
    NotFound (a cell out of sight), Invalid.
    """
    if kind not in FROM_POST:
        raise Invalid(errors={"kind": [_("Not one of the possible values.")]})
    body = body_from(Kind(kind), payload)
    with writing(by):
        own = cells.seen_by(crisis or envelope.GENERAL)
        if by is not None:
            access = access_of(by)
            require_anywhere(access, Permission.SEND)
            if crisis is not None and not access.sees(own):
                raise NotFound
        reach = {"prefecture", *(audiences if audiences is not None else own)}
        return put_out(
            Kind(kind), body, crisis=crisis or envelope.GENERAL, by=by, about=about, supersedes=supersedes,
            cancels=cancels, audiences=sorted(reach), lives=lives,
        )  # fmt: skip


def body_from(kind: Kind, payload: Strict | dict[str, Any]) -> Strict:
    try:
        return msgspec.convert(msgspec.to_builtins(payload), BODIES[kind])
    except msgspec.ValidationError as error:
        raise Invalid(errors={"payload": [str(error)]}) from error


def put_out(
    kind: Kind, body: Strict, *, crisis: UUID, by: Person | None, audiences: list[str], lives: timedelta,
    about: UUID | None = None, supersedes: UUID | None = None, cancels: bool = False,
) -> Message:  # fmt: skip
    with writing(by) as record:
        channel = None if kind in UNNUMBERED else channel_of(Direction.OUT, crisis)
        now = clock()
        try:
            parcel = envelope.compose(
                distribution=uuid4(), message=uuid4(), kind=kind, body=body, sent=now, expires=now + lives,
                exercise=settings.PREFECTURE_EXERCISE, parties=config.us().outgoing, crisis=crisis,
                sequence=channel.last + 1 if channel else None, supersedes=supersedes, cancels=cancels,
            )  # fmt: skip
        except InvalidMessage as error:
            raise Invalid(errors={"payload": [error.detail]}) from error
        message = Message(
            direction=Direction.OUT, state=State.QUEUED, due_at=now, by=by, about=about, audiences=audiences,
            **columns(parcel, channel),
        )  # fmt: skip
        message.save(force_insert=True)
        if channel is not None:
            _watch(message)
            record(events.Sent(row=message_row(message), digest=parcel.digest.hex()), about=message)
    return message


def channel_of(direction: Direction, crisis: UUID) -> Channel:
    """The channel, locked until the transaction ends."""
    Channel.objects.bulk_create([Channel(direction=direction, crisis=crisis)], ignore_conflicts=True)
    return Channel.objects.select_for_update().get(direction=direction, crisis=crisis)


def columns(parcel: envelope.Parcel, channel: Channel | None) -> dict[str, Any]:
    """What a row repeats of its parcel; the channel, if it has one, moves on by this message."""
    message = parcel.message
    chain = None
    if channel is not None:
        channel.last, channel.chain = message.sequence, envelope.chained(bytes(channel.chain), parcel.digest)
        channel.save(update_fields=["last", "chain"])
        chain = channel.chain
    return {
        "distribution_id": parcel.envelope.distributionID,
        "message_id": message.messageId,
        "kind": parcel.kind.value,
        "distribution_kind": parcel.envelope.distributionKind,
        "crisis": parcel.crisis,
        "sequence": message.sequence,
        "supersedes": message.supersedes,
        "answers": getattr(message.body, "answers", None),
        "title": titles.title(parcel.kind, message.body, parcel.envelope.distributionKind),
        "text": titles.text(message.body),
        "raw": parcel.raw,
        "digest": parcel.digest,
        "chain": chain,
        "sent_at": whole(parcel.sent_at),
        "expires_at": parcel.expires_at,
    }


def acknowledge_theirs(message: Message, *, step: str, by: str = "") -> None:
    """Tell the other side how far its message has come. Never for an acknowledgement, an error or a test."""
    if Kind(message.kind) in UNNUMBERED:
        raise ValueError("what is not numbered is not acknowledged")
    body = BODIES[Kind.ACK](acknowledges=message.distribution_id, step=step, at=stamp_now(), by=by)
    put_out(Kind.ACK, body, crisis=message.crisis, by=None, audiences=list(message.audiences), lives=ACK_LIVES)


def refuse_theirs(parcel: envelope.Parcel, *, code: int, detail: str) -> None:
    """Tell the other side that a message which it believes delivered is here and cannot be dealt with."""
    body = BODIES[Kind.ERROR](refers=parcel.envelope.distributionID, code=code, detail=detail[:200])
    put_out(Kind.ERROR, body, crisis=parcel.crisis, by=None, audiences=cells.seen_by(parcel.crisis), lives=ACK_LIVES)


def stamp_now() -> str:
    return stamp(clock())


def _watch(message: Message) -> None:
    """Alarms for when nobody over there has it in time; where there is no link, nobody waits for that."""
    if not config.is_set_up():
        return
    read_within = timedelta(minutes=settings.PREFECTURE_READ_MINUTES)
    for kind, after in (("integrated", INTEGRATED_WITHIN), ("read", read_within)):
        timers.start(
            kind=f"prefecture.not_{kind}", key=f"prefecture:{kind}:{message.id}", after=after, about=message.id
        )


def clock() -> datetime:
    """The database's clock, which alone decides when something happened."""
    with connection.cursor() as cursor:
        cursor.execute("select statement_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found
