"""Acts of people here: read, carry out, send again."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from access.models import Person
from access.selectors import access_of
from access.services import require
from crisis.models import Action
from crisis.services import advance
from crisis.workflow import OPEN_ACTIONS, ActionState
from journal.errors import NotFound, Stale, WrongState
from journal.services import Record, writing
from notifications import timers
from prefecture import events
from prefecture.models import Direction, Instruction, Message, State
from prefecture.permissions import Permission
from prefecture.rows import instruction_row, message_row
from prefecture.services.sending import acknowledge_theirs, body_from, clock, put_out
from prefecture.wire import envelope
from prefecture.wire.kinds import UNNUMBERED, Kind


@contextmanager
def _changing(message_id: UUID, by: Person, permission: Permission) -> Iterator[tuple[Message, Record]]:
    """A message under lock, with the right checked under it. Raises NotFound, NotAllowed."""
    with writing(by) as record:
        visible: QuerySet[Message] = Message.objects.exclude(kind__in=UNNUMBERED)
        message = visible.select_for_update().filter(id=message_id).first()
        if message is None:
            raise NotFound
        require(access_of(by), permission, message)
        yield message, record


def read(*, message_id: UUID, by: Person) -> Message:
    """Say by name that a message from the prefecture was read; they are told. A second time changes nothing.

    Raises NotFound, NotAllowed, WrongState for one of our own."""
    with _changing(message_id, by, Permission.READ) as (message, record):
        if message.direction != Direction.IN or message.state != State.ACCEPTED:
            raise WrongState(_("Only a message that came from the prefecture is read here."))
        if message.read_at is None:
            message.read_at, message.reader = clock(), by.name
            message.version += 1
            message.save(update_fields=["read_at", "reader", "version"])
            acknowledge_theirs(message, step="read", by=by.name)
            record(events.Read(row=message_row(message)), about=message)
    return message


def send_again(*, message_id: UUID, by: Person) -> Message:
    """A message that was not delivered goes out once more: the same one when it never got a place in their ledger, or
    else a new one in its stead. Gives the message that is on its way. Raises NotFound, NotAllowed, WrongState."""
    with _changing(message_id, by, Permission.SEND) as (message, record):
        lost = message.state in (State.DEAD, State.REFUSED, State.EXPIRED) and message.alarm != "replaced"
        if message.direction != Direction.OUT or not lost:
            raise WrongState(_("This message is not among those that were not delivered."))
        if message.state != State.DEAD:
            return _anew(message, by, record)
        message.state, message.due_at, message.attempts, message.failure = State.QUEUED, clock(), 0, ""
        message.version += 1
        message.save(update_fields=["state", "due_at", "attempts", "failure", "version"])
        record(events.SentAgain(row=message_row(message)), about=message)
        return message


def _anew(message: Message, by: Person, record: Record) -> Message:
    kind, body = Kind(message.kind), envelope.read(bytes(message.raw)).message.body
    made = put_out(
        kind, body_from(kind, body), crisis=message.crisis, by=by, about=message.about,
        audiences=list(message.audiences), lives=message.expires_at - message.sent_at,
    )  # fmt: skip
    message.alarm = "replaced"
    message.version += 1
    message.save(update_fields=["alarm", "version"])
    record(events.SentAgain(row=message_row(message)), about=message)
    return made


def say_done(*, instruction_id: UUID, by: Person, version: int | None = None) -> Instruction:
    """An instruction has been carried out; the cell's action that it became is done with it, by the cell's own rights.
    Raises NotFound, NotAllowed, Stale, WrongState."""
    with writing(by) as record:
        _end_action(instruction_id, by)  # the cell is locked before the instruction, as by those who end the action
        one = Instruction.objects.select_for_update().filter(id=instruction_id).first()
        if one is None:
            raise NotFound
        require(access_of(by), Permission.READ, one)
        if version is not None and one.version != version:
            raise Stale(current=instruction_row(one))
        if one.status != Instruction.Status.OPEN:
            raise WrongState(_("This instruction is not open any more."))
        finish(one, by, record)
    return one


def _end_action(instruction_id: UUID, by: Person) -> None:
    known = Instruction.objects.filter(id=instruction_id, status=Instruction.Status.OPEN, action__isnull=False).first()
    action = Action.objects.filter(id=known.action, state__in=OPEN_ACTIONS).first() if known and known.action else None
    if action is not None:
        advance(cell_id=action.cell_id, by=by, action_id=action.id, state=ActionState.DONE)


def finish(one: Instruction, by: Person | None, record: Record) -> None:
    """Inside a write, the instruction locked."""
    one.status, one.done_at, one.done_by = Instruction.Status.DONE, clock(), by
    one.version += 1
    one.save(update_fields=["status", "done_at", "done_by", "version"])
    timers.cancel(key=f"prefecture:instruction:{one.id}")
    record(events.InstructionDone(row=instruction_row(one)), about=one)
