"""The direction of operations passes from one person to another, or to the prefect: offered, then accepted."""

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.models import Person
from access.selectors import access_of
from crisis.events import DirectionChanged, TransferAnswered, TransferAsked
from crisis.functions import Function
from crisis.models import Cell, Member, Plan, Transfer
from crisis.permissions import Permission
from crisis.rows import transfer_row
from crisis.selectors import PREFECTURE
from crisis.services.acting import Change, acting, clock, in_post, lock, words
from crisis.services.calling import end, enrol, name_by_functions
from crisis.services.logging import act_line
from crisis.services.opening import candidate_director
from crisis.telling import heard, tell
from crisis.workflow import Direction, LineKind, MemberState
from journal.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from journal.services import writing

OFFER = "crisis.transfer"
_AWAY = (MemberState.LEFT, MemberState.DECLINED)


def offer_direction(
    *, cell_id: UUID, by: Person, reason: str, person: UUID | None = None, prefect: bool = False
) -> Transfer:
    """Offer the direction to somebody whose duty lets them direct under this plan, or to the prefect. The director
    does; when the director has left or declined, so may whoever decides. One offer at a time."""
    with acting("transfer", cell_id=cell_id, by=by) as change:
        cell = change.cell
        if cell.director_id != by.id and not _director_away(cell):
            raise NotAllowed(permission=str(Permission.DECIDE), object=str(cell.id))
        if (person is None) != prefect:
            raise Invalid(errors={"person": [_("Either a person or the prefect.")]})
        if Transfer.objects.filter(cell=cell, answered_at=None).exists():
            raise Conflict(_("An offer is waiting for its answer already."))
        to = candidate_director(person, cell.plan) if person else None
        if (to is not None and to.id == cell.director_id) and cell.direction == Direction.CELL:
            raise WrongState(_("This person directs already."))
        if prefect and cell.direction == Direction.PREFECT:
            raise WrongState(_("The prefect directs already."))
        return _offer(change, to, words(reason, name="reason"))


def _director_away(cell: Cell) -> bool:
    running = Member.objects.filter(cell=cell, person=cell.director, ended_at=None)
    return running.filter(function=Function.OPERATIONS_DIRECTOR, state__in=_AWAY).exists()


def _offer(change: Change, to: Person | None, reason: str) -> Transfer:
    cell = change.cell
    transfer = Transfer(
        cell=cell, to_prefect=to is None, to_person=to, from_person=change.person, reason=reason, asked_at=change.now,
        audiences=sorted({*cell.audiences, f"person:{to.id}" if to else PREFECTURE}),
    )  # fmt: skip
    transfer.save(force_insert=True)
    change.writer(TransferAsked(transfer=transfer_row(transfer)), about=cell, audiences=transfer.audiences)
    message = gettext_noop("Direction of operations offered to %(to)s. %(reason)s")
    act_line(change, LineKind.DECISION, message, to=_name(transfer), reason=reason)
    if to is not None:
        subject = in_post(gettext_noop("You are offered the direction of %(title)s"), title=cell.title)
        tell(
            [to],
            cell=cell,
            subject=subject,
            body=reason,
            urgency="vital",
            key=f"{OFFER}:{transfer.id}",
            ack=True,
            url="/crisis/",  # whoever is offered it need not see the cell
        )
    return transfer


def _name(transfer: Transfer) -> str:
    return transfer.to_person.name if transfer.to_person else in_post(gettext_noop("the prefect"))


def answer_offer(*, transfer_id: UUID, by: Person, accept: bool) -> Transfer:
    """Take the direction, or decline it: the person it was offered to; for the prefect, the prefecture's liaison.
    Raises NotFound for everybody who does not see the offer, NotAllowed for those who see it and are not asked."""
    with writing(by) as record:
        found = Transfer.objects.filter(id=transfer_id).values_list("cell_id", flat=True).first()
        if found is None:
            raise NotFound
        cell = lock(found)
        transfer = Transfer.objects.select_related("to_person", "from_person").get(id=transfer_id)
        _may_answer(transfer, by)
        if transfer.answered_at is not None or cell.closed_at is not None:
            raise WrongState(_("It was answered already."))
        heard(by, f"{OFFER}:{transfer.id}")
        return settle(Change(cell, by, record, clock()), transfer, accept=accept)


def settle(change: Change, transfer: Transfer, *, accept: bool) -> Transfer:
    """Inside a change by whoever answers: the offer is taken or declined; the prefecture's own message comes this way."""
    transfer.answered_at, transfer.answered_by, transfer.accepted = change.now, change.by, accept
    transfer.save(update_fields=["answered_at", "answered_by", "accepted"])
    change.writer(TransferAnswered(transfer=transfer_row(transfer)), about=change.cell, audiences=transfer.audiences)
    if accept:
        _pass_on(change, transfer)
    else:
        act_line(change, LineKind.DECISION, gettext_noop("%(to)s declines the direction."), to=_name(transfer))
    return transfer


def _may_answer(transfer: Transfer, by: Person) -> None:
    access = access_of(by)
    if not (access.holds(Permission.VIEW) and access.sees(transfer.audiences)):
        raise NotFound
    asked = PREFECTURE in access.audiences if transfer.to_prefect else transfer.to_person_id == by.id
    if not (asked and access.holds(Permission.TAKE_OVER)):
        raise NotAllowed(permission=str(Permission.TAKE_OVER), object=str(transfer.cell_id))


def _pass_on(change: Change, transfer: Transfer) -> None:
    cell = change.cell
    before = {"before": cell.direction, "director_before": cell.director_id, "reason": transfer.reason}
    message = gettext_noop("Direction of operations taken over by %(to)s.")
    act_line(change, LineKind.DECISION, message, to=_name(transfer))
    cell.direction = Direction.PREFECT if transfer.to_prefect else Direction.CELL
    if transfer.to_person is not None and transfer.to_person_id != cell.director_id:
        _seat(change, transfer.to_person)
    change.done(DirectionChanged, **before)


def _seat(change: Change, person: Person) -> None:
    """The new director takes the seat; whoever leaves it goes on beside, unless they hold another function already."""
    cell, before = change.cell, change.cell.director
    cell.director = person
    running = Member.objects.select_related("person").filter(cell=cell, ended_at=None)
    enrol(change, Function.OPERATIONS_DIRECTOR, person=person, state=MemberState.PRESENT, why="transfer")
    for member in running.filter(person=before, function=Function.OPERATIONS_DIRECTOR):
        end(change, member, "transfer")
    if not running.filter(person=before).exists():
        communal = cell.plan.kind == Plan.Kind.COMMUNAL
        beside = Function.MUNICIPAL_ACTIONS_LEAD if communal else Function.INTERMUNICIPAL_COORDINATOR
        enrol(change, beside, person=before, state=MemberState.PRESENT, why="transfer")
    name_by_functions(change, before)
