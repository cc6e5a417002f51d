"""Cells: list, open, look at one, lead it."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from access.api.base import Call, View, endpoint
from access.api.serializers import NoQuery
from crisis import rows, selectors, services
from crisis.api import bodies
from crisis.api import paper_bodies as papers
from crisis.api import serializers as shapes
from crisis.api.details import detail_of, plan_detail, plan_shape
from crisis.models import Cell
from crisis.permissions import Permission
from journal.api.answers import answer
from journal.idempotency import Answer


def cell_answer(cell: Cell, *, status: int = 200) -> Answer:
    """A cell's row, with its version as ETag."""
    return answer(rows.cell_row(cell), status=status, ETag=f'"{cell.version}"')


class CellsQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`closed`: those that are closed as well."""

    closed: bool = False
    limit: Annotated[int, Meta(ge=1, le=200)] = 100


class CellsView(View):
    @endpoint("Cells I may see, newest first", right=Permission.VIEW, query=CellsQuery, answer=shapes.CellsShape)
    def get(self, call: Call) -> Answer:
        asked = call.query(CellsQuery)
        found = selectors.visible(call.access)
        if not asked.closed:
            found = found.filter(closed_at=None)
        cells = [rows.cell_row(one) for one in found.order_by("-opened_at", "-id")[: asked.limit]]
        proposed = [rows.suggestion_row(one) for one in selectors.proposals(call.access)]
        offered = [shapes.offer_shape(one) for one in selectors.offers(person=call.by, access=call.access)]
        return answer(shapes.CellsShape(cells, proposed, offered))

    @endpoint("Open a cell", right=Permission.OPEN, body=bodies.OpenBody, answer=rows.CellRow, status=201)
    def post(self, call: Call) -> Answer:
        return cell_answer(services.open_cell(by=call.by, opening=call.body(bodies.OpenBody).opening()), status=201)


class CellView(View):
    @endpoint("One cell with all that its page shows", right=Permission.VIEW, answer=shapes.CellDetail)
    def get(self, call: Call, cell_id: UUID) -> Answer:
        call.query(NoQuery)
        cell = selectors.get(cell_id=cell_id, access=call.access)
        found = detail_of(cell=cell, access=call.access, person=call.by)
        return answer(found, ETag=f'"{cell.version}"')


class LevelView(View):
    @endpoint(
        "Bring it to another level",
        right=Permission.DECIDE,
        body=bodies.LevelBody,
        answer=rows.CellRow,
        versioned=True,
    )
    def post(self, call: Call, cell_id: UUID) -> Answer:
        version, body = call.version, call.body(bodies.LevelBody)
        return cell_answer(
            services.set_level(cell_id=cell_id, by=call.by, level=body.level, reason=body.reason, version=version)
        )


class BriefingView(View):
    @endpoint(
        "Set the rhythm of briefings",
        right=Permission.DECIDE,
        body=bodies.BriefingBody,
        answer=rows.CellRow,
        versioned=True,
    )
    def post(self, call: Call, cell_id: UUID) -> Answer:
        version, body = call.version, call.body(bodies.BriefingBody)
        return cell_answer(
            services.set_briefing(cell_id=cell_id, by=call.by, every=body.every, next_at=body.next_at, version=version)
        )


class PlansView(View):
    @endpoint("The plans", right=Permission.VIEW, answer=shapes.PlansShape)
    def get(self, call: Call) -> Answer:
        call.query(NoQuery)
        return answer(shapes.PlansShape([plan_shape(one) for one in selectors.plans()]))


class PlanView(View):
    """Contacts have telephone numbers: for those who may write in a cell."""

    @endpoint("A plan with its cards, contacts and sensitive sites", right=Permission.LOG, answer=shapes.PlanDetail)
    def get(self, call: Call, key: str) -> Answer:
        call.query(NoQuery)
        return answer(plan_detail(selectors.plan(key)))


class ProposalsView(View):
    @endpoint(
        "Propose a cell because of an incident",
        right=Permission.LOG,
        body=papers.ProposalBody,
        answer=rows.SuggestionRow,
        status=201,
    )
    def post(self, call: Call) -> Answer:
        made = services.propose_for(by=call.by, **msgspec.structs.asdict(call.body(papers.ProposalBody)))
        return answer(rows.suggestion_row(made), status=201)


class ColoursView(View):
    """Answers with what is suggested to cells in sight, and proposed."""

    @endpoint(
        "Pass on a colour of the weather or flood service",
        right=Permission.LOG,
        body=papers.ColourBody,
        answer=shapes.SuggestionsShape,
        status=201,
    )
    def post(self, call: Call) -> Answer:
        made = services.pass_on(by=call.by, **msgspec.structs.asdict(call.body(papers.ColourBody)))
        seen = [rows.suggestion_row(one) for one in made if call.access.sees(one.audiences)]
        return answer(shapes.SuggestionsShape(seen), status=201)


class SetAsideView(View):
    @endpoint(
        "A suggestion that is not followed",
        right=Permission.VIEW,
        body=bodies.NothingBody,
        answer=rows.SuggestionRow,
    )
    def post(self, call: Call, suggestion_id: UUID) -> Answer:
        call.body(bodies.NothingBody)
        return answer(rows.suggestion_row(services.set_aside(suggestion_id=suggestion_id, by=call.by)))
