"""One cell with all that its page shows, and plans, as JSON."""

import msgspec
from django.utils.translation import get_language

from access.models import Person
from access.selectors import Access
from crisis import papers, rows, selectors
from crisis.api import serializers as shapes
from crisis.models import ActionCard, Cell, Contact, Plan, PlanFunction, SensitiveSite
from crisis.templates import fitting
from crisis.workflow import Level
from incidents.rows import row_of
from journal.selectors import head

_ORDER = list(Level)


def detail_of(*, cell: Cell, access: Access, person: Person) -> shapes.CellDetail:
    """A dozen queries, whatever the cell's size. The cursor is read first: nothing that follows is missed."""
    cursor = str(head())
    members = list(selectors.members(cell))
    acts = selectors.allowed_by_level(access=access, person=person, cell=cell)
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
        zones=[papers.zone_row(one) for one in selectors.zones(cell)],
        reports=[papers.report_row(one) for one in selectors.reports(cell)],
        messages=[papers.message_row(one) for one in selectors.messages(cell)],
        sites=[site_shape(one) for one in selectors.sites()],
        incidents=[row_of(one) for one in selectors.incidents_of(cell, access)],
        linked_incidents=selectors.linked_incidents(cell),
        allowed=acts[cell.level],
        acts=acts,
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


def plan_detail(plan: Plan) -> shapes.PlanDetail:
    """A plan with its action cards, contacts and sensitive sites: three more queries."""
    sites = selectors.sites()
    if plan.commune_id is not None:
        sites = sites.filter(commune=plan.commune_id)
    return shapes.PlanDetail(
        **msgspec.structs.asdict(plan_shape(plan)),
        cards=[card_shape(one) for one in selectors.cards(plan)],
        templates=fitting(plan.theme),
        contacts=[_contact(one) for one in selectors.contacts(plan)],
        sites=[site_shape(one) for one in sites],
    )


def card_shape(card: ActionCard) -> shapes.CardShape:
    """In the reader's language."""
    text = "text_en" if (get_language() or "fr").startswith("en") else "text_fr"
    items = [shapes.CardItem(item["key"], item[text], item["minutes"]) for item in card.items]
    return shapes.CardShape(key=card.key, label=card.label, function=card.function, version=card.version, items=items)


def _contact(contact: Contact) -> shapes.ContactShape:
    names = ("key", "name", "role", "function", "phone", "email")
    return shapes.ContactShape(**{name: getattr(contact, name) for name in names})


def site_shape(site: SensitiveSite) -> shapes.SiteShape:
    names = ("key", "kind", "label", "lat", "lon", "people", "phone")
    return shapes.SiteShape(**{name: getattr(site, name) for name in names}, commune=site.commune_id)
