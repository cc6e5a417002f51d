from collections.abc import Mapping
from enum import StrEnum

from access.roles import Role


class Permission(StrEnum):
    SEE_PEOPLE = "access.see_people"
    MANAGE_PEOPLE = "access.manage_people"
    MANAGE_DUTIES = "access.manage_duties"
    READ_RECORD = "access.read_record"
    FOLLOW = "access.follow"  # open the live stream and read the journal


_ADMINISTRATION = frozenset({Role.ADMINISTRATOR})

CARRIED_BY: Mapping[StrEnum, frozenset[Role]] = {
    Permission.SEE_PEOPLE: frozenset(Role) - {Role.CITIZEN_GATEWAY, Role.PREFECTURE_LIAISON},
    Permission.MANAGE_PEOPLE: _ADMINISTRATION,
    Permission.MANAGE_DUTIES: _ADMINISTRATION,
    Permission.READ_RECORD: frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
    Permission.FOLLOW: frozenset(Role) - {Role.CITIZEN_GATEWAY},
}

SCOPES: Mapping[str, frozenset[Permission]] = {
    "incidents.read": frozenset({Permission.FOLLOW}),
}
