"""Suggestions: an escalation, a weather or flood colour, or somebody proposes a level, or a cell. They decide nothing."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from access.models import Person
from access.roles import AUDIT
from access.selectors import access_of
from access.services import require as require_duty
from access.services import require_anywhere
from crisis.events import Suggested, SuggestionSettled
from crisis.models import Cell, Plan, Suggestion
from crisis.permissions import Permission
from crisis.rows import suggestion_row
from crisis.services.acting import Change, acting, choice, clock, words
from crisis.workflow import OPENS_AT, Level
from incidents import selectors as incidents
from incidents.models import Incident
from incidents.workflow import OPEN
from journal.errors import Conflict, Invalid, NotFound, WrongState
from journal.services import writing

SOURCES = ("escalation", "weather", "flood", "somebody")
# Category (or its branch) → the plan that fits; anything else: the metropolis's own.
PLAN_FOR = {
    "crisis.major_flood": "flood",
    "crisis.industrial_accident": "industrial",
    "crisis.cyber": "cyber",
    "crisis.large_event": "gathering",
    "hazard": "industrial",
    "weather.flooding": "flood",
    "weather.heat": "heat",
    "weather.storm_damage": "pics",
    "weather": "snow",
    "mobility": "transport",
}
FALLBACK = "pics"


def propose_cell(
    *, by: Person | None, source: str, why: str, level: str, plan: Plan | None = None, incident: Incident | None = None
) -> Suggestion:
    """Propose that a cell be opened: shown to those whose duty may open one there. `by` None: the house itself."""
    with writing(by) as record:
        suggestion = Suggestion(
            plan=plan,
            level=choice(level, [*OPENS_AT], name="level"),
            source=choice(source, SOURCES, name="source"),
            why=words(why, name="why"),
            incident=incident,
            at=clock(),
            audiences=_openers(plan, incident),
        )
        suggestion.save(force_insert=True)
        record(Suggested(suggestion=suggestion_row(suggestion)), about=suggestion)
        return suggestion


def propose_about(*, by: Person | None, source: str, why: str, incident: Incident, category: str) -> Suggestion:
    """Propose a cell because of an incident, under the plan that fits its category."""
    key = PLAN_FOR.get(category) or PLAN_FOR.get(category.partition(".")[0]) or FALLBACK
    plan = Plan.objects.filter(key=key, active=True).first()
    level = Level.ALERT if plan is None or Level.ALERT in plan.levels else Level.CRISIS
    return propose_cell(by=by, source=source, why=why, level=level, plan=plan, incident=incident)


def propose_for(*, by: Person, incident: UUID, why: str) -> Suggestion:
    """Somebody who sees an open incident thinks that a cell is due. Raises NotAllowed, Invalid, WrongState, Conflict
    when one is proposed already."""
    with writing(by):
        access = access_of(by)
        require_anywhere(access, Permission.LOG)
        seen = incidents.visible(access).select_related("category").select_for_update(of=("self",))
        about = seen.filter(id=incident).first()
        if about is None:
            raise Invalid(errors={"incident": [_("No such incident.")]})
        if about.status not in OPEN:
            raise WrongState(act="propose", status=about.status, allowed_from=[str(status) for status in OPEN])
        if Suggestion.objects.filter(incident=about, settled_at=None).exists():
            raise Conflict(_("A cell is proposed for this incident already."))
        return propose_about(by=by, source="somebody", why=why, incident=about, category=about.category.key)


def _openers(plan: Plan | None, incident: Incident | None) -> list[str]:
    """Who sees a proposal: who sees its incident; without one, the whole post, and the commune when it is a commune's."""
    if incident is not None:
        return sorted({*incident.audiences, AUDIT} - {"public"})
    return ["post", *([f"commune:{plan.commune_id}"] if plan and plan.commune_id else [])]


def suggest_level(*, cell: Cell, source: str, why: str, level: str, by: Person | None = None) -> Suggestion:
    """Suggest a level to a cell that is open; an earlier suggestion of the same source is set aside. `by` None: the house
    itself."""
    with writing(by) as record:
        now = clock()
        for earlier in Suggestion.objects.filter(cell=cell, source=source, settled_at=None):
            settle(record, earlier, "set_aside", None, now)
        suggestion = Suggestion(
            cell=cell, level=choice(level, Level.values, name="level"), source=choice(source, SOURCES, name="source"),
            why=words(why, name="why"), at=now, audiences=cell.audiences,
        )  # fmt: skip
        suggestion.save(force_insert=True)
        record(Suggested(suggestion=suggestion_row(suggestion)), about=cell)
        return suggestion


def set_aside(*, suggestion_id: UUID, by: Person) -> Suggestion:
    """Somebody who might have followed it does not. Raises NotFound, NotAllowed, WrongState."""
    with writing(by) as record:
        suggestion = Suggestion.objects.select_for_update().filter(id=suggestion_id).first()
        if suggestion is None:
            raise NotFound
        if suggestion.cell_id is not None:
            with acting("level", cell_id=suggestion.cell_id, by=by):
                pass
        else:
            require_duty(access_of(by), Permission.OPEN, suggestion)
        if suggestion.settled_at is not None:
            raise WrongState(_("It was settled already."))
        settle(record, suggestion, "set_aside", by, clock())
        return suggestion


def settle_for(change: Change, suggestion_id: UUID | None) -> None:
    """Inside an opening: the proposal that led to it."""
    if suggestion_id is None:
        return
    waiting = Suggestion.objects.select_for_update().filter(id=suggestion_id, cell=None, settled_at=None)
    suggestion = waiting.first()
    if suggestion is None or not access_of(change.person).sees(suggestion.audiences):
        raise Invalid(errors={"suggestion": [_("No such proposal waiting.")]})
    settle(change.writer, suggestion, "opened", change.by, change.now)


def settle_levels(change: Change, level: str) -> None:
    """Inside a change of level: what was suggested is followed, or overtaken."""
    for suggestion in Suggestion.objects.filter(cell=change.cell, settled_at=None):
        outcome = "followed" if suggestion.level == level else "set_aside"
        settle(change.writer, suggestion, outcome, change.by, change.now)


def settle(record: Any, suggestion: Suggestion, outcome: str, by: Person | None, now: Any) -> None:
    """Inside a write: opened, followed or set_aside."""
    suggestion.settled_at, suggestion.settled_by, suggestion.outcome = now, by, outcome
    suggestion.save(update_fields=["settled_at", "settled_by", "outcome"])
    about = suggestion.cell or suggestion
    record(SuggestionSettled(suggestion=suggestion_row(suggestion)), about=about)
