"""A distribution comes in: once, in its order, whole or not at all; its receipt is kept and given again."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.utils.translation import gettext as _

from access.models import Person
from journal.api.errors import document as problem_document
from journal.services import Record, writing
from prefecture import config, events
from prefecture.models import Channel, Direction, Link, Message, State
from prefecture.rows import message_row
from prefecture.services import applying, cells
from prefecture.services.sending import acknowledge_theirs, channel_of, clock, columns
from prefecture.wire import errors
from prefecture.wire.envelope import Parcel
from prefecture.wire.kinds import BOTH_WAYS, FROM_PREFECTURE, UNNUMBERED, Kind
from prefecture.wire.times import stamp

AHEAD = timedelta(minutes=5)
BEHIND = timedelta(days=31)


@dataclass(frozen=True)
class Receipt:
    """What the other side is told. `replayed`: it had been told before."""

    status: int
    document: dict[str, Any]
    replayed: bool = False
    headers: dict[str, str] = field(default_factory=dict)


def receive(*, parcel: Parcel, by: Person, key_id: str, signature: dict[str, str]) -> Receipt:
    """Take one distribution of the other side. `signature`: the headers that prove it, kept with the bytes.

    The same distributionID with the same bytes gives the stored receipt. Raises the problems of `wire.errors`; what is
    raised has stored nothing.
    """
    try:
        return _receive(parcel, by, key_id, signature)
    except IntegrityError:  # its twin was faster: it is there now
        return _receive(parcel, by, key_id, signature)


def _receive(parcel: Parcel, by: Person, key_id: str, signature: dict[str, str]) -> Receipt:
    with writing(by) as record:
        now = clock()
        _check_parties(parcel)
        channel = None if parcel.kind in UNNUMBERED else channel_of(Direction.IN, parcel.crisis)
        known = Message.objects.filter(direction=Direction.IN, distribution_id=parcel.envelope.distributionID).first()
        if known is not None:
            return _again(known, parcel)
        _check_dates(parcel, now)
        Link.objects.filter(id=1).update(heard_at=now)
        if parcel.kind is Kind.LINK_TEST:
            return Receipt(200, _told(parcel, now))
        if channel is not None:
            _check_order(parcel, channel)
        return _take(parcel, channel, now, by=by, key_id=key_id, signature=signature, record=record)


def _check_parties(parcel: Parcel) -> None:
    us, message = config.us(), parcel.message
    if parcel.envelope.senderID != us.theirs:
        raise errors.UnknownSender(_("This senderID is not known here."))
    if us.theirs != message.sender.URI:
        raise errors.SenderInconsistent(_("The message's sender is not the envelope's."))
    named = {parcel.envelope.descriptor.explicitAddress.explicitAddressValue, message.recipient[0].URI}
    if named != {us.ours}:
        raise errors.InvalidMessage(_("The message is addressed to somebody else."))
    if parcel.kind not in FROM_PREFECTURE | BOTH_WAYS:
        raise errors.InvalidMessage(_("This kind of message is not for this side to receive."))
    if (parcel.envelope.distributionStatus == "Exercise") != settings.PREFECTURE_EXERCISE:
        raise errors.InvalidMessage(_("Exercise and reality do not write to each other."))


def _check_dates(parcel: Parcel, now: datetime) -> None:
    if parcel.sent_at > now + AHEAD:
        raise errors.InvalidMessage(_("dateTimeSent lies in the future."))
    if parcel.sent_at < now - BEHIND:
        raise errors.InvalidMessage(_("dateTimeSent lies more than a month back."))


def _check_order(parcel: Parcel, channel: Channel) -> None:
    expected = channel.last + 1
    if parcel.message.sequence != expected:
        raise errors.WrongSequence(_("Number %(n)d comes next here.") % {"n": expected}, expected=expected)


def _again(known: Message, parcel: Parcel) -> Receipt:
    if bytes(known.digest) != parcel.digest:
        raise errors.AlreadyThere(_("This distributionID was used before with another content."))
    return Receipt(known.answer["status"], known.answer["document"], replayed=True)


def _take(
    parcel: Parcel, channel: Channel | None, now: datetime, *, by: Person, key_id: str, signature: dict[str, str],
    record: Record,
) -> Receipt:  # fmt: skip
    """Store it, deal with it, and say so. What is authentic and in order but expired or without sense here is put into
    the ledger all the same, marked so, or everything after it would wait for ever."""
    audiences = cells.seen_by(parcel.crisis)
    message = Message(
        direction=Direction.IN, state=State.ACCEPTED, signature=signature, audiences=audiences, received_at=now, by=by,
        **columns(parcel, channel),
    )  # fmt: skip
    problem = _fault(parcel, message, now)
    status, document = 201, _told(parcel, now)
    if problem is not None and channel is None:
        raise problem
    if problem is not None:
        message.state = State.EXPIRED if isinstance(problem, errors.Expired) else State.REFUSED
        message.failure = f"{problem.code}: {problem.detail}"[:300]
        status, document = problem.status, {**problem_document(problem), "recorded": True}
    else:
        message.integrated_at = now
    message.answer = {"status": status, "document": document}
    message.save(force_insert=True)
    if channel is not None:
        record(events.Received(row=message_row(message), digest=parcel.digest.hex(), key_id=key_id), about=message)
    if problem is None:
        applying.apply(message, parcel, record)
        if channel is not None:
            cells.bring_in(message)
            acknowledge_theirs(message, step="integrated")
    return Receipt(status, document)


def _fault(parcel: Parcel, message: Message, now: datetime) -> errors.LinkProblem | None:
    """Why it cannot be dealt with, if so."""
    if parcel.expires_at <= now:
        return errors.Expired(_("dateTimeExpires has passed."))
    return applying.fault(message, parcel)


def _told(parcel: Parcel, now: datetime) -> dict[str, Any]:
    return {"distributionID": str(parcel.envelope.distributionID), "step": "received", "at": stamp(now)}
