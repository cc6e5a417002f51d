"""What is written and done in a cell: the log, decisions, actions, people, incidents."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta

from access.api.base import Call, View, endpoint
from access.api.serializers import NoQuery
from crisis import rows, selectors, services
from crisis.api import bodies
from crisis.api import serializers as shapes
from crisis.models import Cell
from crisis.permissions import Permission
from crisis.selectors import LineFilters
from journal.api.answers import answer
from journal.idempotency import Answer


class LinesQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lists take commas. `unverified`: less than probable; `corrected`: superseded lines and their corrections."""

    q: Annotated[str, Meta(max_length=200, pattern=bodies.NUL_FREE)] = ""
    kind: tuple[bodies.LineKind, ...] = ()
    function: tuple[bodies.Function, ...] = ()
    importance: tuple[bodies.Importance, ...] = ()
    unverified: bool = False
    corrected: bool = False
    mentions: bodies.Function | None = None
    refers_to: UUID | None = None
    incident: UUID | None = None
    since: bodies.Instant | None = None
    until: bodies.Instant | None = None
    after: bodies.Number | None = None
    before: bodies.Number | None = None
    limit: Annotated[int, Meta(ge=1, le=500)] = 100


class LinesView(View):
    @endpoint("The log, newest first", right=Permission.VIEW, query=LinesQuery, answer=shapes.LinesShape)
    def get(self, call: Call, cell_id: UUID) -> Answer:
        asked = call.query(LinesQuery)
        told = msgspec.structs.asdict(asked)
        limit = told.pop("limit")
        filters = LineFilters(**{**told, "mentions": asked.mentions or ""})
        cell = selectors.get(cell_id=cell_id, access=call.access)
        found = selectors.lines(cell=cell, filters=filters, limit=limit + 1)
        following = found[limit - 1].number if len(found) > limit else None
        return answer(shapes.LinesShape([rows.line_row(one) for one in found[:limit]], following))

    @endpoint("Write a line", right=Permission.LOG, body=bodies.LineBody, answer=rows.LineRow, status=201)
    def post(self, call: Call, cell_id: UUID) -> Answer:
        line = services.log(cell_id=cell_id, by=call.by, entry=call.body(bodies.LineBody).words())
        return answer(rows.line_row(line), status=201)


class CorrectionsView(View):
    @endpoint("Correct a line", right=Permission.LOG, body=bodies.SupersedeBody, answer=rows.LineRow, status=201)
    def post(self, call: Call, cell_id: UUID) -> Answer:
        body = call.body(bodies.SupersedeBody)
        line = services.supersede(cell_id=cell_id, by=call.by, number=body.number, entry=body.words())
        return answer(rows.line_row(line), status=201)


class DecisionsView(View):
    @endpoint("The register of decisions", right=Permission.VIEW, answer=shapes.DecisionsShape)
    def get(self, call: Call, cell_id: UUID) -> Answer:
        found = selectors.decisions(_cell(call, cell_id))
        return answer(shapes.DecisionsShape([rows.decision_row(one) for one in found]))

    @endpoint("Decide", right=Permission.DECIDE, body=bodies.DecideBody, answer=rows.DecisionRow, status=201)
    def post(self, call: Call, cell_id: UUID) -> Answer:
        decision = services.decide(cell_id=cell_id, by=call.by, ruling=call.body(bodies.DecideBody).ruling())
        return answer(rows.decision_row(decision), status=201)


class CheckView(View):
    @endpoint(
        "Say whether a decision worked",
        right=Permission.DECIDE,
        body=bodies.CheckBody,
        answer=rows.DecisionRow,
        versioned=True,
    )
    def post(self, call: Call, cell_id: UUID, decision_id: UUID) -> Answer:
        version, words = call.version, msgspec.structs.asdict(call.body(bodies.CheckBody))
        decision = services.check(cell_id=cell_id, by=call.by, decision_id=decision_id, version=version, **words)
        return answer(rows.decision_row(decision), ETag=f'"{decision.version}"')


