"""Between the link and a crisis cell: what the cell does leaves by itself, what comes in for it is written into its log.

What is written into a cell is due at once by a timer rather than in the transaction that receives: a cell is one row that
many write under, and the other side's call must never wait for them, nor fail because of them.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_noop, ngettext

from access.models import Person
from access.roles import Role
from crisis.functions import Function
from crisis.models import Action, Cell, MeansRequest, Transfer
from crisis.selectors import audiences_of
from crisis.services import Task, closing, requesting, transferring, working
from crisis.services.acting import REASON_LIMIT, Change, by_itself, in_post
from crisis.services.logging import write_line
from crisis.workflow import Credibility, LineKind, Reliability
from notifications import timers
from notifications.models import Timer
from prefecture.models import Direction, Instruction, Message
from prefecture.wire import envelope
from prefecture.wire.envelope import GENERAL
from prefecture.wire.kinds import Kind

INTO = "prefecture.into_cell"
LINE = 3900  # characters of a log line that a message may take
TASK = 480
_AT_ONCE = timedelta(0)


def seen_by(crisis: UUID) -> list[str]:
    """Who sees what is said of a crisis: the cell's own and the prefecture; where there is no such cell, the post."""
    own: Iterable[str] = audiences_of([crisis]).get(crisis, ()) if crisis != GENERAL else ()
    return sorted({"prefecture", *(own or ["post"])})


def bring_in(message: Message) -> None:
    """Inside the transaction that receives: have it written into its cell, if there is one."""
    if message.crisis != GENERAL and Cell.objects.filter(id=message.crisis).exists():
        timers.start(kind=INTO, key=f"{INTO}:{message.id}", after=_AT_ONCE, about=message.id)


@timers.on(INTO)
def write_in(timer: Timer) -> None:
    """A line in the cell's log; an instruction becomes an action with its deadline. A busy cell makes it come back."""
    message = Message.objects.filter(id=timer.about or GENERAL).first()
    if message is None:
        return
    with by_itself(message.crisis) as change:
        if change.cell.closed_at is not None:
            return
        text = f"{message.title}\n{message.text}".strip()[:LINE]
        write_line(
            change, text, kind=LineKind.MESSAGE, source=in_post(gettext_noop("prefecture")), occurred_at=message.sent_at,
            mentions=[Function.PREFECTURE_LIAISON], reliability=Reliability.A, credibility=Credibility.CONFIRMED,
        )  # fmt: skip
        for gone in Action.objects.filter(cell=change.cell, id__in=_withdrawn_by(message)):
            working.drop(change, gone)
        one = Instruction.objects.select_for_update().filter(message=message, action=None, status="open").first()
        if one is not None:
            _to_do(change, one)
        settles = _SETTLES.get(Kind(message.kind))
        if settles is not None:
            settles(change, message)


def _withdrawn_by(message: Message) -> QuerySet[Instruction, UUID | None]:
    """The actions that its predecessor had become, when it changes or cancels an instruction."""
    before = Instruction.objects.filter(message__message_id=message.supersedes or GENERAL, action__isnull=False)
    return before.filter(message__direction=Direction.IN, status=Instruction.Status.CANCELLED).values_list(
        "action", flat=True
    )


def _to_do(change: Change, one: Instruction) -> None:
    machine = one.message.by or machine_there()
    if machine is None:
        return
    change.by = machine  # who asks for it: the prefecture's machine
    text = f"{one.number} : {one.text}"[:TASK]
    action = working.add(change, Task(text=text, function=Function.PREFECTURE_LIAISON, due_at=one.due_at))
    one.action, one.version = action.id, one.version + 1
    one.save(update_fields=["action", "version"])


def _means_answered(change: Change, message: Message) -> None:
    """The request that the cell sent and that waits is granted (in part is granted, and said so) or refused."""
    body: Any = envelope.read(bytes(message.raw)).message.body
    ours = Message.objects.filter(direction=Direction.OUT, message_id=body.answers, crisis=message.crisis)
    about = ours.values_list("about", flat=True).first()
    waiting = MeansRequest.objects.select_related("organisation").filter(cell=change.cell, state="asked")
    request = waiting.filter(id=about or GENERAL).first()
    if request is not None:
        partly = in_post(gettext_noop("In part: ")) if body.decision == "partly" else ""
        state = MeansRequest.State.REFUSED if body.decision == "refused" else MeansRequest.State.GRANTED
        requesting.settle(change, request, state, f"{partly}{body.text}"[:REASON_LIMIT])


def _direction_taken(change: Change, message: Message) -> None:
    """The prefecture takes the direction that the cell offered. Unasked, its message is a line, and people decide."""
    offers = Transfer.objects.select_related("to_person", "from_person").filter(cell=change.cell, answered_at=None)
    offer, change.by = offers.filter(to_prefect=True).first(), message.by or machine_there()
    if offer is not None and change.by is not None:
        transferring.settle(change, offer, accept=True)


_SETTLES: dict[Kind, Callable[[Change, Message], None]] = {
    Kind.RESOURCE_RESPONSE: _means_answered,
    Kind.DIRECTION_TRANSFER: _direction_taken,
}


def machine_there() -> Person | None:
    """The prefecture's machine: as whom it acts here when it did not call itself."""
    duty = {"duties__role": Role.PREFECTURE_LIAISON, "kind": Person.Kind.MACHINE, "is_active": True}
    return Person.objects.filter(**duty).order_by("joined_at").first()


@closing.condition
def nothing_open_with_the_prefecture(cell: Cell) -> list[str]:
    """What stands against closing: instructions still to carry out."""
    number = Instruction.objects.filter(crisis=cell.id, status=Instruction.Status.OPEN).count()
    words = ngettext(
        "%(n)d instruction of the prefecture is open.", "%(n)d instructions of the prefecture are open.", number
    )
    return [words % {"n": number}] if number else []
