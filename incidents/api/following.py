"""An incident's escalation and procedures: what happens next, and steps ticked."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from access.api.base import Call, View, endpoint
from access.api.serializers import NoQuery
from incidents import following, services
from incidents.api.bodies import StartProcedureBody, TickBody
from incidents.models import ProcedureMark
from incidents.permissions import Permission
from incidents.procedures import PUBLISHED, Link, Phone, Step
from incidents.rows import Named
from journal.api.answers import answer
from journal.idempotency import Answer
from notifications.models import Message
from notifications.wording import WHY


class WayShape(msgspec.Struct, frozen=True):
    """One way that was tried: how far it got, and why no further, in words."""

    channel: str
    state: str
    words: str
    why: str


class ToldShape(msgspec.Struct, frozen=True):
    """Somebody who was told: how far the message is, in words, and whether and how they acknowledged it."""

    id: UUID
    name: str
    state: str
    words: str
    acknowledged_at: datetime | None
    acknowledged_by: str
    ways: list[WayShape]


class StepShape(msgspec.Struct, frozen=True):
    """One step: `due_at` by the policy, `done_at` when it was carried out."""

    number: int
    words: str
    vital: bool
    due_at: datetime
    done_at: datetime | None
    told: list[ToldShape]


class EscalationShape(msgspec.Struct, frozen=True, kw_only=True):
    """`state`: none (no policy), running, spent, taken, snoozed, ended. `due_at`: when something happens by itself."""

    state: str
    policy: str = ""
    number: int = 0
    turn: int = 0
    due_at: datetime | None = None
    untouched_minutes: int = 0
    snoozed_until: datetime | None = None
    snoozed_by: Named | None = None
    reason: str = ""
    steps: list[StepShape] = []


class EscalationView(View):
    @endpoint("What happens next by itself", right=Permission.VIEW, answer=EscalationShape)
    def get(self, call: Call, incident_id: UUID) -> Answer:
        call.query(NoQuery)
        course = following.course_of(incident_id=incident_id, access=call.access)
        return answer(EscalationShape(state="none") if course is None else _course(course))


def _course(course: following.Course) -> EscalationShape:
    one = course.one
    return EscalationShape(
        state=one.state,
        policy=course.frozen.name,
        number=course.number,
        turn=one.turn,
        due_at=one.due_at,
        untouched_minutes=course.frozen.untouched // 60,
        snoozed_until=one.snoozed_until,
        snoozed_by=Named(one.snoozed_by.id, one.snoozed_by.name) if one.snoozed_by else None,
        reason=one.reason,
        steps=[_step(number, taken, course.rotas) for number, taken in enumerate(course.steps, 1)],
    )


def _step(number: int, taken: following.Taken, rotas: Mapping[str, str]) -> StepShape:
    told, words = [_told(message) for message in taken.told], following.words_of(taken.step, rotas)
    return StepShape(number, words, taken.step.vital, taken.due_at, taken.done_at, told)


def _told(message: Message) -> ToldShape:
    ways = [
        WayShape(
            str(row.get_channel_display()), row.state, str(row.get_state_display()), str(WHY.get(row.why, row.why))
        )
        for row in message.deliveries.all()
    ]  # fmt: skip
    words, how = str(message.get_state_display()), str(message.get_acknowledged_by_display())
    return ToldShape(
        message.person.id, message.person.name, message.state, words, message.acknowledged_at, how, ways
    )  # fmt: skip


class ProcedureStepShape(msgspec.Struct, frozen=True, kw_only=True):
    """`state`: open, done or skipped; then by whom and when, and why skipped."""

    number: int
    who: str
    what: str
    due_at: datetime | None
    phones: tuple[Phone, ...]
    links: tuple[Link, ...]
    state: str = "open"
    by: Named | None = None
    at: datetime | None = None
    reason: str = ""


class RunShape(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    purpose: str
    number: int
    started_at: datetime
    steps: list[ProcedureStepShape]


class ChoiceShape(msgspec.Struct, frozen=True):
    id: UUID
    name: str


class ProceduresShape(msgspec.Struct, frozen=True):
    """What is followed, and what could be begun besides."""

    results: list[RunShape]
    others: list[ChoiceShape]


class ProceduresView(View):
    @endpoint("The procedures that it follows", right=Permission.VIEW, answer=ProceduresShape)
    def get(self, call: Call, incident_id: UUID) -> Answer:
        call.query(NoQuery)
        return answer(_procedures(call, incident_id))

    @endpoint(
        "Follow one more procedure",
        right=Permission.FOLLOW_PROCEDURE,
        body=StartProcedureBody,
        answer=ProceduresShape,
        status=201,
    )
    def post(self, call: Call, incident_id: UUID) -> Answer:
        body = call.body(StartProcedureBody)
        services.start_procedure(incident_id=incident_id, by=call.by, procedure=body.procedure)
        return answer(_procedures(call, incident_id), status=201)


class TicksView(View):
    @endpoint(
        "Say of a step that it is done, skipped or open", right=Permission.FOLLOW_PROCEDURE, body=TickBody,
        answer=ProceduresShape,
    )  # fmt: skip
    def post(self, call: Call, incident_id: UUID) -> Answer:
        body = call.body(TickBody)
        services.tick(incident_id=incident_id, by=call.by, **msgspec.structs.asdict(body))
        return answer(_procedures(call, incident_id))


def _procedures(call: Call, incident_id: UUID) -> ProceduresShape:
    followed, others = following.procedures_of(incident_id=incident_id, access=call.access)
    return ProceduresShape([_run(one) for one in followed], [ChoiceShape(one.id, one.name) for one in others])


def _run(one: following.Followed) -> RunShape:
    frozen, start = PUBLISHED[one.run.version_id], one.run.started_at
    steps = [_procedure_step(number, step, one.marks.get(number), start) for number, step in enumerate(frozen.steps, 1)]
    return RunShape(one.run.id, frozen.name, frozen.purpose, one.run.version.number, start, steps)


def _procedure_step(number: int, step: Step, mark: ProcedureMark | None, start: datetime) -> ProcedureStepShape:
    due = None if step.within is None else start + timedelta(minutes=step.within)
    plain = ProcedureStepShape(
        number=number, who=step.who, what=step.what, due_at=due, phones=step.phones, links=step.links
    )
    if mark is None:
        return plain
    state = "skipped" if mark.skipped else "done"
    by = Named(mark.by.id, mark.by.name)
    return msgspec.structs.replace(plain, state=state, by=by, at=mark.at, reason=mark.reason)
