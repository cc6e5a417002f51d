"""The duties of DOMAIN.md as data: their names, and what each one opens to see."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Role(StrEnum):
    CALL_TAKER = "call_taker"
    VIDEO_OPERATOR = "video_operator"
    MUNICIPAL_POLICE = "municipal_police"
    BUILDING_SUPERVISOR = "building_supervisor"
    EQUIPMENT_SUPERVISOR = "equipment_supervisor"
    INTERVENTION_COORDINATOR = "intervention_coordinator"
    CREW_LEADER = "crew_leader"
    MOBILITY_OPERATOR = "mobility_operator"
    COMMUNE_OFFICER = "commune_officer"
    CRISIS_DIRECTOR = "crisis_director"
    CRISIS_MEMBER = "crisis_member"
    LOGBOOK_SECRETARY = "logbook_secretary"
    PREFECTURE_LIAISON = "prefecture_liaison"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    CITIZEN_GATEWAY = "citizen_gateway"  # a machine: the city's app or web form, through Open311


class Reach(StrEnum):
    """What a duty sees: the whole post (or the communes it is limited to), its organisation's share, or less."""

    POST = "post"
    ORGANISATION = "organisation"
    PREFECTURE = "prefecture"
    NONE = "none"  # only what guardian grants by name


@dataclass(frozen=True, slots=True)
class Spec:
    title: "_StrPromise"
    reach: Reach
    extra: frozenset[str] = frozenset()  # further audiences: restricted content, the record of access


POLICE, RESTRICTED, AUDIT, ADMINISTRATION = "police", "restricted", "audit", "administration"

ROLES: dict[Role, Spec] = {
    Role.CALL_TAKER: Spec(_("Call taker"), Reach.POST),
    Role.VIDEO_OPERATOR: Spec(_("Video operator"), Reach.POST),
    Role.MUNICIPAL_POLICE: Spec(_("Municipal police"), Reach.POST, frozenset({POLICE})),
    Role.BUILDING_SUPERVISOR: Spec(_("Building supervisor"), Reach.POST),
    Role.EQUIPMENT_SUPERVISOR: Spec(_("Equipment supervisor"), Reach.POST),
    Role.INTERVENTION_COORDINATOR: Spec(_("Intervention coordinator"), Reach.POST),
    Role.CREW_LEADER: Spec(_("Crew leader"), Reach.ORGANISATION),
    Role.MOBILITY_OPERATOR: Spec(_("Mobility operator"), Reach.ORGANISATION),
    Role.COMMUNE_OFFICER: Spec(_("Commune officer"), Reach.POST),
    Role.CRISIS_DIRECTOR: Spec(_("Crisis director"), Reach.POST),
    Role.CRISIS_MEMBER: Spec(_("Crisis cell member"), Reach.NONE),
    Role.LOGBOOK_SECRETARY: Spec(_("Logbook secretary"), Reach.NONE),
    Role.PREFECTURE_LIAISON: Spec(_("Prefecture liaison"), Reach.PREFECTURE),
    Role.AUDITOR: Spec(_("Auditor"), Reach.POST, frozenset({RESTRICTED, AUDIT})),
    Role.ADMINISTRATOR: Spec(_("Administrator"), Reach.NONE, frozenset({ADMINISTRATION})),
    Role.CITIZEN_GATEWAY: Spec(_("Citizen gateway"), Reach.NONE),
}

# A commune officer without a commune would see the whole metropolis: refused by a database constraint as well.
COMMUNE_BOUND = frozenset({Role.COMMUNE_OFFICER})


def duty_audiences(role: Role, *, organisation: str, communes: list[str]) -> frozenset[str]:
    """The audiences that one duty opens. `organisation` is its id; `communes` INSEE codes, empty for all."""
    spec = ROLES[role]
    opened = set(spec.extra)
    if spec.reach is Reach.ORGANISATION:
        opened.add(f"organisation:{organisation}")
    elif spec.reach is Reach.PREFECTURE:
        opened.add("prefecture")
    elif spec.reach is Reach.POST:
        opened |= {f"commune:{insee}" for insee in communes} or {"post"}
    if POLICE in spec.extra and communes:
        opened = opened - {POLICE} | {f"{POLICE}:{insee}" for insee in communes}
    return frozenset(opened)
