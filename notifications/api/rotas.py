"""Who is on call, and changing it; drills."""

from datetime import time, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from access.api.base import Call, View, endpoint
from access.models import Organisation
from access.services import require
from journal.api.answers import answer, nothing
from journal.errors import Invalid, NotFound
from journal.idempotency import Answer
from notifications import services
from notifications.api import shapes
from notifications.api.messages import hour
from notifications.drills import DrillResult, result_of
from notifications.models import Drill, Rota
from notifications.on_call import clock, lasting, people_on_call, plans, visible
from notifications.permissions import Permission

LONGEST = timedelta(days=92)


class OnCallView(View):
    @endpoint("Who is on call", right=Permission.SEE_ROTAS, query=shapes.AtQuery, answer=shapes.RotasShape)
    def get(self, call: Call) -> Answer:
        at = call.query(shapes.AtQuery).at or clock()
        _sane(at.year)
        rotas = list(lasting(call.access, at=at))
        found = people_on_call(rotas, at=at)
        return answer(shapes.RotasShape(at, [shapes.rota_of(rota, found[rota.id]) for rota in rotas]))

    @endpoint("Add a rota", right=Permission.MANAGE_ROTAS, body=shapes.RotaBody, answer=shapes.RotaShape, status=201)
    def post(self, call: Call) -> Answer:
        body = call.body(shapes.RotaBody)
        organisation = Organisation.objects.filter(id=body.organisation).first()
        if organisation is None:
            raise Invalid(errors={"organisation": [_("No organisation of this id.")]})
        rota = services.add_rota(name=body.name, organisation=organisation, key=body.key, by=call.by)
        return answer(shapes.rota_of(rota, None), status=201, ETag=f'"{rota.version}"')


def _sane(year: int) -> None:
    """Calendars of other ages have no shifts, and no room in a time stamp's arithmetic."""
    if not 1970 <= year <= 2200:
        raise Invalid(errors={"at": [_("Between 1970 and 2200.")]})


def _rota(call: Call, rota_id: UUID) -> Rota:
    found = visible(call.access).filter(id=rota_id).first()
    if found is None:
        raise NotFound
    return found


class RotaView(View):
    @endpoint("One rota, ended ones too", right=Permission.SEE_ROTAS, answer=shapes.RotaShape)
    def get(self, call: Call, rota_id: UUID) -> Answer:
        return _answer(_rota(call, rota_id))

    @endpoint(
        "Give a rota another name",
        right=Permission.MANAGE_ROTAS,
        body=shapes.RotaNameBody,
        answer=shapes.RotaShape,
        versioned=True,
    )
    def put(self, call: Call, rota_id: UUID) -> Answer:
        version, body = call.version, call.body(shapes.RotaNameBody)
        return _answer(services.rename_rota(rota_id=rota_id, name=body.name, by=call.by, version=version))


class EndRotaView(View):
    @endpoint(
        "End a rota: nobody is on call for it from now on; the past stays",
        right=Permission.MANAGE_ROTAS,
        body=shapes.NothingBody,
        answer=shapes.RotaShape,
        versioned=True,
    )
    def post(self, call: Call, rota_id: UUID) -> Answer:
        version = call.version
        call.body(shapes.NothingBody)
        return _answer(services.end_rota(rota_id=rota_id, by=call.by, version=version))


def _answer(rota: Rota) -> Answer:
    return answer(shapes.rota_of(rota, people_on_call([rota])[rota.id]), ETag=f'"{rota.version}"')


class ShiftsView(View):
    @endpoint("A rota's shifts and gaps", right=Permission.SEE_ROTAS, query=shapes.SpanQuery, answer=shapes.SpansShape)
    def get(self, call: Call, rota_id: UUID) -> Answer:
        asked = call.query(shapes.SpanQuery)
        _sane(asked.since.year)
        _sane(asked.until.year)
        if not timedelta(0) < asked.until - asked.since <= LONGEST:
            raise Invalid(errors={"until": [_("After `since`, at most 92 days later.")]})
        rota = _rota(call, rota_id)
        plan = plans([rota], since=asked.since, until=asked.until)[rota.id]
        return answer(shapes.SpansShape([shapes.span_of(span) for span in plan.spans(asked.since, asked.until)]))


