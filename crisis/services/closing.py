"""Closing: when nothing is left open, by name, with a reason."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from access.models import Person
from access.selectors import Access
from crisis import selectors
from crisis.events import Closed
from crisis.functions import GUEST
from crisis.models import Action, Cell, Loan, MeansRequest, Member, Transfer
from crisis.services import briefing
from crisis.services.acting import acting, label_in_post, words
from crisis.services.calling import end
from crisis.services.logging import act_line
from crisis.services.suggesting import settle_levels
from crisis.workflow import OPEN_ACTIONS, Level, LineKind
from journal.errors import Conflict
from notifications.models import Message

# Each says in sentences what is left open; empty: nothing.
Condition = Callable[[Cell], list[str]]
_CONDITIONS: list[Condition] = []


class NotYet(Conflict):
    """`extra["conditions"]`: what is left open, in sentences."""


def condition(found: Condition) -> Condition:
    """Register what must hold before a cell is closed. A room above (the prefecture's link) brings its own."""
    if found not in _CONDITIONS:
        _CONDITIONS.append(found)
    return found


def left_open(cell: Cell) -> list[str]:
    """Everything that stands against closing now, as sentences in the reader's language."""
    return [sentence for found in _CONDITIONS for sentence in found(cell)]


def conditions(*, cell_id: UUID, access: Access) -> list[str]:
    """What stands against closing a cell in sight. Raises NotFound."""
    return left_open(selectors.get(cell_id=cell_id, access=access))


def close(*, cell_id: UUID, by: Person, reason: str, version: int | None = None) -> Cell:
    """Close a cell. Its members keep reading it; nothing more is written but the after-action report. Raises NotFound,
    NotAllowed, Stale, WrongState, and NotYet with the conditions that do not hold."""
    with acting("close", cell_id=cell_id, by=by, version=version) as change:
        cell, reason = change.cell, words(reason, name="reason")
        against = left_open(cell)
        if against:
            raise NotYet(_("Something is left open."), conditions=against)
        for guest in Member.objects.select_related("person").filter(cell=cell, function=GUEST, ended_at=None):
            end(change, guest, "removed")
        told: dict[str, Any] = {"by": by.name, "reason": reason, "level": label_in_post(Level, cell.level)}
        act_line(
            change, LineKind.CLOSING, gettext_noop("Cell closed by %(by)s, from level “%(level)s”. %(reason)s"), **told
        )
        briefing.stop(change)
        settle_levels(change, Level.CLOSED)
        cell.level, cell.level_since, cell.level_by, cell.closed_at = Level.CLOSED, change.now, by, change.now
        return change.done(Closed, reason=reason)


@condition
def _actions(cell: Cell) -> list[str]:
    number = Action.objects.filter(cell=cell, state__in=OPEN_ACTIONS).count()
    return [ngettext("%(n)d action is open.", "%(n)d actions are open.", number) % {"n": number}] if number else []


@condition
def _loans(cell: Cell) -> list[str]:
    out = Loan.objects.filter(cell=cell, returned_at=None).select_related("lender")
    told = _("Not given back: %(quantity)d × %(what)s (%(lender)s).")
    return [told % {"quantity": one.quantity, "what": one.what, "lender": one.lender.name} for one in out]


@condition
def _requests(cell: Cell) -> list[str]:
    waiting = MeansRequest.objects.filter(cell=cell, state=MeansRequest.State.ASKED)
    return [_("Means asked for, without an answer: %(what)s.") % {"what": one.what} for one in waiting]


@condition
def _offers(cell: Cell) -> list[str]:
    waiting = Transfer.objects.filter(cell=cell, answered_at=None).exists()
    return [_("An offer of the direction waits for its answer.")] if waiting else []


@condition
def _messages(cell: Cell) -> list[str]:
    """Calls apart: who never answered a call is not waited for."""
    waiting = Message.objects.filter(about=cell.id, wants_ack=True, acknowledged_at=None).exclude(
        key__startswith="crisis.call:"
    )
    number = waiting.count()
    told = ngettext("%(n)d message is not acknowledged.", "%(n)d messages are not acknowledged.", number)
    return [told % {"n": number}] if number else []
