"""Who may do what in a crisis cell. It takes three things together, and rank is none of them:

1. a duty that carries the permission (below), 2. being named on the cell with the right (guardian; it follows from the
function held, `crisis.functions`), 3. the cell's level (`crisis.workflow`). Only an auditor sees cells without a name.
"""

from collections.abc import Mapping
from enum import StrEnum

from access.roles import Role


class Right(StrEnum):
    """What somebody may do in one cell: guardian's permissions on it."""

    SEE = "see_cell"
    LOG = "write_log"
    DECIDE = "decide"
    MEMBERS = "manage_members"
    APPROVE = "approve_reports"
    CLOSE = "close_cell"


class Permission(StrEnum):
    """What a duty carries."""

    VIEW = "crisis.view"
    OPEN = "crisis.open"
    DIRECT = "crisis.direct"
    TAKE_OVER = "crisis.take_over"  # accept the direction of operations
    LOG = "crisis.log"
    DECIDE = "crisis.decide"
    MEMBERS = "crisis.manage_members"
    APPROVE = "crisis.approve"
    CLOSE = "crisis.close"


_R = Role
_HUMANS = frozenset(Role) - {_R.CITIZEN_GATEWAY}
_LEADERS = frozenset({_R.CRISIS_DIRECTOR, _R.COMMUNE_OFFICER})
_CELL = frozenset({_R.CRISIS_MEMBER})

CARRIED_BY: Mapping[StrEnum, frozenset[Role]] = {
    Permission.VIEW: _HUMANS - {_R.ADMINISTRATOR},
    Permission.OPEN: _LEADERS,
    Permission.DIRECT: _LEADERS,
    Permission.TAKE_OVER: _LEADERS | {_R.PREFECTURE_LIAISON},
    Permission.LOG: _HUMANS - {_R.ADMINISTRATOR, _R.AUDITOR},
    Permission.DECIDE: _LEADERS | _CELL,
    Permission.MEMBERS: _LEADERS | _CELL | {_R.LOGBOOK_SECRETARY},
    Permission.APPROVE: _LEADERS | _CELL,
    Permission.CLOSE: _LEADERS,
}

# The permission a duty must carry for a right in a cell to count.
DUTY_FOR: Mapping[Right, Permission] = {
    Right.SEE: Permission.VIEW,
    Right.LOG: Permission.LOG,
    Right.DECIDE: Permission.DECIDE,
    Right.MEMBERS: Permission.MEMBERS,
    Right.APPROVE: Permission.APPROVE,
    Right.CLOSE: Permission.CLOSE,
}

SCOPES: Mapping[str, frozenset[Permission]] = {
    "crisis.read": frozenset({Permission.VIEW}),
    "crisis.write": frozenset({Permission.VIEW, Permission.LOG}),
}
