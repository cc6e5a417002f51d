from collections.abc import Mapping
from enum import StrEnum

from access.roles import Role


class Permission(StrEnum):
    VIEW = "incidents.view"
    DECLARE = "incidents.declare"
    REPORT = "incidents.report"
    ACKNOWLEDGE = "incidents.acknowledge"
    QUALIFY = "incidents.qualify"
    EDIT = "incidents.edit"
    ASSIGN = "incidents.assign"
    WORK = "incidents.work"
    CLOSE = "incidents.close"
    CANCEL = "incidents.cancel"
    REOPEN = "incidents.reopen"
    MOVE = "incidents.move"
    MERGE = "incidents.merge"
    RESTRICT = "incidents.restrict"
    SNOOZE = "incidents.snooze"
    HAND_OVER = "incidents.hand_over"
    FOLLOW_PROCEDURE = "incidents.follow_procedure"
    SHIFT = "incidents.shift"  # see and sign the shift's hand-over
    MANAGE_PROCEDURES = "incidents.manage_procedures"  # and policies
    COMMENT = "incidents.comment"
    ATTACH = "incidents.attach"
    WATCH = "incidents.watch"
    SEE_REPORTERS = "incidents.see_reporters"
    ERASE_REPORTER = "incidents.erase_reporter"


_R = Role
_OPERATORS = frozenset({_R.CALL_TAKER, _R.VIDEO_OPERATOR, _R.BUILDING_SUPERVISOR, _R.EQUIPMENT_SUPERVISOR})
_SUPERVISORS = frozenset({_R.BUILDING_SUPERVISOR, _R.EQUIPMENT_SUPERVISOR})
_LEADERS = frozenset({_R.INTERVENTION_COORDINATOR, _R.MUNICIPAL_POLICE, _R.CRISIS_DIRECTOR})
_DESK = _OPERATORS | _LEADERS
_FIELD = frozenset({_R.CREW_LEADER, _R.MOBILITY_OPERATOR})
_FOLLOWERS = frozenset({_R.COMMUNE_OFFICER})
_CELL = frozenset({_R.CRISIS_MEMBER, _R.LOGBOOK_SECRETARY})
_GATEWAY = frozenset({_R.CITIZEN_GATEWAY})

CARRIED_BY: Mapping[StrEnum, frozenset[Role]] = {
    Permission.VIEW: frozenset(Role) - {_R.ADMINISTRATOR, _R.CITIZEN_GATEWAY},
    Permission.DECLARE: _DESK | _FIELD | _FOLLOWERS | _GATEWAY,
    Permission.REPORT: _DESK | _FIELD | _FOLLOWERS | _GATEWAY,
    Permission.ACKNOWLEDGE: _DESK | _FIELD,  # whoever an incident can be handed over to can take it up
    Permission.QUALIFY: _DESK | {_R.MOBILITY_OPERATOR},
    Permission.EDIT: _DESK | {_R.MOBILITY_OPERATOR},
    Permission.ASSIGN: _LEADERS | _SUPERVISORS,
    Permission.WORK: _LEADERS | _SUPERVISORS | _FIELD,
    Permission.CLOSE: _LEADERS | _SUPERVISORS | {_R.MOBILITY_OPERATOR},
    Permission.CANCEL: _LEADERS | {_R.CALL_TAKER},
    Permission.REOPEN: _LEADERS | _SUPERVISORS,
    Permission.MOVE: _DESK,
    Permission.MERGE: _DESK,
    Permission.RESTRICT: frozenset({_R.MUNICIPAL_POLICE, _R.CRISIS_DIRECTOR}),
    Permission.SNOOZE: _DESK | {_R.MOBILITY_OPERATOR},
    Permission.HAND_OVER: _DESK | _FIELD,
    Permission.FOLLOW_PROCEDURE: _DESK | _FIELD,
    Permission.SHIFT: _DESK,
    Permission.MANAGE_PROCEDURES: frozenset({_R.ADMINISTRATOR}),
    Permission.COMMENT: _DESK | _FIELD | _FOLLOWERS | _CELL,
    Permission.ATTACH: _DESK | _FIELD | _FOLLOWERS,
    Permission.WATCH: _DESK | _FIELD | _FOLLOWERS | _CELL | {_R.AUDITOR},
    Permission.SEE_REPORTERS: _LEADERS | {_R.CALL_TAKER, _R.AUDITOR},
    Permission.ERASE_REPORTER: frozenset({_R.INTERVENTION_COORDINATOR, _R.CRISIS_DIRECTOR}),
}

_READ = frozenset({Permission.VIEW})
_REPORT = frozenset({Permission.DECLARE, Permission.REPORT})
SCOPES: Mapping[str, frozenset[Permission]] = {
    "incidents.read": _READ,
    "reports.write": _REPORT,
    "incidents.write": frozenset(Permission)
    - {Permission.ERASE_REPORTER, Permission.SEE_REPORTERS, Permission.SHIFT, Permission.MANAGE_PROCEDURES},
    "reporters.read": frozenset({Permission.SEE_REPORTERS}),
}
