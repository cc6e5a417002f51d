"""A cell's situation as EMSI: who says it, what, since when, what is being done."""

from typing import Any

import msgspec
from django.conf import settings

from crisis.models import Action, Cell, CellIncident, Report
from crisis.workflow import ActionState
from prefecture.services.sending import clock
from prefecture.wire import emsi
from prefecture.wire.times import stamp

SCALES = {"standby": 1, "watch": 1, "pre_alert": 2, "alert": 3, "crisis": 4, "recovery": 2, "closed": 1}
STATES: dict[str, emsi.MissionStatus] = {
    ActionState.TODO: "PND", ActionState.DOING: "INPROG", ActionState.DONE: "COMPLT", ActionState.DROPPED: "CANCLD",
}  # fmt: skip
MISSIONS, PLACES = 100, 50


def situation(cell: Cell, *, number: int, kind: Report.Kind) -> dict[str, Any]:
    """Plain values of an EMSI document. Restricted incidents are left out; actions are the missions."""
    now, us = clock(), settings.PREFECTURE_OUR_ID
    linked = CellIncident.objects.filter(cell=cell, incident__sensitivity="normal").select_related("incident")
    places = [
        emsi.of_point(lat=one.incident.lat, lon=one.incident.lon, name=one.incident.reference, at=now)
        for one in linked[:PLACES]
    ]
    actions = Action.objects.filter(cell=cell).order_by("-number")[:MISSIONS]
    document = emsi.Emsi(
        CONTEXT=emsi.Context(
            ID=f"{cell.reference}-{kind}-{number}", MODE="EXERCS" if settings.PREFECTURE_EXERCISE else "ACTUAL",
            MSGTYPE="UPDATE", CREATION=stamp(now), ORIGIN=emsi.Origin(ORG_ID=us, NAME=settings.PREFECTURE_OUR_NAME),
            URGENCY="URGENT" if cell.level in ("alert", "crisis") else "NOT_URGENT",
        ),
        EVENT=emsi.Event(
            ID=cell.reference, NAME=cell.title[:200], SCALE=SCALES.get(cell.level, 1), DECL_DATIME=stamp(cell.opened_at),
            STATUS="COMPLT" if cell.closed_at else "INPROG", EGEO=places,
        ),
        MISSION=[_mission(action, us) for action in actions],
    )  # fmt: skip
    found: dict[str, Any] = msgspec.to_builtins(document)
    return found


def _mission(action: Action, organisation: str) -> emsi.Mission:
    return emsi.Mission(
        ID=f"A-{action.number}", ORG_ID=organisation, NAME=action.text[:200], STATUS=STATES[action.state],
        START_TIME=stamp(action.at), END_TIME=stamp(action.ended_at) if action.ended_at else None,
    )  # fmt: skip
