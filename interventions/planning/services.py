"""A plan from the question to its end: asked for, worked out by any worker, called off, applied whole or in part."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db.models import F, Q
from django.utils.translation import gettext as _

from access.models import Person
from access.selectors import Access, access_of
from access.services import require_anywhere
from incidents.services.handling import clock
from interventions import events, selectors, travel
from interventions.choosing import gathering
from interventions.choosing.facts import Crew
from interventions.models import Intervention, Plan
from interventions.permissions import Permission
from interventions.planning import solving
from interventions.planning.building import Task
from interventions.planning.reporting import told
from interventions.planning.searching import Found, search
from interventions.rows import plan_row_of
from interventions.workflow import WAITING
from journal.errors import NotFound, Problem, Stale, WrongState
from journal.services import writing

log = structlog.get_logger(__name__)
MOST = 500  # interventions at once
ABANDONED = timedelta(seconds=90)  # a worker that has said nothing for so long is dead: another takes it
ROUTING_S = 10.0
_S = Plan.State
UNFINISHED = (_S.QUEUED, _S.SOLVING)


def start(*, by: Person, hours: int = 10, interventions: tuple[UUID, ...] = (), crews: tuple[UUID, ...] = ()) -> Plan:
    """Ask for a plan of the next hours; empty means all that wait, and all crews in sight. Whatever the same person asked
    for and is not ready is called off. Raises NotAllowed, NoSolver."""
    solving.present()
    with writing(by) as record:
        require_anywhere(access_of(by), Permission.DISPATCH)
        for old in Plan.objects.select_for_update().filter(asked_by=by, state__in=UNFINISHED):
            _end(old, _S.CANCELLED)
            record(events.PlanChanged(plan=plan_row_of(old)), about=old)
        plan = Plan(asked_by=by, asked_at=clock(), hours=hours)
        plan.interventions, plan.crews = [str(one) for one in interventions], [str(one) for one in crews]
        plan.save(force_insert=True)
        record(events.PlanChanged(plan=plan_row_of(plan)), about=plan)
        return plan


def get(*, plan_id: UUID, by: Person) -> Plan:
    """One's own plan. Raises NotFound."""
    found = Plan.objects.filter(id=plan_id, asked_by=by).first()
    if found is None:
        raise NotFound
    return found


def latest(*, by: Person, limit: int = 20) -> list[Plan]:
    return list(Plan.objects.filter(asked_by=by)[:limit])


def lock(plan_id: UUID, by: Person) -> Plan:
    """One's own plan under lock, for somebody who may dispatch still. Raises NotFound, NotAllowed."""
    plan = Plan.objects.select_for_update().filter(id=plan_id, asked_by=by).first()
    if plan is None:
        raise NotFound
    require_anywhere(access_of(by), Permission.DISPATCH)
    return plan


def stop(*, plan_id: UUID, by: Person) -> Plan:
    """Call it off, whoever is working on it; a plan that is ready is thrown away. Raises NotFound, WrongState."""
    with writing(by) as record:
        plan = lock(plan_id, by)
        if plan.state not in (*UNFINISHED, _S.SOLVED):
            raise WrongState(act="stop", status=plan.state, allowed_from=[str(one) for one in (*UNFINISHED, _S.SOLVED)])
        _end(plan, _S.CANCELLED)
        record(events.PlanChanged(plan=plan_row_of(plan)), about=plan)
        return plan


def _end(plan: Plan, state: Plan.State, **more: Any) -> None:
    plan.state, plan.ended_at, plan.version = state, clock(), plan.version + 1
    for name, value in more.items():
        setattr(plan, name, value)
    plan.save()


# The worker's part ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Claim:
    """A plan that this worker has taken, at that instant: what it may still write to."""

    id: UUID
    at: datetime
    by: Person
    hours: int
    interventions: list[str]
    crews: list[str]


def work_out_all() -> int:
    """Work out what waits; returns how many plans. Run it anywhere, as often as you like."""
    done = 0
    while (claim := _claim()) is not None:
        _work_out(claim)
        done += 1
    return done


def _claim() -> Claim | None:
    with writing(None) as record:
        now = clock()
        waiting = Q(state=_S.QUEUED) | Q(state=_S.SOLVING, claimed_at__lt=now - ABANDONED)
        locked = Plan.objects.select_for_update(skip_locked=True, of=("self",)).select_related("asked_by")
        plan = locked.filter(waiting).order_by("asked_at").first()
        if plan is None:
            return None
        plan.state, plan.claimed_at, plan.progress, plan.version = _S.SOLVING, now, 5, plan.version + 1
        plan.save()
        record(events.PlanChanged(plan=plan_row_of(plan)), about=plan)
        return Claim(plan.id, now, plan.asked_by, plan.hours, plan.interventions, plan.crews)


def _work_out(claim: Claim) -> None:
    try:
        tasks, versions, crews = gathered(claim, access_of(claim.by))
        now = claim.at

        def step(progress: int, found: Found) -> bool:
            return _report(claim, _S.SOLVING, progress, told(found, versions, crews, now))

        found = search(
            tasks, crews, now=now, until=now + timedelta(hours=claim.hours), estimator=travel.best(timeout_s=ROUTING_S),
            step=step,
        )  # fmt: skip
        if found is not None:
            _report(claim, _S.SOLVED, 100, told(found, versions, crews, now))
    except Problem as problem:
        _report(claim, _S.FAILED, 100, {}, failure=str(problem.detail))
    except Exception:
        log.exception("a plan could not be worked out", plan=claim.id)
        _report(claim, _S.FAILED, 100, {}, failure=_("The plan could not be worked out."))


def gathered(claim: Claim, access: Access) -> tuple[list[Task], dict[UUID, Intervention], list[Crew]]:
    """What waits and may be dispatched by whoever asked, most urgent first; and the crews. Seven queries."""
    rows = selectors.visible(access).filter(status__in=WAITING, paused_since=None)
    if claim.interventions:
        rows = rows.filter(id__in=claim.interventions)
    chosen = [
        one
        for one in rows.select_related("category").prefetch_related("pauses").order_by("priority", "created_at")[:MOST]
        if access.allows(Permission.DISPATCH, one.audiences)
    ]
    who = selectors.crews(access).filter(active=True)
    if claim.crews:
        who = who.filter(id__in=claim.crews)
    crews = gathering.crews(who, now=claim.at, until=claim.at + timedelta(hours=claim.hours))
    tasks = [Task(gathering.timed(gathering.wanted_of(one), one), one.window_end) for one in chosen]
    return tasks, {one.id: one for one in chosen}, crews


def _report(claim: Claim, state: Plan.State, progress: int, result: dict[str, Any], failure: str = "") -> bool:
    """Write down how far it is; False when the plan was called off or taken by another worker meanwhile."""
    with writing(None) as record:
        mine = Plan.objects.filter(id=claim.id, state=_S.SOLVING, claimed_at=claim.at)
        ended = None if state == _S.SOLVING else clock()
        fresh = {"state": state, "progress": progress, "result": result, "failure": failure[:300], "ended_at": ended}
        if not mine.update(**fresh, version=F("version") + 1):
            return False
        plan = Plan.objects.get(id=claim.id)
        record(events.PlanChanged(plan=plan_row_of(plan)), about=plan)
        return True


def check_version(plan: Plan, version: int | None) -> None:
    if version is not None and plan.version != version:
        raise Stale(current=plan_row_of(plan))
