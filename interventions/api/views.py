"""Interventions: ask for one, list, count, look at one."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from access.api.base import Call, Open, View, endpoint
from access.api.serializers import NoQuery
from incidents.api.bodies import Instant, Key, Priority, Strict
from incidents.api.filters import Insee
from interventions import selectors, services
from interventions.api import details
from interventions.api import serializers as shapes
from interventions.api.bodies import AskBody, SkillKey
from interventions.models import Intervention, Skill
from interventions.permissions import Permission
from interventions.rows import InterventionRow, row_of
from interventions.selectors import Filters, Place
from journal.api.answers import answer
from journal.api.pages import CursorText, PageSize, cursor_parts, cursor_text
from journal.idempotency import Answer

Status = Annotated[str, Meta(pattern="^[a-z_]{1,12}$")]


class FilterQuery(Strict, frozen=True, kw_only=True):
    """How a list is narrowed. Lists take commas; times are ISO 8601 with zone, of creation."""

    status: tuple[Status, ...] = ()
    priority: tuple[Priority, ...] = ()
    category: tuple[Key, ...] = ()
    commune: tuple[Insee, ...] = ()
    organisation: tuple[UUID, ...] = ()
    crew: tuple[UUID, ...] = ()
    skill: tuple[SkillKey, ...] = ()
    incident: UUID | None = None
    since: Instant | None = None
    until: Instant | None = None
    open: bool = False

    def filters(self) -> Filters:
        return Filters(**{name: getattr(self, name) for name in Filters.__struct_fields__})


class ListQuery(FilterQuery, frozen=True, kw_only=True):
    """The filters, and which page."""

    cursor: CursorText = ""
    limit: PageSize = 50


def row_answer(one: Intervention, *, status: int = 200) -> Answer:
    """An intervention's row, with its version as ETag."""
    return answer(row_of(one), status=status, ETag=f'"{one.version}"')


class InterventionsView(View):
    @endpoint(
        "Interventions in sight, newest first",
        right=Permission.VIEW,
        query=ListQuery,
        answer=shapes.InterventionPage,
    )
    def get(self, call: Call) -> Answer:
        asked = call.query(ListQuery)
        after = Place(*cursor_parts(asked.cursor)) if asked.cursor else None
        rows, last = selectors.page(access=call.access, filters=asked.filters(), after=after, limit=asked.limit)
        following = cursor_text(last.created_at, last.id) if last else None
        return answer(shapes.InterventionPage([row_of(row) for row in rows], following))

    @endpoint(
        "Ask for work, for an incident or planned",
        right=Permission.PLAN,
        body=AskBody,
        answer=InterventionRow,
        status=201,
    )
    def post(self, call: Call) -> Answer:
        return row_answer(services.propose(by=call.by, ask=call.body(AskBody).ask()), status=201)


class CountsView(View):
    @endpoint("Open interventions, counted", right=Permission.VIEW, query=FilterQuery, answer=shapes.Counts)
    def get(self, call: Call) -> Answer:
        found = selectors.counts(access=call.access, filters=call.query(FilterQuery).filters())
        return answer(shapes.Counts(**found))


class InterventionView(View):
    @endpoint("One intervention with all that hangs on it", right=Permission.VIEW, answer=shapes.InterventionDetail)
    def get(self, call: Call, intervention_id: UUID) -> Answer:
        one, body = details.detail(intervention_id=intervention_id, access=call.access)
        return answer(body, ETag=f'"{one.version}"')


class SkillsView(View):
    @endpoint("What crews can do", right=Open.SIGNED_IN, answer=shapes.SkillsShape)
    def get(self, call: Call) -> Answer:
        call.query(NoQuery)
        found = Skill.objects.all()
        return answer(
            shapes.SkillsShape([shapes.SkillShape(one.key, one.label, one.label_fr, one.label_en) for one in found])
        )
