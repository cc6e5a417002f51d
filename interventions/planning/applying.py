"""Applying a plan that somebody accepts: what is still as the plan knew it is assigned, the rest is refused and told."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from access.models import Person
from access.selectors import Access, access_of
from incidents.services.handling import clock
from interventions import events, workflow
from interventions.choosing import gathering, judging
from interventions.choosing.facts import Crew, Reason
from interventions.choosing.services import estimated
from interventions.models import Crew as CrewRow
from interventions.models import Intervention, Plan
from interventions.permissions import Permission
from interventions.planning.services import check_version, lock
from interventions.rows import GRACE, open_until, plan_row_of
from interventions.services.dispatching import assign_many
from interventions.services.slots import lock_all
from journal.errors import WrongState
from journal.services import writing


@dataclass(frozen=True, slots=True)
class Refused:
    """`code`: gone, stale (changed meanwhile), wrong_state, past (its time has come and gone), objections."""

    intervention: UUID
    code: str
    objections: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Applied:
    plan: Plan
    assigned: list[Intervention]
    refused: list[Refused]


def apply(
    *, plan_id: UUID, by: Person, interventions: Collection[UUID] | None = None, version: int | None = None
) -> Applied:
    """Give the plan's visits to their crews: all that are open, or those of `interventions`; what changed since the plan
    was made is left alone and said. The rest stays open, until its times are past or somebody calls the plan off. Raises
    NotFound, NotAllowed, Stale, WrongState (not ready, or nothing of it is open)."""
    with writing(by) as record:
        plan = lock(plan_id, by)
        check_version(plan, version)
        if plan.state != Plan.State.SOLVED:
            raise WrongState(act="apply", status=plan.state, allowed_from=[str(Plan.State.SOLVED)])
        visits = [
            visit for visit in plan.open_visits if interventions is None or UUID(visit["intervention"]) in interventions
        ]
        good, refused = _sorted_out(visits, access_of(by))
        assigned = assign_many(by=by, choices=good)
        _keep(plan, assigned, refused)
        record(events.PlanChanged(plan=plan_row_of(plan)), about=plan)
        return Applied(plan, assigned, refused)


def _keep(plan: Plan, assigned: list[Intervention], refused: list[Refused]) -> None:
    """What has been decided is noted on the plan; it is over when nothing is left that could still be accepted."""
    told = plan.result
    plan.result = {
        **told,
        "applied": [*told.get("applied", ()), *(str(one.id) for one in assigned)],
        "refused": {**told.get("refused", {}), **{str(one.intervention): one.code for one in refused}},
    }
    until, now = open_until(plan), clock()
    if until is None or until < now:
        plan.state, plan.ended_at = Plan.State.APPLIED, now
    plan.version += 1
    plan.save()


Choice = tuple[UUID, UUID, datetime | None, int | None]


def _sorted_out(visits: list[dict[str, Any]], access: Access) -> tuple[list[Choice], list[Refused]]:
    """Under the locks of all that is concerned: what can be assigned, and what cannot, with why."""
    ids, crew_ids = [UUID(one["intervention"]) for one in visits], {UUID(one["crew"]) for one in visits}
    lock_all(ids, crew_ids)
    rows = {one.id: one for one in Intervention.objects.filter(id__in=ids)}
    who = CrewRow.objects.filter(id__in=crew_ids, active=True).select_related("organisation", "vehicle")
    now = clock()
    last = max((datetime.fromisoformat(one["end"]) for one in visits), default=now)
    crews = {one.id: one for one in gathering.crews(who, now=now, until=last)}
    good: list[Choice] = []
    refused: list[Refused] = []
    for visit in visits:
        key, crew, start = UUID(visit["intervention"]), UUID(visit["crew"]), datetime.fromisoformat(visit["start"])
        why = _why_not(rows.get(key), visit["version"], access) or ("past" if start + GRACE < now else "")
        found = () if why else _objections(rows[key], crews.get(crew), start, now)
        if why or found is None or found:
            refused.append(Refused(key, why or ("objections" if found else "gone"), found or ()))
        else:
            good.append((key, crew, start, visit["version"]))
    return good, refused


def _why_not(one: Intervention | None, version: int, access: Access) -> str:
    if one is None or not access.sees(one.audiences) or not access.allows(Permission.DISPATCH, one.audiences):
        return "gone"
    if one.status not in workflow.MOVES["assign"].sources:
        return "wrong_state"
    return "" if one.version == version else "stale"


def _objections(one: Intervention, crew: Crew | None, start: datetime, now: datetime) -> tuple[Reason, ...] | None:
    """What forbids it now, an overlap included; None when the crew is no longer there."""
    if crew is None:
        return None
    wanted = gathering.wanted_of(one)
    return judging.judge(
        crew, wanted, now=now, drive=estimated(wanted.at), limits=gathering.limits(), start=start
    ).blocking  # fmt: skip
