"""The change of shift: signed by who goes, countersigned by who comes."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from access.api.base import Call, View, endpoint
from access.api.serializers import NoQuery
from incidents import handing
from incidents.api.bodies import NUL_FREE, NothingBody, Strict
from incidents.models import Handover
from incidents.permissions import Permission
from incidents.rows import Named
from incidents.services import handing as services
from journal.api.answers import answer
from journal.idempotency import Answer


class LeaveBody(Strict, frozen=True, kw_only=True):
    """Notes for the next shift; they stand in the record, so they never name a reporter."""

    notes: Annotated[str, Meta(max_length=4000, pattern=NUL_FREE)] = ""


class HandoverShape(msgspec.Struct, frozen=True):
    """`picture`: what stood open, section by section, as both have signed it (`digest`, sha256)."""

    id: UUID
    notes: str
    left_by: Named
    left_at: datetime
    taken_by: Named | None
    taken_at: datetime | None
    digest: str
    picture: list[dict[str, Any]]


class HandoversShape(msgspec.Struct, frozen=True):
    results: list[HandoverShape]


class HandoversView(View):
    @endpoint("The last hand-overs, newest first", right=Permission.SHIFT, answer=HandoversShape)
    def get(self, call: Call) -> Answer:
        call.query(NoQuery)
        return answer(HandoversShape([shape(one) for one in handing.latest()]))

    @endpoint(
        "Leave the post to the next shift", right=Permission.SHIFT, body=LeaveBody, answer=HandoverShape, status=201
    )
    def post(self, call: Call) -> Answer:
        return answer(shape(services.leave_shift(by=call.by, notes=call.body(LeaveBody).notes)), status=201)


class TakeView(View):
    @endpoint("Take the post over", right=Permission.SHIFT, body=NothingBody, answer=HandoverShape)
    def post(self, call: Call, handover_id: UUID) -> Answer:
        call.body(NothingBody)
        return answer(shape(services.take_shift(handover_id=handover_id, by=call.by)))


def shape(one: Handover) -> HandoverShape:
    return HandoverShape(
        id=one.id,
        notes=one.notes,
        left_by=Named(one.left_by.id, one.left_by.name),
        left_at=one.left_at,
        taken_by=Named(one.taken_by.id, one.taken_by.name) if one.taken_by else None,
        taken_at=one.taken_at,
        digest=services.digest(one),
        picture=one.picture,
    )
