from collections.abc import Mapping
from enum import StrEnum

from access.roles import Role


class Permission(StrEnum):
    SEE = "exercise.see"  # scenarios with what is still to come, and the evaluation: for nobody who plays
    FACILITATE = "exercise.facilitate"


CARRIED_BY: Mapping[StrEnum, frozenset[Role]] = {
    Permission.SEE: frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
    Permission.FACILITATE: frozenset({Role.ADMINISTRATOR}),
}
