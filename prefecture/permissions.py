from collections.abc import Mapping
from enum import StrEnum

from access.roles import Role


class Permission(StrEnum):
    SEE_LINK = "prefecture.see_link"  # whether the link is up, and the phone number
    VIEW = "prefecture.view"
    SEND = "prefecture.send"
    DECIDE = "prefecture.decide"  # approve or dismiss a draft
    READ = "prefecture.read"  # say by name that a message was read; carry out instructions
    EXCHANGE = "prefecture.exchange"  # the other side's machine


_R = Role
_ROOM = frozenset({_R.CRISIS_DIRECTOR, _R.LOGBOOK_SECRETARY, _R.CRISIS_MEMBER})
_POST = frozenset(
    [
        *(_R.CALL_TAKER, _R.VIDEO_OPERATOR, _R.MUNICIPAL_POLICE, _R.BUILDING_SUPERVISOR, _R.EQUIPMENT_SUPERVISOR),
        *(_R.INTERVENTION_COORDINATOR, _R.AUDITOR),
    ]
)

CARRIED_BY: Mapping[StrEnum, frozenset[Role]] = {
    Permission.SEE_LINK: frozenset(Role) - {_R.CITIZEN_GATEWAY},
    Permission.VIEW: _ROOM | _POST | {_R.PREFECTURE_LIAISON},
    Permission.SEND: frozenset({_R.CRISIS_DIRECTOR, _R.LOGBOOK_SECRETARY, _R.INTERVENTION_COORDINATOR}),
    Permission.DECIDE: frozenset({_R.CRISIS_DIRECTOR, _R.INTERVENTION_COORDINATOR}),
    Permission.READ: frozenset({_R.CRISIS_DIRECTOR, _R.LOGBOOK_SECRETARY, _R.INTERVENTION_COORDINATOR}),
    Permission.EXCHANGE: frozenset({_R.PREFECTURE_LIAISON}),
}
SCOPES: Mapping[str, frozenset[Permission]] = {
    "prefecture.exchange": frozenset({Permission.EXCHANGE}),
    "prefecture.read": frozenset({Permission.SEE_LINK, Permission.VIEW}),
}
