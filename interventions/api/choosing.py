"""Proposals for an intervention, and the cover of the sectors."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from access.api.base import Call, View, endpoint
from incidents.api.bodies import Instant, Strict
from incidents.rows import Named
from interventions.api.bodies import SkillKey
from interventions.api.means import PositionShape
from interventions.choosing import services
from interventions.choosing.covering import Picture, picture
from interventions.choosing.judging import Proposal, minutes_of
from interventions.permissions import Permission
from journal.api.answers import answer
from journal.idempotency import Answer


class ReasonShape(msgspec.Struct, frozen=True):
    """`weight`: for, against or blocking. `values` by `code`: docs/dispatch.md lists them."""

    code: str
    weight: str
    values: dict[str, Any]


class DriveShape(msgspec.Struct, frozen=True):
    """`method`: estimation (great circle × detour) or routing."""

    minutes: int
    km: float
    method: str


class PresenceShape(msgspec.Struct, frozen=True):
    """`state` when the work would begin: planned, on_call, absent, off; `until` when that changes, if it is known."""

    state: str
    until: datetime | None


class ProposalShape(msgspec.Struct, frozen=True, kw_only=True):
    """`verdict`: fit, possible, excluded. Assign with `start` = `arrives_at`, so that the slot is the one shown.
    `due`: on site by, under the contract of the crew's organisation (`contract`; empty: the category's target), null
    without a target; `margin_minutes` before it (after: negative), `late` when after. `load_percent`: of its shift.
    `after`: the mission that it would come from, null when it comes from where it is."""

    crew: Named
    organisation: Named
    skills: list[str]
    verdict: str
    presence: PresenceShape
    position: PositionShape | None
    drive: DriveShape
    departs_at: datetime
    arrives_at: datetime
    ends_at: datetime
    due: datetime | None
    contract: str
    late: bool
    margin_minutes: int | None
    load_percent: int
    after: UUID | None
    reasons: list[ReasonShape]


class ProposalsShape(msgspec.Struct, frozen=True, kw_only=True):
    """Every crew in sight, best first, excluded ones last. `version` is the intervention's: send it with `assign`."""

    intervention: UUID
    version: int
    now: datetime
    method: str
    results: list[ProposalShape]


class ProposalsBody(Strict, frozen=True, kw_only=True):
    """`start`: when the work is to begin; left out, each crew's first gap."""

    start: Instant | None = None


class ProposalsView(View):
    """A read, by POST because it is worked out: nothing is stored, so the key is checked and gives a fresh answer each
    time. Not inside a transaction, since a routing server may be asked."""

    @endpoint(
        "Which crew, and why: every crew judged for this work",
        right=Permission.DISPATCH,
        body=ProposalsBody,
        answer=ProposalsShape,
        wraps=False,
    )
    def post(self, call: Call, intervention_id: UUID) -> Answer:
        _key, body = call.key, call.body(ProposalsBody)
        found = services.proposals(intervention_id=intervention_id, access=call.access, start=body.start)
        one = found.intervention
        shapes = [shape(each) for each in found.found]
        return answer(
            ProposalsShape(
                intervention=one.id, version=one.version, now=found.now, method=found.method, results=shapes
            )
        )  # fmt: skip


def shape(one: Proposal) -> ProposalShape:
    crew, slot, promise = one.crew, one.slot, one.promise
    seen = crew.position is not None and crew.seen_at is not None
    return ProposalShape(
        crew=Named(crew.id, crew.name),
        organisation=Named(crew.organisation, crew.organisation_name),
        skills=sorted(crew.skills),
        verdict=one.verdict,
        presence=PresenceShape(one.presence.state, one.presence.until),
        position=PositionShape(*crew.place, crew.seen_at, crew.source) if seen and crew.seen_at else None,
        drive=DriveShape(round(slot.leg.seconds / 60), round(slot.leg.metres / 1000, 1), slot.leg.method),
        departs_at=slot.departs,
        arrives_at=slot.start,
        ends_at=slot.end,
        due=promise.due if promise else None,
        contract=promise.contract if promise else "",
        late=one.late,
        margin_minutes=minutes_of(promise.due - slot.start) if promise else None,
        load_percent=round(100 * one.load),
        after=slot.after.id if slot.after else None,
        reasons=[ReasonShape(each.code, each.weight, each.values) for each in one.reasons],
    )


class CoverQuery(Strict, frozen=True, kw_only=True):
    """`crew` with `intervention`: the cover as it would be if that crew were sent there now."""

    minutes: Annotated[int, Meta(ge=1, le=240)] = 20
    skill: tuple[SkillKey, ...] = ()
    crew: UUID | None = None
    intervention: UUID | None = None


class CoverView(View):
    @endpoint(
        "Which sectors help would reach within so many minutes, by skill",
        right=Permission.SEE_MEANS,
        query=CoverQuery,
        answer=Picture,
    )
    def get(self, call: Call) -> Answer:
        asked = call.query(CoverQuery)
        return answer(
            picture(
                access=call.access, minutes=asked.minutes, skills=asked.skill, crew=asked.crew,
                intervention=asked.intervention,
            )
        )  # fmt: skip
