"""Levels: decided by a named person, with a reason; whatever colour suggested them."""

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.models import Person
from crisis import workflow
from crisis.events import LevelChanged
from crisis.models import Cell
from crisis.services.acting import acting, choice, directs, in_post, label_in_post, words
from crisis.services.deciding import Ruling, enter
from crisis.services.logging import act_line
from crisis.services.suggesting import settle_levels
from crisis.workflow import Level, LineKind
from journal.errors import Invalid


def set_level(*, cell_id: UUID, by: Person, level: str, reason: str, version: int | None = None) -> Cell:
    """Bring the cell to another level. It is a decision, and enters the register with the reason as its grounds.
    Raises NotFound, NotAllowed, Stale, WrongState, Invalid for a level the plan does not have."""
    with acting("level", cell_id=cell_id, by=by, version=version) as change:
        cell = change.cell
        choice(level, Level.values, name="level")
        if level == Level.CLOSED:
            raise Invalid(errors={"level": [_("Closing is an act of its own.")]})
        workflow.check_level(cell, level)
        if level not in cell.plan.levels:
            raise Invalid(errors={"level": [_("This plan does not have that level.")]})
        reason, before = words(reason, name="reason"), cell.level
        what = in_post(gettext_noop("Bring the cell to level “%(level)s”"), level=label_in_post(Level, level))
        decision = enter(change, Ruling(what=what, grounds=reason))
        message = gettext_noop(
            "Level changed from “%(before)s” to “%(after)s” by %(by)s; director: %(director)s. %(reason)s"
        )
        act_line(
            change, LineKind.LEVEL, message, decision, before=label_in_post(Level, before), after=label_in_post(Level, level), by=by.name,
            director=directs(cell), reason=reason,
        )  # fmt: skip
        cell.level, cell.level_since, cell.level_by = level, change.now, by
        settle_levels(change, level)
        return change.done(LevelChanged, before=before, reason=reason)
