"""Who may do what with interventions and means: the room's part of the table of `prove matrix`."""

from __future__ import annotations

from typing import Any

from prove._rules import CELL, FOLLOWERS, LEADERS, MACHINES, POST_WIDE, SEES, SIGNED_IN, SUPERVISORS, Rule, holders

COORDINATORS = LEADERS - {"municipal_police"}
PLANNERS = COORDINATORS | SUPERVISORS | {"municipal_police"}
CREW = COORDINATORS | {"crew_leader"}
ADMINISTRATION = frozenset({"administrator"})
VERIFIERS = COORDINATORS | SUPERVISORS
WATCHERS = POST_WIDE | FOLLOWERS | CELL | {"crew_leader", "mobility_operator"}

FIGURES_SEEN_BY = VERIFIERS | FOLLOWERS | {"crew_leader", "auditor"}
MEANS_SEEN_BY = POST_WIDE | {"crew_leader"}

# The mission is the lighting contractor's, in Dijon.
SEES["mission"] = POST_WIDE | {"crew_leader", "commune_officer"}

# The webhook is another contractor's than the crew leader's.
SEES["hook"] = COORDINATORS | ADMINISTRATION


def on_mission(*groups: frozenset[str]) -> Rule:
    return Rule(frozenset().union(*groups), on=("mission",), sees=True)


def on_hook(*groups: frozenset[str]) -> Rule:
    return Rule(frozenset().union(*groups), on=("hook",), sees=True)


BOARD_PAGE = Rule(WATCHERS - MACHINES, page=True)
HOOK = "api/v1/webhooks/<uuid:webhook_id>/"
ONE = "api/v1/interventions/<uuid:intervention_id>/"
ACTS: dict[str, frozenset[str]] = {
    **dict.fromkeys(("edit", "cancel", "pause", "resume"), PLANNERS),
    **dict.fromkeys(("assign", "unassign"), COORDINATORS),
    **dict.fromkeys(("verify", "reopen"), VERIFIERS),
    **dict.fromkeys(("accept", "refuse", "depart", "arrive", "finish", "fail", "hold", "release"), CREW),
    **dict.fromkeys(("tick", "note", "material", "check-in", "photos"), CREW),
}
ROUTES: dict[str, dict[str, Rule]] = {
    "interventions/": {"GET": BOARD_PAGE},
    "api/v1/skills/": {"GET": SIGNED_IN},
    "api/v1/interventions/": {"GET": holders(WATCHERS), "POST": holders(PLANNERS)},
    "api/v1/interventions/counts/": {"GET": holders(WATCHERS)},
    ONE: {"GET": on_mission(WATCHERS)},
    **{f"{ONE}{act}/": {"POST": on_mission(who)} for act, who in ACTS.items()},
    "api/v1/positions/": {"GET": holders(MEANS_SEEN_BY), "POST": holders(CREW)},
    "api/v1/positions/owntracks/": {"POST": Rule(frozenset(), "401", "401")},  # with an API key alone
    "api/v1/positions/traccar/": {"POST": Rule(frozenset(), "401", "401")},
    "api/v1/webhooks/": {"GET": holders(CREW), "POST": holders(CREW)},
    HOOK: {"GET": on_hook(CREW), "PUT": on_hook(CREW)},
    f"{HOOK}deliveries/": {"GET": on_hook(CREW)},
    f"{HOOK}deliveries/<uuid:delivery_id>/send-again/": {"POST": on_hook(CREW, ADMINISTRATION)},
    "api/v1/figures/interventions/": {"GET": holders(FIGURES_SEEN_BY)},
    "api/v1/figures/interventions.xlsx": {"GET": holders(FIGURES_SEEN_BY)},
    "reports/interventions/": {"GET": Rule(FIGURES_SEEN_BY, page=True)},
    f"{ONE}mission-order.pdf": {"GET": on_mission(WATCHERS)},
    f"{ONE}completion-report.pdf": {"GET": on_mission(WATCHERS)},
    "api/v1/photos/<uuid:photo_id>/": {"GET": on_mission(WATCHERS)},
}
BODIES: dict[str, dict[str, Any]] = {
    HOOK: {"url": "https://autre.example.org/", "active": True},
    "refuse": {"reason": "non"},
    "finish": {"outcome": "fait"},
    "fail": {"reason": "non"},
    "unassign": {"reason": "non"},
    "pause": {"reason": "weather"},
    "hold": {"reason": "weather"},
    "tick": {"item": "zone"},
    "note": {"text": "vu"},
    "material": {"label": "lampe", "quantity": 1},
}
