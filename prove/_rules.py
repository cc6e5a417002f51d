"""What `prove matrix` says its expectations with: callers, groups of duties, objects, rules.

Answers are told apart as: `in` (the door is open: carried out, or judged on its content), `401` (say who you are,
or the login page), `403`, `404`, `405`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

# Callers: one person for each duty, and four more. Machines hold a bearer token and know no cookies.
OUTSIDER, ANONYMOUS, GATEWAY, READER = "outsider", "anonymous", "citizen_gateway", "reading_machine"
POST_WIDE = frozenset(
    [
        "call_taker",
        "video_operator",
        "municipal_police",
        "building_supervisor",
        "equipment_supervisor",
        "intervention_coordinator",
        "crisis_director",
        "auditor",
    ]
)
HUMANS = POST_WIDE | frozenset(
    [
        "crew_leader",
        "mobility_operator",
        "commune_officer",
        "crisis_member",
        "logbook_secretary",
        "prefecture_liaison",
        "administrator",
    ]
)
MACHINES = frozenset({GATEWAY, READER})
CALLERS = sorted(HUMANS | MACHINES | {OUTSIDER, ANONYMOUS})

# Objects, and who sees them. The crew leader works for the lighting contractor, the commune officer for Dijon; the
# light is in Dijon and the contractor's, the tram in Chenôve and the transit operator's; the secret names nobody.
SEES = {
    "light": POST_WIDE | {"crew_leader", "commune_officer", READER},
    "tram": POST_WIDE | {"mobility_operator", READER},
    "secret": frozenset({"municipal_police", "auditor"}),
}

OPERATORS = frozenset(["call_taker", "video_operator", "building_supervisor", "equipment_supervisor"])
LEADERS = frozenset(["intervention_coordinator", "municipal_police", "crisis_director"])
SUPERVISORS = frozenset(["building_supervisor", "equipment_supervisor"])
DESK = OPERATORS | LEADERS
FIELD = frozenset(["crew_leader", "mobility_operator"])
FOLLOWERS = frozenset({"commune_officer"})
CELL = frozenset(["crisis_member", "logbook_secretary"])
VIEWERS = (HUMANS - {"administrator"}) | {READER}
REPORTERS = DESK | FIELD | FOLLOWERS | {GATEWAY}
JUDGES = DESK | {"mobility_operator"}


@dataclass(frozen=True)
class Rule:
    """What each caller is to get; `on` names the kinds of object a route is tried with."""

    allowed: frozenset[str] = frozenset(CALLERS)
    refused: str = "403"
    stranger: str = "401"
    on: tuple[str, ...] = ("",)
    sees: bool = False
    page: bool = False
    loose: bool = False  # a library's page: anything but an error of ours or a leak
    inside: bool = False  # likewise, but only for those who are signed in
    shut: str = ""  # what those who may come so far are told: the house never does it, or has no such thing

    def expected(self, caller: str, thing: str) -> str:
        """The answer class for a caller and an object; empty when anything goes."""
        if self.loose:
            return ""
        known = caller != ANONYMOUS and not (self.page and caller in MACHINES)
        if not known and ANONYMOUS not in self.allowed:
            return self.stranger
        if self.inside:
            return ""
        if (caller if known else ANONYMOUS) not in self.allowed:
            return self.refused
        if self.shut:
            return self.shut
        return "404" if self.sees and caller not in SEES[thing] else "in"


THINGS = ("light", "tram", "secret")
ANYBODY = Rule()
SIGNED_IN = Rule(frozenset(CALLERS) - {ANONYMOUS})
LIBRARY = Rule(loose=True)
NOWHERE = Rule(frozenset(), refused="404", stranger="404")
PAGE = Rule(HUMANS | {OUTSIDER}, page=True)
LIBRARY_PAGE = Rule(HUMANS | {OUTSIDER}, page=True, inside=True)
DESK_PAGE = Rule(HUMANS, page=True)  # it says so where a duty opens no incident
ADMIN = Rule(frozenset({"administrator"}), refused="401", page=True)  # Django sends everybody else to its login
ADMIN_SHUT, ADMIN_NOTHING = replace(ADMIN, shut="403"), replace(ADMIN, shut="404")


def holders(*groups: frozenset[str]) -> Rule:
    return Rule(frozenset().union(*groups))


def on_object(*groups: frozenset[str]) -> Rule:
    return Rule(frozenset().union(*groups), on=THINGS, sees=True)
