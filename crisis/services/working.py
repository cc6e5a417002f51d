"""Actions: who does what by when; late ones are told about; action cards come in whole or in part, frozen."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.models import Person
from crisis.events import ActionAdded, ActionChanged, ActionLate, CardInjected
from crisis.functions import Function
from crisis.models import Action, ActionCard, Decision, Member
from crisis.rows import action_row
from crisis.services.acting import Change, acting, by_itself, choice, in_post, words
from crisis.services.logging import act_line, event_time
from crisis.telling import tell
from crisis.workflow import OPEN_ACTIONS, ActionState, LineKind
from journal.errors import Conflict, Invalid, NotFound, Stale, WrongState
from notifications import timers
from notifications.models import Timer

LATE_TIMER = "crisis.action_due"
THEN_THE_DIRECTOR = timedelta(minutes=10)


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done: `owner` a member of the cell, or `owner_name` a crew or somebody without an account.
    `occurred_at`: when it was said, for what was written without network."""

    text: str
    function: str
    owner: UUID | None = None
    owner_name: str = ""
    due_at: datetime | None = None
    occurred_at: datetime | None = None


def act(*, cell_id: UUID, by: Person, task: Task, decision_id: UUID | None = None) -> Action:
    """Put an action on the board, of a decision if told. Raises NotFound, NotAllowed, WrongState, Invalid."""
    with acting("act", cell_id=cell_id, by=by) as change:
        decision = Decision.objects.filter(cell=change.cell, id=decision_id).first() if decision_id else None
        if decision_id is not None and decision is None:
            raise Invalid(errors={"decision": [_("No such decision in this cell.")]})
        return add(change, task, decision=decision)


def add(change: Change, task: Task, *, decision: Decision | None = None, quiet: bool = False, **card: Any) -> Action:
    """Inside a change: the next action, its line in the log unless `quiet`, and its timer."""
    action = Action(
        cell=change.cell,
        number=change.count("last_action"),
        function=choice(task.function, Function.values, name="function"),
        text=words(task.text, name="text"),
        owner=_owner(change, task.owner),
        owner_name=words(task.owner_name, name="owner_name", needed=False, limit=120),
        due_at=_due(task.due_at),
        decision=decision,
        by=change.person,
        at=event_time(task.occurred_at, change.now),
        **card,
    )
    action.save(force_insert=True)
    change.tell(ActionAdded(action=action_row(action)))
    if not quiet:
        said: dict[str, Any] = {"text": action.text, "occurred_at": action.at}
        act_line(change, LineKind.ACTION, gettext_noop("To do: %(text)s"), action, **said)
    _watch(change, action)
    return action


def _owner(change: Change, person_id: UUID | None) -> Person | None:
    if person_id is None:
        return None
    members = Member.objects.select_related("person").filter(cell=change.cell, person=person_id, ended_at=None)
    member = members.exclude(function="").first()
    if member is None:
        raise Invalid(errors={"owner": [_("Nobody of this cell.")]})
    return member.person


def _due(at: datetime | None) -> datetime | None:
    if at is not None and at.tzinfo is None:
        raise Invalid(errors={"due_at": [_("Give the time with its zone.")]})
    return at


def _watch(change: Change, action: Action) -> None:
    key = f"{LATE_TIMER}:{action.id}"
    if action.due_at is None or action.state not in OPEN_ACTIONS:
        timers.cancel(key=key)
    else:
        timers.start(kind=LATE_TIMER, key=key, due_at=action.due_at, about=change.cell.id, step=1)


def advance(
    *,
    cell_id: UUID,
    by: Person,
    action_id: UUID,
    version: int | None = None,
    state: str | None = None,
    progress: str | None = None,
    owner: UUID | msgspec.UnsetType | None = msgspec.UNSET,
    owner_name: str | None = None,
    due_at: datetime | msgspec.UnsetType | None = msgspec.UNSET,
) -> Action:
    """Change what is given: state, progress in words, owner, due time. An ended action can be taken up again."""
    with acting("advance", cell_id=cell_id, by=by) as change:
        action = _action(change, action_id)
        if version is not None and action.version != version:
            raise Stale(current=action_row(action))
        if progress is not None:
            action.progress = words(progress, name="progress", needed=False, limit=200)
        if owner is not msgspec.UNSET:
            action.owner = _owner(change, owner)
        if owner_name is not None:
            action.owner_name = words(owner_name, name="owner_name", needed=False, limit=120)
        if due_at is not msgspec.UNSET:
            action.due_at, action.late_told_at = _due(due_at), None
        if state is not None:
            _turn(change, action, state)
        _save(change, action)
        _watch(change, action)
        return action


