"""What an incoming message does here, by its kind. Runs in the transaction that stores it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from journal.services import Record
from notifications import timers
from prefecture import events
from prefecture.models import Alert, Direction, Instruction, Message, State
from prefecture.rows import instruction_row, message_row
from prefecture.services import alerting
from prefecture.wire import cap, errors
from prefecture.wire.envelope import GENERAL, Parcel
from prefecture.wire.kinds import UNNUMBERED, Kind
from prefecture.wire.times import instant

Apply = Callable[[Message, Any, Record], None]


def fault(message: Message, parcel: Parcel) -> errors.LinkProblem | None:
    """Why the content makes no sense here, if it does not."""
    body = parcel.message.body
    problem = None
    if parcel.kind is Kind.ACK:
        problem = _not_ours(body.acknowledges)
    elif parcel.kind is Kind.ERROR:
        problem = _not_ours(body.refers)
    elif parcel.kind is Kind.RELAYED_ALERT:
        problem = _no_alert(body.cap)
    if problem is None and message.distribution_kind in ("Update", "Cancel"):
        earlier = Message.objects.filter(direction=Direction.IN, message_id=message.supersedes or GENERAL)
        if not earlier.exists():
            return errors.Insufficient(_("It supersedes a message that is not here."))
    return problem


def _not_ours(distribution: UUID) -> errors.LinkProblem | None:
    ours = Message.objects.filter(direction=Direction.OUT, distribution_id=distribution).only("kind").first()
    if ours is None:
        return errors.Insufficient(_("It refers to a distribution that never left here."))
    if Kind(ours.kind) in UNNUMBERED:
        return errors.InvalidMessage(_("An acknowledgement is not acknowledged."))
    return None


def _no_alert(text: str) -> errors.LinkProblem | None:
    try:
        alert = cap.parse(text.encode())
    except errors.InvalidMessage as problem:
        return problem
    if Alert.objects.filter(sender=alert.sender, identifier=alert.identifier).exists():
        return errors.InvalidMessage(_("This alert was relayed before."))
    return None


def apply(message: Message, parcel: Parcel, record: Record) -> None:
    if message.distribution_kind in ("Update", "Cancel"):
        _withdraw(message, record)
    act = _ACTS.get(parcel.kind)
    if act is not None and message.distribution_kind != "Cancel":
        act(message, parcel.message.body, record)


def _withdraw(message: Message, record: Record) -> None:
    """An instruction that is changed or cancelled is nobody's any more; its successor, if any, is a new one."""
    replaced = Instruction.objects.select_for_update(of=("self",)).filter(
        message__direction=Direction.IN,
        message__message_id=message.supersedes or GENERAL,
        status=Instruction.Status.OPEN,
    )
    for one in replaced:
        one.status, one.version = Instruction.Status.CANCELLED, one.version + 1
        one.save(update_fields=["status", "version"])
        timers.cancel(key=f"prefecture:instruction:{one.id}")
        record(events.InstructionWithdrawn(row=instruction_row(one)), about=one)


def _instruct(message: Message, body: Any, record: Record) -> None:
    one = Instruction.objects.create(
        message=message, crisis=message.crisis, number=body.number, text=body.text, authority=body.authority,
        due_at=instant(body.due_at), audiences=message.audiences,
    )  # fmt: skip
    timers.start(
        kind="prefecture.instruction_due", key=f"prefecture:instruction:{one.id}", due_at=one.due_at, about=one.id
    )
    record(events.Instructed(row=instruction_row(one)), about=one)


def _alert(message: Message, body: Any, record: Record) -> None:
    alerting.keep(message, body.cap)


def _acknowledged(message: Message, body: Any, record: Record) -> None:
    """The other side has integrated or read one of ours. A step implies those before it; a repetition changes nothing."""
    ours = Message.objects.select_for_update().get(direction=Direction.OUT, distribution_id=body.acknowledges)
    at = instant(body.at)
    fresh = ours.read_at is None if body.step == "read" else ours.integrated_at is None
    if not fresh:
        return
    ours.received_at = ours.received_at or at
    ours.integrated_at = ours.integrated_at or at
    if body.step == "read":
        ours.read_at, ours.reader = at, body.by
        timers.cancel(key=f"prefecture:read:{ours.id}")
    timers.cancel(key=f"prefecture:integrated:{ours.id}")
    if ours.state in (State.QUEUED, State.DEAD):  # the receipt was lost, the acknowledgement was not
        ours.state, ours.due_at, ours.leased_until = State.DELIVERED, None, None
    ours.alarm = "" if ours.read_at or ours.alarm == "not_integrated" else ours.alarm
    _save(ours)
    record(events.Acknowledged(row=message_row(ours), step=body.step), about=ours)


def _failed(message: Message, body: Any, record: Record) -> None:
    """The other side took one of ours and cannot deal with it."""
    ours = Message.objects.select_for_update().get(direction=Direction.OUT, distribution_id=body.refers)
    ours.state, ours.due_at, ours.leased_until = State.REFUSED, None, None
    ours.failure = f"{body.code}: {body.detail}"[:300]
    _save(ours)
    for kind in ("integrated", "read"):
        timers.cancel(key=f"prefecture:{kind}:{ours.id}")
    record(events.Undelivered(row=message_row(ours), code=body.code), about=ours)


def _save(ours: Message) -> None:
    ours.version += 1
    ours.save(force_update=True)


_ACTS: dict[Kind, Apply] = {
    Kind.INSTRUCTION: _instruct,
    Kind.RELAYED_ALERT: _alert,
    Kind.ACK: _acknowledged,
    Kind.ERROR: _failed,
}
