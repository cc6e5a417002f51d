"""What the house does by itself when nobody takes an incident up: the timer, and one function for each kind of step."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from access.models import Organisation, Person
from access.selectors import ANONYMOUS
from incidents import events
from incidents.models import Escalation, EscalationState, Incident, StepAct
from incidents.permissions import Permission
from incidents.policies import PUBLISHED, Step, next_due
from incidents.rows import row_of
from incidents.services import telling
from incidents.services.acting import Change, clock, lock
from incidents.services.escalating import KIND, REMINDED, arm, restart, version_of
from incidents.workflow import OPEN, Move
from journal.models import Entry
from journal.services import Record, writing
from notifications import timers
from notifications.models import Timer


@dataclass(frozen=True, slots=True)
class Moment:
    """One step being carried out."""

    incident: Incident
    escalation: Escalation
    step: Step
    record: Record
    now: datetime

    def change(self, event: type[events.IncidentEvent], **specifics: Any) -> None:
        """Save and record what the house changed on the incident."""
        by_the_house(self.incident, self.record).done(event, **specifics)

    @property
    def key(self) -> str:
        """Of the messages that it sends."""
        one = self.escalation
        return f"{telling.KIND}:{one.incident_id}:{one.turn}:{one.done}"

    def tell(self, people: list[Person]) -> list[UUID]:
        return telling.tell(self.incident, people, key=self.key, vital=self.step.vital, now=self.now)


def by_the_house(incident: Incident, record: Record) -> Change:
    return Change(incident, ANONYMOUS, Move(Permission.EDIT, OPEN), record)


@timers.on(KIND)
def due(timer: Timer) -> None:
    """What comes next by itself on an incident, if that is still so now that it is locked."""
    if timer.about is None:
        return
    with writing(None) as record:
        incident = lock(timer.about)
        one = Escalation.objects.filter(incident=incident, armed=timer.data["armed"]).first()
        if one is None or incident.status not in OPEN:
            return
        if one.state == EscalationState.RUNNING:
            take_step(incident, one, record)
        elif one.state == EscalationState.TAKEN:
            remind(incident, one, record)
        elif one.state == EscalationState.SNOOZED:
            come_back(incident, record, why="snooze_over")


def take_step(incident: Incident, one: Escalation, record: Record) -> None:
    """Carry out the next step. One that finds nobody to tell brings the next one that tells somebody forward."""
    frozen, now = PUBLISHED[one.version_id], clock()
    step = frozen.steps[one.done]
    moment = Moment(incident, one, step, record, now)
    told = ACTS[StepAct(step.act)](moment)
    one.done += 1
    taken = events.StepTaken(
        row=row_of(incident), policy=frozen.name, turn=one.turn, step=one.done, act=step.act, target=step.name,
        told=told,
    )  # fmt: skip
    record(taken, about=incident)
    if step.act == StepAct.POLICY:
        other = version_of(step.target, incident)
        if other is not None:
            restart(incident, record, version=other)
            return
    next_at = next_due(frozen, done=one.done, since=one.since)
    if step.tells and not told and next_at is not None and frozen.steps[one.done].tells:
        next_at = now
    one.state = EscalationState.RUNNING if next_at else EscalationState.SPENT
    arm(one, next_at)


def remind(incident: Incident, one: Escalation, record: Record) -> None:
    """Acknowledged a while ago: back it comes, unless somebody has touched it since."""
    untouched = timedelta(seconds=PUBLISHED[one.version_id].untouched)
    touches = Entry.objects.filter(about=incident.id, by__isnull=False).order_by("-seq").values_list("at", flat=True)
    touched, now = touches.first(), clock()
    if incident.status not in REMINDED:
        arm(one, None)
    elif touched is not None and touched + untouched > now:
        arm(one, touched + untouched)
    else:
        come_back(incident, record, why="untouched")


def come_back(incident: Incident, record: Record, *, why: str) -> None:
    """Nobody has it any more: it waits for somebody again, and its steps begin anew."""
    incident.acknowledged_at = None
    by_the_house(incident, record).done(events.CameBack, why=why)
    restart(incident, record)


def _duty(moment: Moment) -> list[UUID]:
    return moment.tell(telling.holders(moment.incident, role=moment.step.target))


def _rota(moment: Moment) -> list[UUID]:
    step = moment.step
    return telling.tell_on_call(
        moment.incident, rota=step.target, key=moment.key, vital=step.vital, now=moment.now
    )  # fmt: skip


def _person(moment: Moment) -> list[UUID]:
    return moment.tell(telling.in_sight(moment.incident, Person.objects.filter(id=moment.step.target, is_active=True)))


def _organisation(moment: Moment) -> list[UUID]:
    wanted = UUID(moment.step.target) if moment.step.target else moment.incident.organisation_id
    return moment.tell(telling.holders(moment.incident, organisation=wanted)) if wanted else []


def _priority(moment: Moment) -> list[UUID]:
    before, wanted = moment.incident.priority, moment.step.target
    if wanted < before:  # P1 is the most urgent
        moment.incident.priority = wanted
        moment.change(events.PriorityRaised, priority_before=before)
    return []


def _assign(moment: Moment) -> list[UUID]:
    owner = Organisation.objects.filter(id=moment.step.target).first()
    if owner is not None and owner != moment.incident.organisation:
        moment.incident.organisation, moment.incident.assignee = owner, None
        moment.change(events.Assigned)
    return []


def _policy(moment: Moment) -> list[UUID]:
    return []  # the next policy begins when this step is on record


def _crisis(moment: Moment) -> list[UUID]:
    policy = PUBLISHED[moment.escalation.version_id].name
    moment.record(events.CrisisProposed(row=row_of(moment.incident), policy=policy), about=moment.incident)
    return []


ACTS: dict[StepAct, Callable[[Moment], list[UUID]]] = {
    StepAct.DUTY: _duty,
    StepAct.ROTA: _rota,
    StepAct.PERSON: _person,
    StepAct.ORGANISATION: _organisation,
    StepAct.PRIORITY: _priority,
    StepAct.ASSIGN: _assign,
    StepAct.POLICY: _policy,
    StepAct.CRISIS: _crisis,
}
