"""One cell with all that its page shows, and plans, as JSON."""

from access.models import Person
from access.selectors import Access
from crisis import rows, selectors
from crisis.api import serializers as shapes
from crisis.models import Cell, Plan, PlanFunction
from crisis.workflow import Level
from incidents.rows import row_of
from journal.selectors import head

_ORDER = list(Level)


def detail_of(*, cell: Cell, access: Access, person: Person) -> shapes.CellDetail:
    """A dozen queries, whatever the cell's size. The cursor is read first: nothing that follows is missed."""
    cursor = str(head())
    members = list(selectors.members(cell))
    plan = selectors.plans().get(key=cell.plan_id)
    return shapes.CellDetail(
        cell=rows.cell_row(cell),
        plan=plan_shape(plan),
        cursor=cursor,
        members=[rows.member_row(one) for one in members],
        missing=_missing(cell, list(plan.functions.all()), {one.function for one in members if one.ended_at is None}),
        lines=[rows.line_row(one) for one in selectors.lines(cell=cell)],
        decisions=[rows.decision_row(one) for one in selectors.decisions(cell)],
        actions=[rows.action_row(one) for one in selectors.actions(cell)],
        loans=[rows.loan_row(one) for one in selectors.loans(cell)],
        requests=[rows.request_row(one) for one in selectors.requests(cell)],
        transfers=[rows.transfer_row(one) for one in selectors.transfers(cell)],
        suggestions=[rows.suggestion_row(one) for one in selectors.suggestions(cell)],
        incidents=[row_of(one) for one in selectors.incidents_of(cell, access)],
        linked_incidents=selectors.linked_incidents(cell),
        allowed=selectors.allowed(access=access, person=person, cell=cell),
    )


def _missing(cell: Cell, foreseen: list[PlanFunction], held: set[str]) -> list[shapes.MissingShape]:
    """Functions required at the present level that nobody holds. In recovery and after, none is required any more."""
    if cell.level not in _ORDER[: _ORDER.index(Level.RECOVERY)]:
        return []
    reached = set(_ORDER[: _ORDER.index(Level(cell.level)) + 1])
    return [
        shapes.MissingShape(one.function, one.required_from)
        for one in foreseen
        if one.required_from in reached and one.function not in held
    ]


def plan_shape(plan: Plan) -> shapes.PlanShape:
    """Load with `prefetch_related("functions")`."""
    functions = [
        shapes.FunctionShape(one.function, str(one.get_function_display()), one.required_from)
        for one in plan.functions.all()
    ]
    return shapes.PlanShape(
        key=plan.key, kind=plan.kind, theme=plan.theme, label=plan.label, label_fr=plan.label_fr,
        label_en=plan.label_en, commune=plan.commune_id, levels=plan.levels,
        briefing_minutes=plan.briefing_minutes, functions=functions,
    )  # fmt: skip
