"""People: called into functions, their answers, guests for a while, and the end of it. Rights follow the functions."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.models import Person
from access.selectors import access_of
from access.services import name_on
from crisis.events import MemberChanged
from crisis.functions import GUEST, Function, rights_of
from crisis.models import Cell, Member
from crisis.permissions import Permission
from crisis.rows import MemberRow, member_row
from crisis.services.acting import Change, acting, by_itself, choice, in_post, label_in_post, words
from crisis.services.logging import act_line
from crisis.telling import heard, tell
from crisis.workflow import ANSWERS, Level, LineKind, MemberState
from journal.errors import Conflict, Invalid, NotFound, Stale, WrongState
from notifications import acks, timers
from notifications.models import Message, Timer

GUEST_LIMIT = timedelta(days=7)
LONGEST_WAY = 24 * 60  # minutes
GUEST_TIMER = "crisis.guest_until"
CALL = "crisis.call"


def call(*, cell_id: UUID, by: Person, function: str, person: UUID | None = None, name: str = "") -> Member:
    """Call somebody into a function: `person`, who is told through every channel and named on the cell at once; or
    `name`, somebody without an account. Raises NotFound, NotAllowed, WrongState, Conflict, Invalid."""
    with acting("call", cell_id=cell_id, by=by) as change:
        choice(function, Function.values, name="function")
        if function == Function.OPERATIONS_DIRECTOR:
            raise Invalid(errors={"function": [_("Direction is handed over, see the transfer of direction.")]})
        if person is None:
            return enrol(change, function, name=words(name, name="name", limit=120), state=MemberState.PRESENT)
        return enrol(change, function, person=candidate(person), why="called")


def invite(*, cell_id: UUID, by: Person, person: UUID, until: datetime) -> Member:
    """Let somebody look in until a time, at most a week ahead; then it ends by itself."""
    with acting("invite", cell_id=cell_id, by=by) as change:
        if until.tzinfo is None or not change.now < until <= change.now + GUEST_LIMIT:
            raise Invalid(errors={"until": [_("A time within the next seven days.")]})
        member = enrol(change, GUEST, person=candidate(person), why="invited", until=until)
        timers.start(kind=GUEST_TIMER, key=f"{GUEST_TIMER}:{member.id}", due_at=until, about=change.cell.id)
        return member


def candidate(person_id: UUID) -> Person:
    """Somebody whose duties let them into a cell at all. Raises Invalid."""
    person = Person.objects.filter(id=person_id, is_active=True).first()
    if person is None or not access_of(person).holds(Permission.VIEW):
        raise Invalid(errors={"person": [_("This person has no duty that opens a crisis cell.")]})
    return person


def enrol(
    change: Change,
    function: str,
    *,
    person: Person | None = None,
    name: str = "",
    state: str = MemberState.CALLED,
    why: str = "called",
    until: datetime | None = None,
) -> Member:
    """Inside a change: somebody takes part from now on. Raises Conflict when they hold that function already."""
    running = Member.objects.filter(cell=change.cell, function=function, ended_at=None)
    if person is not None and running.filter(person=person).exists():
        raise Conflict(_("This person holds that function already."))
    member = Member(
        cell=change.cell, person=person, name=name, function=function, state=state, until=until,
        called_at=change.now, called_by=change.person,
    )  # fmt: skip
    member.save(force_insert=True)
    if person is not None:
        name_by_functions(change, person)
    called, there = gettext_noop("%(who)s is called: %(function)s."), gettext_noop("%(who)s takes part: %(function)s.")
    _write(change, member, why, called if member.state == MemberState.CALLED else there)
    if member.state == MemberState.CALLED and person is not None:
        _ring(change.cell, member, person)
    return member


def name_by_functions(change: Change, person: Person) -> None:
    """Bring guardian's grants in line with the functions held now."""
    held = Member.objects.filter(cell=change.cell, person=person, ended_at=None).values_list("function", flat=True)
    name_on(person=person, permissions=rights_of(set(held)), about=change.cell, by=change.by)


def _ring(cell: Cell, member: Member, person: Person) -> None:
    subject = in_post(gettext_noop("Crisis cell %(title)s: you are called"), title=cell.title)
    level = label_in_post(Level, cell.level)
    ask = gettext_noop("Function: %(function)s. Level: %(level)s. Say whether you are coming and in how many minutes.")
    body = in_post(ask, function=_title(member), level=level)
    tell([person], cell=cell, subject=subject, body=body, urgency="vital", key=f"{CALL}:{member.id}", ack=True)