def drop(change: Change, action: Action) -> None:
    """Inside a change: an open action is to be done no more."""
    if action.state in OPEN_ACTIONS:
        _turn(change, action, ActionState.DROPPED)
        _save(change, action)
        _watch(change, action)


def _turn(change: Change, action: Action, state: str) -> None:
    choice(state, ActionState.values, name="state")
    if state == action.state:
        raise WrongState(_("It is so already."), status=action.state)
    ended = state not in OPEN_ACTIONS
    action.state, action.ended_at = state, change.now if ended else None
    messages = {
        ActionState.TODO: gettext_noop("To be done again: %(text)s"),
        ActionState.DOING: gettext_noop("Under way: %(text)s"),
        ActionState.DONE: gettext_noop("Done: %(text)s"),
        ActionState.DROPPED: gettext_noop("Dropped: %(text)s"),
    }
    act_line(change, LineKind.ACTION, messages[ActionState(state)], action, text=action.text)


def _save(change: Change, action: Action) -> None:
    action.version += 1
    action.save(force_update=True)
    change.tell(ActionChanged(action=action_row(action)))


def _action(change: Change, action_id: UUID) -> Action:
    found = Action.objects.select_related("owner").filter(cell=change.cell, id=action_id).first()
    if found is None:
        raise NotFound
    return found


def inject(*, cell_id: UUID, by: Person, card: str, items: Collection[str] | None = None) -> list[Action]:
    """Take an action card into the cell, whole or the named items of it: each becomes an action as it reads today.
    Items that are there already stay as they are. Raises Invalid for a card or item that does not exist, Conflict when
    nothing is left to add."""
    with acting("inject", cell_id=cell_id, by=by) as change:
        found = ActionCard.objects.filter(key=card, active=True, theme__in=("", change.cell.plan.theme)).first()
        if found is None:
            raise Invalid(errors={"card": [_("No such action card for this plan.")]})
        known = {item["key"]: item for item in found.items}
        wanted = list(known) if items is None else [*dict.fromkeys(items)]
        if not set(wanted) <= known.keys():
            raise Invalid(errors={"items": [_("No such item on this card.")]})
        there = Action.objects.filter(cell=change.cell, card=card).exclude(state=ActionState.DROPPED)
        fresh = [key for key in wanted if key not in set(there.values_list("card_item", flat=True))]
        if not fresh:
            raise Conflict(_("These items are on the board already."))
        return _inject(change, found, [known[key] for key in fresh])


def _inject(change: Change, card: ActionCard, items: Sequence[dict[str, Any]]) -> list[Action]:
    made = []
    for item in items:
        due = change.now + timedelta(minutes=item["minutes"]) if item.get("minutes") else None
        task = Task(text=item["text_fr"], function=card.function, due_at=due)
        origin = {"card": card.key, "card_version": card.version, "card_item": item["key"]}
        made.append(add(change, task, quiet=True, **origin))
    change.tell(CardInjected(card=card.key, version=card.version, items=[item["key"] for item in items]))
    message = gettext_noop("Action card “%(card)s”: %(count)s actions.")
    act_line(change, LineKind.ACTION, message, card=card.label_fr, count=len(made))
    return made


@timers.on(LATE_TIMER)
def action_is_due(timer: Timer) -> None:
    """First its owner, or all who hold its function, are told; ten minutes later the director."""
    if timer.about is None:
        return
    step = int(timer.data.get("step", 1))
    with by_itself(timer.about) as change:
        action = _action(change, UUID(timer.key.split(":")[1]))
        waiting = action.due_at is None or action.due_at > change.now
        if waiting or action.state not in OPEN_ACTIONS or change.cell.closed_at is not None:
            return
        if action.late_told_at is None:
            action.late_told_at = change.now
            action.version += 1
            action.save(update_fields=["late_told_at", "version"])
        change.tell(ActionLate(action=action_row(action), step=step))
        _tell_late(change, action, step)
        if step == 1:
            key = f"{LATE_TIMER}:{action.id}:2"
            timers.start(kind=LATE_TIMER, key=key, after=THEN_THE_DIRECTOR, about=change.cell.id, step=2)


def _tell_late(change: Change, action: Action, step: int) -> None:
    if step > 1:
        people = [change.cell.director]
    elif action.owner is not None:
        people = [action.owner]
    else:
        holders = Member.objects.select_related("person").filter(
            cell=change.cell, ended_at=None, function=action.function
        )
        people = [member.person for member in holders if member.person is not None]
    subject = in_post(gettext_noop("Late: %(number)s %(text)s"), number=action.reference, text=action.text)
    due = f"{action.due_at:%Y-%m-%dT%H:%MZ}" if action.due_at else ""
    key = f"crisis.late:{action.id}:{step}:{due}"
    tell(people, cell=change.cell, subject=subject[:160], body=action.text, urgency="urgent", key=key)
