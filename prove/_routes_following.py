"""Who may do what on an incident's escalation and procedures, and at the change of shift; the house's own alarms."""

from typing import Any

from prove._rules import ADMIN, DESK, FIELD, HUMANS, JUDGES, LIBRARY, SEES, VIEWERS, Rule, holders, on_object

_INCIDENT = "api/v1/incidents/<uuid:incident_id>/"

SEES["nothing"] = frozenset()  # an id that nobody has
_ID = "00000000-0000-4000-8000-000000000000"
# What a call has to hold so that rights are what decides.
BODIES: dict[str, dict[str, Any]] = {
    "snooze": {"minutes": 30, "reason": "plus tard"},
    "hand-over": {"organisation": _ID, "reason": "pas nous"},
    "procedures": {"procedure": _ID},
    "ticks": {"run": _ID, "step": 1, "state": "done"},
}

ROUTES: dict[str, dict[str, Rule]] = {
    "handover/": {"GET": Rule(DESK, page=True)},
    "api/v1/handovers/": {"GET": holders(DESK), "POST": holders(DESK)},
    "api/v1/handovers/<uuid:handover_id>/take/": {"POST": Rule(DESK, on=("nothing",), sees=True)},
    "api/v1/alarms/": {"GET": holders(HUMANS - {"prefecture_liaison"})},
    f"{_INCIDENT}escalation/": {"GET": on_object(VIEWERS)},
    f"{_INCIDENT}procedures/": {"GET": on_object(VIEWERS), "POST": on_object(DESK, FIELD)},
    f"{_INCIDENT}ticks/": {"POST": on_object(DESK, FIELD)},
    f"{_INCIDENT}snooze/": {"POST": on_object(JUDGES)},
    f"{_INCIDENT}hand-over/": {"POST": on_object(DESK, FIELD)},
}
for _model in ("policy", "procedure"):
    for _where in ("preview/", "<path:object_id>/preview/"):
        ROUTES[f"admin/incidents/{_model}/{_where}"] = {"GET": ADMIN, "POST": ADMIN, "*": LIBRARY}
