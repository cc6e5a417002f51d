"""A cell's situation and an incident as EMSI: who says it, what, where, since when, what is being done, and with what."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from crisis.models import Action, Cell, CellIncident, Loan, Report
from crisis.workflow import ActionState
from incidents.models import Incident
from interventions.models import Intervention
from interventions.workflow import Status
from prefecture.services.sending import clock
from prefecture.wire import emsi
from prefecture.wire.times import stamp

SCALES: dict[str, emsi.Scale] = {
    "standby": "1", "watch": "1", "pre_alert": "2", "alert": "3", "crisis": "4", "recovery": "2", "closed": "1",
    "P1": "4", "P2": "3", "P3": "2", "P4": "1",
}  # fmt: skip
ACTIONS: dict[str, emsi.MissionStatus] = {
    ActionState.TODO: "NST", ActionState.DOING: "IPR", ActionState.DONE: "COM", ActionState.DROPPED: "CANCLD",
}  # fmt: skip
WORK: dict[str, emsi.MissionStatus] = {
    Status.PROPOSED: "NST", Status.ASSIGNED: "NST", Status.ACCEPTED: "NST", Status.EN_ROUTE: "IPR", Status.ON_SITE: "IPR",
    Status.DONE: "COM", Status.VERIFIED: "COM", Status.REFUSED: "ABO", Status.CANCELLED: "CANCLD", Status.FAILED: "ABO",
}  # fmt: skip
CREWS: dict[str, emsi.ResourceStatus] = {
    Status.ASSIGNED: "RESRVD", Status.ACCEPTED: "RESRVD", Status.EN_ROUTE: "IN_USE/MOBILE",
    Status.ON_SITE: "IN_USE/ON_SCENE",
}  # fmt: skip
ANY, UNIT, MEANS = "OPR", "HUM/UNIT", "MAT"  # the standard's codes: an operation, a unit of people, material
MISSIONS, PLACES = 80, 50


def situation(cell: Cell, *, number: int, kind: Report.Kind) -> emsi.Emsi:
    """Restricted incidents are left out. Missions: the cell's actions, and the work on its incidents; resources: the crews
    at that work, and what was lent."""
    now = clock()
    linked = CellIncident.objects.filter(cell=cell, incident__sensitivity="normal").select_related("incident")[:PLACES]
    incidents = [one.incident for one in linked]
    actions = Action.objects.filter(cell=cell).order_by("-number")[:MISSIONS]
    work, loans = _work(incidents), Loan.objects.filter(cell=cell, returned_at=None).select_related("lender")[:MISSIONS]
    return emsi.Emsi(
        CONTEXT=_context(f"{cell.reference}-{kind}-{number}", "UPDATE", now, urgent=cell.level in ("alert", "crisis")),
        EVENT=emsi.Event(
            ID=cell.reference, NAME=cell.title[:200], SCALE=SCALES.get(cell.level, "1"), DECL_DATIME=stamp(cell.opened_at),
            OBS_DATIME=stamp(now), STATUS="COM" if cell.closed_at else "IPR",
            EGEO=[emsi.of_point(lat=one.lat, lon=one.lon, name=one.reference, at=now) for one in incidents],
        ),
        MISSION=[*(_action(one) for one in actions), *(_mission(one) for one in work)],
        RESOURCE=[*_crews(work), *(_loan(one) for one in loans)],
    )  # fmt: skip


def event(incident: Incident, *, note: str = "") -> emsi.Emsi:
    """An incident: what, where, since when, the work on it and its crews. Nothing of its reporters."""
    now, work = clock(), _work([incident])
    return emsi.Emsi(
        CONTEXT=_context(
            f"{incident.reference}-{incident.version}", "ALERT", now, urgent=incident.priority in ("P1", "P2")
        ),
        EVENT=emsi.Event(
            ID=incident.reference, NAME=(incident.title or incident.category.label_fr)[:200],
            ETYPE=emsi.type_of(incident.category_id), SCALE=SCALES.get(incident.priority, "1"),
            DECL_DATIME=stamp(incident.declared_at), OCC_DATIME=stamp(incident.occurred_at), OBS_DATIME=stamp(now),
            STATUS="COM" if incident.resolved_at else "IPR" if work else "NST",
            EGEO=[emsi.of_point(lat=incident.lat, lon=incident.lon, name=incident.address, at=now)], FREETEXT=note[:4000],
        ),
        MISSION=[_mission(one) for one in work], RESOURCE=_crews(work),
    )  # fmt: skip


def _context(id_: str, kind: str, now: datetime, *, urgent: bool) -> emsi.Context:
    return emsi.Context(
        ID=id_, MODE="EXERCS" if settings.PREFECTURE_EXERCISE else "ACTUAL",
        MSGTYPE="ALERT" if kind == "ALERT" else "UPDATE", CREATION=stamp(now),
        ORIGIN=emsi.Origin(ORG_ID=settings.PREFECTURE_OUR_ID, NAME=settings.PREFECTURE_OUR_NAME),
        URGENCY="URGENT" if urgent else "NOT_URGENT",
    )  # fmt: skip


def _work(incidents: Sequence[Incident]) -> list[Intervention]:
    """What is being done on them, the newest first."""
    found = Intervention.objects.filter(incident__in=incidents).order_by("-created_at", "-id")
    return list(found.select_related("crew__organisation")[:MISSIONS])


def _action(action: Action) -> emsi.Mission:
    return emsi.Mission(
        TYPE=ANY, ID=f"A-{action.number}", ORG_ID=settings.PREFECTURE_OUR_ID, NAME=action.text[:200],
        STATUS=ACTIONS[action.state], START_TIME=stamp(action.at),
        END_TIME=stamp(action.ended_at) if action.ended_at else None,
    )  # fmt: skip


def _mission(one: Intervention) -> emsi.Mission:
    began, ended = one.departed_at or one.arrived_at, one.done_at or one.ended_at
    return emsi.Mission(
        TYPE=ANY, ID=one.reference, ORG_ID=_of(one.crew.organisation.key if one.crew else ""), NAME=one.title,
        STATUS="PAU" if one.paused_since and WORK[one.status] == "IPR" else WORK[one.status],
        START_TIME=stamp(began) if began else None, END_TIME=stamp(ended) if ended else None,
        RESOURCE_ID=[one.crew.name] if one.crew else [], POSITION=emsi.at_point(lat=one.lat, lon=one.lon, name=one.address),
    )  # fmt: skip


def _crews(work: list[Intervention]) -> list[emsi.Resource]:
    """Each crew at work once, where its liveliest mission has it."""
    order = list(CREWS)
    busy = sorted((one for one in work if one.crew and one.status in CREWS), key=lambda one: order.index(one.status))
    latest = {one.crew.name: one for one in busy if one.crew}
    return [
        emsi.Resource(
            RTYPE=emsi.ResourceType(RCLASS=[UNIT]), ID=name, NAME=name, STATUS=CREWS[one.status],
            ORG_ID=_of(one.crew.organisation.key if one.crew else ""),
        )
        for name, one in latest.items()
    ]  # fmt: skip


def _loan(one: Loan) -> emsi.Resource:
    return emsi.Resource(
        RTYPE=emsi.ResourceType(RCLASS=[MEANS]), ID=str(one.id), ORG_ID=_of(one.lender.key), NAME=one.what[:200],
        QUANTITY=one.quantity, STATUS="RESRVD",
    )  # fmt: skip


def _of(organisation: str) -> str:
    return ".".join(part for part in (settings.PREFECTURE_OUR_ID, organisation) if part)
