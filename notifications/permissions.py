from collections.abc import Mapping
from enum import StrEnum

from access.roles import Role


class Permission(StrEnum):
    RECEIVE = "notifications.receive"  # one's own messages and how one is reached
    SEE_ROTAS = "notifications.see_rotas"
    MANAGE_ROTAS = "notifications.manage_rotas"
    DRILL = "notifications.drill"
    SEE_ALARMS = "notifications.see_alarms"  # of the house itself


_PEOPLE = frozenset(Role) - {Role.CITIZEN_GATEWAY}
_LEADERS = frozenset({Role.INTERVENTION_COORDINATOR, Role.CRISIS_DIRECTOR, Role.ADMINISTRATOR})

CARRIED_BY: Mapping[StrEnum, frozenset[Role]] = {
    Permission.RECEIVE: _PEOPLE,
    Permission.SEE_ROTAS: _PEOPLE - {Role.PREFECTURE_LIAISON, Role.CRISIS_MEMBER, Role.LOGBOOK_SECRETARY},
    Permission.MANAGE_ROTAS: _LEADERS,
    Permission.DRILL: _LEADERS,
    Permission.SEE_ALARMS: _PEOPLE - {Role.PREFECTURE_LIAISON},
}

SCOPES: Mapping[str, frozenset[Permission]] = {
    "on_call.read": frozenset({Permission.SEE_ROTAS}),
}
