"""What happens next on one incident by itself, and what has to be done: its escalation and its procedures, to read."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from access.roles import ROLES, Role
from access.selectors import Access
from incidents import selectors
from incidents.events import StepTaken
from incidents.models import (
    Escalation,
    EscalationState,
    Procedure,
    ProcedureMark,
    ProcedureRun,
    StepAct,
)
from incidents.policies import PUBLISHED as POLICIES
from incidents.policies import Frozen, Step
from incidents.procedures import PUBLISHED as PROCEDURES
from incidents.services.telling import KIND
from journal.models import Entry
from notifications.models import Channel, Delivery, Message, Rota, State


@dataclass(frozen=True, slots=True)
class Taken:
    """A step of the present turn as it is or was: when it was carried out (None: not yet), and whom it told."""

    step: Step
    due_at: datetime
    done_at: datetime | None = None
    told: list[Message] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Course:
    """An incident's escalation, with the steps behind and ahead. `frozen` is its policy as it was when it started,
    `rotas` what rotas are called."""

    one: Escalation
    frozen: Frozen
    number: int
    steps: list[Taken]
    rotas: Mapping[str, str]


def course_of(*, incident_id: UUID, access: Access) -> Course | None:
    """None when no policy watches over it. Raises NotFound when it is out of sight."""
    incident = selectors.get(incident_id=incident_id, access=access)
    found = Escalation.objects.select_related("version", "snoozed_by").filter(incident=incident).first()
    if found is None:
        return None
    frozen = POLICIES[found.version_id]
    done, told = _done(found), _told(found)
    steps = [
        Taken(step, found.since + timedelta(seconds=step.after), done.get(number), told[number])
        for number, step in enumerate(frozen.steps, 1)
        if number <= found.done or found.state in (EscalationState.RUNNING, EscalationState.SPENT)
    ]
    return Course(found, frozen, found.version.number, steps, rota_names())


def _done(one: Escalation) -> dict[int, datetime]:
    """When each step of this turn was carried out, as the journal has it."""
    entries = Entry.objects.filter(about=one.incident_id, kind=StepTaken.kind).order_by("seq")
    taken = [(entry.at, msgspec.json.decode(entry.data, type=StepTaken)) for entry in entries]
    return {event.step: at for at, event in taken if event.turn == one.turn}


def _told(one: Escalation) -> dict[int, list[Message]]:
    """The messages of this turn, by the step that sent them."""
    start = f"{KIND}:{one.incident_id}:{one.turn}:"
    messages = Message.objects.select_related("person").filter(about=one.incident_id, key__startswith=start)
    tried = Delivery.objects.exclude(channel=Channel.SCREEN).exclude(state__in=(State.PLANNED, State.SPARED))
    tried = tried.exclude(why="no_browser")  # whoever has none wants none
    messages = messages.prefetch_related(Prefetch("deliveries", tried.order_by("place")))
    found: dict[int, list[Message]] = defaultdict(list)
    for message in messages.order_by("told_at", "person__name"):
        found[int(message.key.removeprefix(start)) + 1].append(message)
    return found


def rota_names() -> dict[str, str]:
    """What rotas are called now, by key: a policy may have been published before its rota was made."""
    return dict(Rota.objects.values_list("key", "name"))


def words_of(step: Step, rotas: Mapping[str, str]) -> str:
    """What a step does, in the reader's language."""
    title = rotas.get(step.target, step.name) if step.act == StepAct.ROTA else step.name
    if step.act == StepAct.DUTY:
        title = str(ROLES[Role(step.target)].title)
    said = {
        StepAct.DUTY: _("tell: %(whom)s"),
        StepAct.ROTA: _("tell who is on call: %(whom)s"),
        StepAct.PERSON: _("tell: %(whom)s"),
        StepAct.ORGANISATION: _("tell the organisation: %(whom)s") if title else _("tell its owner"),
        StepAct.PRIORITY: _("raise the priority to %(whom)s"),
        StepAct.ASSIGN: _("give it to %(whom)s"),
        StepAct.POLICY: _("go on with “%(whom)s”"),
        StepAct.CRISIS: _("propose a crisis cell"),
    }
    return said[StepAct(step.act)] % {"whom": title}


@dataclass(frozen=True, slots=True)
class Followed:
    """A procedure that an incident follows, with the present mark of each step that has one."""

    run: ProcedureRun
    marks: dict[int, ProcedureMark]


def procedures_of(*, incident_id: UUID, access: Access) -> tuple[list[Followed], list[Procedure]]:
    """Those that it follows now, oldest first, and those that could be begun besides. Raises NotFound."""
    incident = selectors.get(incident_id=incident_id, access=access)
    runs = list(ProcedureRun.objects.select_related("version").filter(incident=incident, left_at=None))
    marks: dict[UUID, dict[int, ProcedureMark]] = defaultdict(dict)
    for mark in ProcedureMark.objects.select_related("by").filter(run__in=runs, undone_at=None):
        marks[mark.run_id][mark.step] = mark
    followed = {run.version.procedure_id for run in runs}
    others = Procedure.objects.filter(active=True, current__isnull=False).exclude(id__in=followed)
    PROCEDURES.all(run.version_id for run in runs)
    return [Followed(run, marks[run.id]) for run in runs], list(others)
