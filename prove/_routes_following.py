"""Who may do what on an incident's escalation and procedures, and at the change of shift; the house's own alarms."""

from prove._rules import DESK, FIELD, HUMANS, JUDGES, VIEWERS, Rule, holders, on_object

_INCIDENT = "api/v1/incidents/<uuid:incident_id>/"

ROUTES: dict[str, dict[str, Rule]] = {
    "api/v1/alarms/": {"GET": holders(HUMANS - {"prefecture_liaison"})},
    f"{_INCIDENT}escalation/": {"GET": on_object(VIEWERS)},
    f"{_INCIDENT}procedures/": {"GET": on_object(VIEWERS), "POST": on_object(DESK, FIELD)},
    f"{_INCIDENT}ticks/": {"POST": on_object(DESK, FIELD)},
    f"{_INCIDENT}snooze/": {"POST": on_object(JUDGES)},
    f"{_INCIDENT}hand-over/": {"POST": on_object(DESK, FIELD)},
}