def answer(*, cell_id: UUID, by: Person, state: str, minutes: int | None = None, note: str = "") -> list[Member]:
    """Say for oneself: coming in so many minutes, present, remote, declined, or gone; in all one's functions."""
    with acting("answer", cell_id=cell_id, by=by) as change:
        choice(state, ANSWERS, name="state")
        if (minutes is not None) != (state == MemberState.COMING) or not 0 <= (minutes or 0) <= LONGEST_WAY:
            raise Invalid(errors={"minutes": [_("Give minutes, up to a day, when coming and only then.")]})
        note = words(note, name="note", needed=False, limit=200)
        mine = list(_members(change).filter(person=by))
        if not mine:  # an auditor is no member
            raise NotFound
        heard(by, *(f"{CALL}:{member.id}" for member in mine))
        for member in mine:
            member.state, member.note, member.answered_at = state, note, change.now
            member.expected_at = change.now + timedelta(minutes=minutes) if minutes is not None else None
            _save(change, member, "answered")
        return mine


def remove(*, cell_id: UUID, by: Person, member_id: UUID, version: int | None = None) -> Member:
    """End somebody's part; their screens close within seconds. The director is changed by transfer alone."""
    with acting("remove", cell_id=cell_id, by=by) as change:
        member = _members(change).filter(id=member_id).first()
        if member is None:
            raise NotFound
        if version is not None and member.version != version:
            raise Stale(current=member_row(member))
        if member.function == Function.OPERATIONS_DIRECTOR and member.person_id == change.cell.director_id:
            raise WrongState(_("Direction is handed over, see the transfer of direction."))
        return end(change, member, "removed")


def end(change: Change, member: Member, why: str) -> Member:
    """Inside a change: somebody no longer holds a function; rights shrink to what the others give."""
    member.ended_at = change.now
    _write(change, member, why, gettext_noop("%(who)s no longer takes part: %(function)s."), save=True)
    if member.person is not None:
        name_by_functions(change, member.person)
    if why != "expired":  # a timer that fires is not called off from within itself
        timers.cancel(key=f"{GUEST_TIMER}:{member.id}")
    return member


@timers.on(GUEST_TIMER)
def guest_time_is_over(timer: Timer) -> None:
    if timer.about is None:
        return
    with by_itself(timer.about) as change:
        due = _members(change).filter(id=timer.key.partition(":")[2], until__lte=change.now)
        for member in due:
            end(change, member, "expired")


def _members(change: Change) -> QuerySet[Member]:
    return Member.objects.select_related("person").filter(cell=change.cell, ended_at=None)


def _recorded(member: Member) -> MemberRow:
    """The row as it enters the record: without the words of the answer, which stay where they can be erased."""
    return msgspec.structs.replace(member_row(member), note="")


def _save(change: Change, member: Member, why: str) -> None:
    member.version += 1
    member.save(force_update=True)
    change.tell(MemberChanged(member=_recorded(member), why=why))


def _write(change: Change, member: Member, why: str, message: str, *, save: bool = False) -> None:
    if save:
        _save(change, member, why)
    else:
        change.tell(MemberChanged(member=_recorded(member), why=why))
    who = member.person.name if member.person else member.name
    act_line(change, LineKind.MEMBER, message, who=who, function=_title(member))


def _title(member: Member) -> str:
    """The function's name in the post's own language."""
    return label_in_post(Function, member.function) or in_post(gettext_noop("guest"))


@acks.on(CALL, says=lambda message: _("Says that you are coming."))
def call_is_acknowledged(message: Message, by: Person) -> None:
    """By telephone or text message nobody asks how long it takes: they are coming."""
    found = (
        Member.objects.filter(id=message.key.partition(":")[2], ended_at=None).values_list("cell_id", flat=True).first()
    )
    if found is None:
        return
    with acting("answer", cell_id=found, by=by) as change:
        for member in _members(change).filter(person=by, state=MemberState.CALLED):
            member.state, member.answered_at = MemberState.COMING, change.now
            _save(change, member, "answered")