class ActionsView(View):
    @endpoint("The action board", right=Permission.VIEW, answer=shapes.ActionsShape)
    def get(self, call: Call, cell_id: UUID) -> Answer:
        found = selectors.actions(_cell(call, cell_id))
        return answer(shapes.ActionsShape([rows.action_row(one) for one in found]))

    @endpoint(
        "Put an action on the board", right=Permission.LOG, body=bodies.ActBody, answer=rows.ActionRow, status=201
    )
    def post(self, call: Call, cell_id: UUID) -> Answer:
        body = call.body(bodies.ActBody)
        action = services.act(cell_id=cell_id, by=call.by, task=body.task(), decision_id=body.decision)
        return answer(rows.action_row(action), status=201)


class ActionView(View):
    @endpoint("Change an action", right=Permission.LOG, body=bodies.AdvanceBody, answer=rows.ActionRow, versioned=True)
    def post(self, call: Call, cell_id: UUID, action_id: UUID) -> Answer:
        version, told = call.version, msgspec.structs.asdict(call.body(bodies.AdvanceBody))
        given = {name: value for name, value in told.items() if value is not UNSET}
        action = services.advance(cell_id=cell_id, by=call.by, action_id=action_id, version=version, **given)
        return answer(rows.action_row(action), ETag=f'"{action.version}"')


class CardsView(View):
    @endpoint(
        "Take an action card into the cell",
        right=Permission.LOG,
        body=bodies.InjectBody,
        answer=shapes.ActionsShape,
        status=201,
    )
    def post(self, call: Call, cell_id: UUID) -> Answer:
        body = call.body(bodies.InjectBody)
        made = services.inject(cell_id=cell_id, by=call.by, card=body.card, items=body.items)
        return answer(shapes.ActionsShape([rows.action_row(one) for one in made]), status=201)


class MembersView(View):
    @endpoint("Who takes and took part", right=Permission.VIEW, answer=shapes.MembersShape)
    def get(self, call: Call, cell_id: UUID) -> Answer:
        found = selectors.members(_cell(call, cell_id))
        return answer(shapes.MembersShape([rows.member_row(one) for one in found]))

    @endpoint(
        "Call somebody into a function",
        right=Permission.MEMBERS,
        body=bodies.CallBody,
        answer=rows.MemberRow,
        status=201,
    )
    def post(self, call: Call, cell_id: UUID) -> Answer:
        words = msgspec.structs.asdict(call.body(bodies.CallBody))
        return answer(rows.member_row(services.call(cell_id=cell_id, by=call.by, **words)), status=201)


class GuestsView(View):
    @endpoint(
        "Let somebody look in for a while",
        right=Permission.MEMBERS,
        body=bodies.InviteBody,
        answer=rows.MemberRow,
        status=201,
    )
    def post(self, call: Call, cell_id: UUID) -> Answer:
        words = msgspec.structs.asdict(call.body(bodies.InviteBody))
        return answer(rows.member_row(services.invite(cell_id=cell_id, by=call.by, **words)), status=201)


class AnswerView(View):
    @endpoint(
        "Say that I am coming, there, or not", right=Permission.VIEW, body=bodies.AnswerBody, answer=shapes.MembersShape
    )
    def post(self, call: Call, cell_id: UUID) -> Answer:
        words = msgspec.structs.asdict(call.body(bodies.AnswerBody))
        mine = services.answer(cell_id=cell_id, by=call.by, **words)
        return answer(shapes.MembersShape([rows.member_row(one) for one in mine]))


class RemoveView(View):
    @endpoint(
        "End somebody's part", right=Permission.MEMBERS, body=bodies.NothingBody, answer=rows.MemberRow, versioned=True
    )
    def post(self, call: Call, cell_id: UUID, member_id: UUID) -> Answer:
        version = call.version
        call.body(bodies.NothingBody)
        member = services.remove(cell_id=cell_id, by=call.by, member_id=member_id, version=version)
        return answer(rows.member_row(member), ETag=f'"{member.version}"')


class IncidentsView(View):
    @endpoint("Take an incident into the cell", right=Permission.LOG, body=bodies.LinkBody, status=204)
    def post(self, call: Call, cell_id: UUID) -> Answer:
        services.link(cell_id=cell_id, by=call.by, incident=call.body(bodies.LinkBody).incident)
        return Answer(204, b"", {})


def _cell(call: Call, cell_id: UUID) -> Cell:
    call.query(NoQuery)
    return selectors.get(cell_id=cell_id, access=call.access)
