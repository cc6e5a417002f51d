from collections.abc import Mapping
from enum import StrEnum

from access.roles import Role


class Permission(StrEnum):
    VIEW = "interventions.view"
    PLAN = "interventions.plan"  # ask for work, correct it, call it off, stop its clock
    DISPATCH = "interventions.dispatch"  # choose the crew
    WORK = "interventions.work"  # what a crew says from the field
    VERIFY = "interventions.verify"
    SEE_MEANS = "interventions.see_means"  # crews, shifts, vehicles and where they are
    MANAGE_MEANS = "interventions.manage_means"
    SEND_POSITIONS = "interventions.send_positions"
    SEE_FIGURES = "interventions.see_figures"
    MANAGE_LINKS = "interventions.manage_links"  # an organisation's webhooks
    SEND_AGAIN = "interventions.send_again"  # dead letters of a webhook; never where it leads
    MANAGE_TERMS = "interventions.manage_terms"  # contracts, checklists, vehicles


_R = Role
_LEADERS = frozenset({_R.INTERVENTION_COORDINATOR, _R.CRISIS_DIRECTOR})
_SUPERVISORS = frozenset({_R.BUILDING_SUPERVISOR, _R.EQUIPMENT_SUPERVISOR})
_FIELD = frozenset({_R.CREW_LEADER})
_WATCH = frozenset({_R.MUNICIPAL_POLICE, _R.VIDEO_OPERATOR, _R.CALL_TAKER, _R.AUDITOR})

CARRIED_BY: Mapping[StrEnum, frozenset[Role]] = {
    Permission.VIEW: frozenset(Role) - {_R.ADMINISTRATOR, _R.CITIZEN_GATEWAY, _R.PREFECTURE_LIAISON},
    Permission.PLAN: _LEADERS | _SUPERVISORS | {_R.MUNICIPAL_POLICE},
    Permission.DISPATCH: _LEADERS,
    Permission.WORK: _LEADERS | _FIELD,
    Permission.VERIFY: _LEADERS | _SUPERVISORS,
    Permission.SEE_MEANS: _LEADERS | _SUPERVISORS | _FIELD | _WATCH,
    Permission.MANAGE_MEANS: _LEADERS,
    Permission.SEND_POSITIONS: _LEADERS | _FIELD,
    Permission.SEE_FIGURES: _LEADERS | _SUPERVISORS | _FIELD | {_R.COMMUNE_OFFICER, _R.AUDITOR},
    Permission.MANAGE_LINKS: _LEADERS | _FIELD,
    Permission.SEND_AGAIN: _LEADERS | _FIELD | {_R.ADMINISTRATOR},
    Permission.MANAGE_TERMS: frozenset({_R.ADMINISTRATOR}),
}

SCOPES: Mapping[str, frozenset[Permission]] = {
    "interventions.read": frozenset({Permission.VIEW, Permission.SEE_MEANS, Permission.SEE_FIGURES}),
    "interventions.write": frozenset(
        {
            *(Permission.PLAN, Permission.DISPATCH, Permission.WORK, Permission.VERIFY),
            *(Permission.MANAGE_LINKS, Permission.SEND_AGAIN),
        }
    ),
    "means.write": frozenset({Permission.MANAGE_MEANS}),
    "positions.write": frozenset({Permission.SEND_POSITIONS}),
}
