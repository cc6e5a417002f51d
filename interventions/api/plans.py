"""Planning many at once: ask, follow, call off, accept whole or in part."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from access.api.base import Call, View, endpoint
from access.api.serializers import NoQuery
from incidents.api.bodies import Strict
from interventions import selectors
from interventions.api.choosing import ReasonShape
from interventions.models import Plan
from interventions.permissions import Permission
from interventions.planning import applying, services
from interventions.rows import InterventionRow, PlanRow, plan_row_of, row_of
from journal.api.answers import answer
from journal.idempotency import Answer

Ids = Annotated[tuple[UUID, ...], Meta(max_length=500)]


class VisitShape(msgspec.Struct, frozen=True, kw_only=True):
    """`late`: after what the contract of the crew's organisation promises, or its category's target."""

    intervention: UUID
    reference: str
    priority: str
    version: int
    crew: UUID
    start: datetime
    end: datetime
    travel_s: int
    late: bool


class UnservedShape(msgspec.Struct, frozen=True, kw_only=True):
    """`why`: no_crew (nobody on shift has skills and contract), no_time, later (its window is outside the plan)."""

    intervention: UUID
    reference: str
    priority: str
    why: str


class PlanDetail(msgspec.Struct, frozen=True, kw_only=True):
    """Of what the reader sees now. `visits`: all; of these `applied` have been accepted and `refused` could not be."""

    plan: PlanRow
    visits: list[VisitShape]
    unserved: list[UnservedShape]
    applied: list[UUID]
    refused: list[UUID]


class PlansShape(msgspec.Struct, frozen=True):
    results: list[PlanRow]


class PlanBody(Strict, frozen=True, kw_only=True):
    """Empty lists: all that wait, all crews in sight."""

    hours: Annotated[int, Meta(ge=1, le=24)] = 10
    interventions: Ids = ()
    crews: Ids = ()


class ApplyBody(Strict, frozen=True, kw_only=True):
    """`interventions`: only these of the plan, and the rest stays open; null for all that are open."""

    interventions: Ids | None = None


class RefusedShape(msgspec.Struct, frozen=True):
    """`code`: gone, stale (changed meanwhile), wrong_state, past, objections."""

    intervention: UUID
    code: str
    objections: list[ReasonShape]


class AppliedShape(msgspec.Struct, frozen=True, kw_only=True):
    plan: PlanRow
    assigned: list[InterventionRow]
    refused: list[RefusedShape]


def plan_answer(plan: Plan, *, status: int = 200) -> Answer:
    return answer(plan_row_of(plan), status=status, ETag=f'"{plan.version}"')


class PlansView(View):
    @endpoint("Your latest plans", right=Permission.DISPATCH, answer=PlansShape)
    def get(self, call: Call) -> Answer:
        call.query(NoQuery)
        return answer(PlansShape([plan_row_of(plan) for plan in services.latest(by=call.by)]))

    @endpoint(
        "Plan many at once: a worker works it out", right=Permission.DISPATCH, body=PlanBody, answer=PlanRow, status=201
    )
    def post(self, call: Call) -> Answer:
        body = call.body(PlanBody)
        made = services.start(by=call.by, hours=body.hours, interventions=body.interventions, crews=body.crews)
        return plan_answer(made, status=201)


class PlanView(View):
    @endpoint("A plan with its visits and what it leaves", right=Permission.DISPATCH, answer=PlanDetail)
    def get(self, call: Call, plan_id: UUID) -> Answer:
        plan = services.get(plan_id=plan_id, by=call.by)
        visits = msgspec.convert(plan.result.get("visits", []), list[VisitShape])
        unserved = msgspec.convert(plan.result.get("unserved", []), list[UnservedShape])
        ids = [one.intervention for one in visits] + [one.intervention for one in unserved]
        seen = set(selectors.visible(call.access).filter(id__in=ids).values_list("id", flat=True))
        body = PlanDetail(
            plan=plan_row_of(plan),
            visits=[one for one in visits if one.intervention in seen],
            unserved=[one for one in unserved if one.intervention in seen],
            applied=msgspec.convert(plan.result.get("applied", []), list[UUID]),
            refused=[UUID(one) for one in plan.result.get("refused", ())],
        )
        return answer(body, ETag=f'"{plan.version}"')


class PlanStopView(View):
    @endpoint("Call a plan off", right=Permission.DISPATCH, answer=PlanRow)
    def post(self, call: Call, plan_id: UUID) -> Answer:
        return plan_answer(services.stop(plan_id=plan_id, by=call.by))


class PlanApplyView(View):
    @endpoint(
        "Accept a plan, whole or in part; what changed meanwhile is refused and told",
        right=Permission.DISPATCH,
        body=ApplyBody,
        answer=AppliedShape,
        versioned=True,
    )
    def post(self, call: Call, plan_id: UUID) -> Answer:
        body = call.body(ApplyBody)
        done = applying.apply(
            plan_id=plan_id, by=call.by, interventions=body.interventions, version=call.version
        )  # fmt: skip
        refused = [
            RefusedShape(
                one.intervention,
                one.code,
                [ReasonShape(each.code, each.weight, each.values) for each in one.objections],
            )
            for one in done.refused
        ]
        return answer(
            AppliedShape(plan=plan_row_of(done.plan), assigned=[row_of(one) for one in done.assigned], refused=refused),
            ETag=f'"{done.plan.version}"',
        )