class LayersView(View):
    @endpoint(
        "Set a rota's layers, from now on",
        right=Permission.MANAGE_ROTAS,
        body=shapes.LayersBody,
        answer=shapes.RotaShape,
        versioned=True,
    )
    def put(self, call: Call, rota_id: UUID) -> Answer:
        version, body = call.version, call.body(shapes.LayersBody)
        drafts = [
            services.LayerDraft(
                name=one.name, people=one.people, starts_on=one.starts_on, turn_days=one.turn_days,
                handover_at=hour(one.handover_at) or time(8), weekdays=one.weekdays,
                hours_from=hour(one.hours_from), hours_until=hour(one.hours_until),
            )
            for one in body.layers
        ]  # fmt: skip
        for draft in drafts:
            _sane(draft.starts_on.year)
        rota = services.set_layers(rota_id=rota_id, layers=drafts, by=call.by, version=version)
        return _answer(rota)


class OverridesView(View):
    @endpoint(
        "Put somebody instead",
        right=Permission.MANAGE_ROTAS,
        body=shapes.OverrideBody,
        answer=shapes.IdShape,
        status=201,
    )
    def post(self, call: Call, rota_id: UUID) -> Answer:
        body = call.body(shapes.OverrideBody)
        _sane(body.starts_at.year)
        _sane(body.ends_at.year)
        made = services.add_override(
            rota_id=rota_id, person_id=body.person, starts_at=body.starts_at, ends_at=body.ends_at, reason=body.reason,
            by=call.by,
        )  # fmt: skip
        return answer(shapes.IdShape(made.id), status=201)


class OverrideView(View):
    @endpoint("End an override", right=Permission.MANAGE_ROTAS, status=204)
    def delete(self, call: Call, override_id: UUID) -> Answer:
        services.drop_override(override_id=override_id, by=call.by)
        return nothing()


class SwapsView(View):
    @endpoint("Ask for a swap", right=Permission.SEE_ROTAS, body=shapes.SwapBody, answer=shapes.SwapShape, status=201)
    def post(self, call: Call, rota_id: UUID) -> Answer:
        body = call.body(shapes.SwapBody)
        for edge in (body.give.start, body.give.end, *((body.take.start, body.take.end) if body.take else ())):
            _sane(edge.year)
        swap = services.propose_swap(
            rota_id=rota_id, asked_to=body.asked_to, give=_shift(body.give),
            take=_shift(body.take) if body.take else None, reason=body.reason, by=call.by,
        )  # fmt: skip
        return answer(shapes.SwapShape(swap.id, swap.state), status=201)


def _shift(body: shapes.ShiftBody) -> services.Shift:
    if body.end - body.start > LONGEST:
        raise Invalid(errors={"end": [_("A shift is at most 92 days long.")]})
    return services.Shift(body.start, body.end)


class SwapAnswerView(View):
    @endpoint(
        "Take the shift, or refuse", right=Permission.SEE_ROTAS, body=shapes.SwapAnswerBody, answer=shapes.SwapShape
    )
    def post(self, call: Call, swap_id: UUID) -> Answer:
        swap = services.answer_swap(swap_id=swap_id, accept=call.body(shapes.SwapAnswerBody).accept, by=call.by)
        return answer(shapes.SwapShape(swap.id, swap.state))


class SwapView(View):
    @endpoint("Take one's own question back", right=Permission.SEE_ROTAS, status=204)
    def delete(self, call: Call, swap_id: UUID) -> Answer:
        services.withdraw_swap(swap_id=swap_id, by=call.by)
        return nothing()


class DrillsView(View):
    @endpoint("Start a drill", right=Permission.DRILL, body=shapes.DrillBody, answer=shapes.DrillShape, status=201)
    def post(self, call: Call) -> Answer:
        body = call.body(shapes.DrillBody)
        drill = services.start_drill(rotas=body.rotas, minutes=body.minutes, by=call.by)
        return answer(_drill(result_of(drill)), status=201)


class DrillView(View):
    @endpoint("What came of a drill", right=Permission.DRILL, answer=shapes.DrillShape)
    def get(self, call: Call, drill_id: UUID) -> Answer:
        drill = Drill.objects.filter(id=drill_id).first()
        if drill is None:
            raise NotFound
        require(call.access, Permission.DRILL, drill)
        return answer(_drill(result_of(drill)))


def _drill(result: DrillResult) -> shapes.DrillShape:
    lines = [
        shapes.DrillLineShape(line.rota.key, line.name, line.state, line.channel, line.seconds) for line in result.lines
    ]
    return shapes.DrillShape(
        result.drill.id, result.drill.ends_at, result.running, result.called, result.reached, result.unmanned,
        result.spared, lines,
    )  # fmt: skip
