"""The register of decisions: authority, grounds, what was rejected, what follows, and whether it worked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.models import Person
from crisis.events import CheckDue, Decided, DecisionChecked
from crisis.models import Decision
from crisis.rows import decision_row
from crisis.services.acting import Change, acting, by_itself, in_post, words
from crisis.services.logging import act_line, event_time
from crisis.services.working import Task, add
from crisis.telling import tell
from crisis.workflow import Direction, LineKind
from journal.errors import Invalid, NotFound, Stale, WrongState
from notifications import timers
from notifications.models import Timer

GROUNDS_LIMIT = 2000
TASKS_LIMIT = 20
CHECK_TIMER = "crisis.check_due"


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """What is decided. `check_due`: when its outcome is to be looked at; `actions`: what follows from it; `occurred_at`:
    when it was decided, for what was written without network."""

    what: str
    grounds: str
    authority: str = ""
    rejected: str = ""
    check_due: datetime | None = None
    actions: Sequence[Task] = ()
    occurred_at: datetime | None = None


def decide(*, cell_id: UUID, by: Person, ruling: Ruling) -> Decision:
    """Enter a decision with its actions. No authority given: the direction of operations."""
    with acting("decide", cell_id=cell_id, by=by) as change:
        if len(ruling.actions) > TASKS_LIMIT:
            raise Invalid(errors={"actions": [_("At most %(limit)d.") % {"limit": TASKS_LIMIT}]})
        decision = enter(change, ruling)
        for task in ruling.actions:
            add(change, task, decision=decision)
        return decision


def enter(change: Change, ruling: Ruling) -> Decision:
    """Inside a change: the next decision and its line in the log."""
    if ruling.check_due is not None and (ruling.check_due.tzinfo is None or ruling.check_due < change.now):
        raise Invalid(errors={"check_due": [_("A time still to come, with its zone.")]})
    authority = words(ruling.authority, name="authority", needed=False, limit=160)
    decision = Decision(
        cell=change.cell,
        number=change.count("last_decision"),
        what=words(ruling.what, name="what"),
        authority=authority or _authority(change),
        by=change.person,
        grounds=words(ruling.grounds, name="grounds", limit=GROUNDS_LIMIT),
        rejected=words(ruling.rejected, name="rejected", needed=False, limit=GROUNDS_LIMIT),
        at=event_time(ruling.occurred_at, change.now),
        check_due=ruling.check_due,
    )
    decision.save(force_insert=True)
    message = gettext_noop("Decided: %(what)s (%(authority)s)")
    told: dict[str, Any] = {"what": decision.what, "authority": decision.authority, "occurred_at": decision.at}
    decision.line = act_line(change, LineKind.DECISION, message, decision, **told)
    decision.save(update_fields=["line"])
    change.tell(Decided(decision=decision_row(decision)))
    if decision.check_due is not None:
        timers.start(
            kind=CHECK_TIMER, key=f"{CHECK_TIMER}:{decision.id}", due_at=decision.check_due, about=change.cell.id
        )
    return decision


def _authority(change: Change) -> str:
    prefect = change.cell.direction == Direction.PREFECT
    return in_post(gettext_noop("Prefect") if prefect else gettext_noop("Direction of operations"))


def check(
    *, cell_id: UUID, by: Person, decision_id: UUID, achieved: bool, outcome: str, version: int | None = None
) -> Decision:
    """Say whether a decision did what it was meant to. Once: what changes afterwards is another decision."""
    with acting("check", cell_id=cell_id, by=by) as change:
        decision = _decision(change, decision_id)
        if version is not None and decision.version != version:
            raise Stale(current=decision_row(decision))
        if decision.checked_at is not None:
            raise WrongState(_("Its outcome was checked already."))
        decision.outcome, decision.achieved = words(outcome, name="outcome", limit=GROUNDS_LIMIT), achieved
        decision.checked_at, decision.checked_by = change.now, by
        decision.version += 1
        decision.save(force_update=True)
        change.tell(DecisionChecked(decision=decision_row(decision)))
        good, bad = gettext_noop("Outcome: achieved. %(outcome)s"), gettext_noop("Outcome: not achieved. %(outcome)s")
        act_line(change, LineKind.DECISION, good if achieved else bad, decision, outcome=decision.outcome)
        timers.cancel(key=f"{CHECK_TIMER}:{decision.id}")
        return decision


def _decision(change: Change, decision_id: UUID) -> Decision:
    found = Decision.objects.select_related("by").filter(cell=change.cell, id=decision_id).first()
    if found is None:
        raise NotFound
    return found


@timers.on(CHECK_TIMER)
def check_is_due(timer: Timer) -> None:
    if timer.about is None:
        return
    with by_itself(timer.about) as change:
        decision = _decision(change, UUID(timer.key.partition(":")[2]))
        if decision.checked_at is not None or change.cell.closed_at is not None:
            return
        change.tell(CheckDue(decision=decision_row(decision)))
        subject = in_post(gettext_noop("Check the outcome of %(number)s"), number=decision.reference)
        tell([decision.by], cell=change.cell, subject=subject, body=decision.what, urgency="normal",
             key=f"crisis.check:{decision.id}")  # fmt: skip
