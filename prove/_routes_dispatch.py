"""Who may choose crews, see the cover and keep crews and shifts: a part of the table of `prove matrix`."""

from __future__ import annotations

from typing import Any

from prove._routes_interventions import COORDINATORS, PLANNERS, on_mission
from prove._rules import POST_WIDE, SEES, Rule, holders

# Means are seen by the post, and their own organisation's; the crew that is asked about is the lighting contractor's.
MEANS = POST_WIDE | {"crew_leader"}
SEES["crew"] = POST_WIDE | {"crew_leader"}
SEES["nothing"] = frozenset()
ON_CREW = Rule(COORDINATORS, on=("crew",), sees=True)
GONE = Rule(COORDINATORS, on=("nothing",), sees=True)  # rows that the first caller would take away from the others
OWN = GONE  # a plan is for whoever asked for it: nobody else's is there
CREW = "api/v1/crews/<uuid:crew_id>/"
ROUTES: dict[str, dict[str, Rule]] = {
    "api/v1/interventions/<uuid:intervention_id>/proposals/": {"POST": on_mission(COORDINATORS)},
    "api/v1/plans/": {"GET": holders(COORDINATORS), "POST": holders(COORDINATORS)},
    "api/v1/plans/<uuid:plan_id>/": {"GET": OWN},
    **{f"api/v1/plans/<uuid:plan_id>/{act}/": {"POST": OWN} for act in ("stop", "apply")},
    "api/v1/series/": {"GET": holders(PLANNERS), "POST": holders(PLANNERS)},
    "api/v1/series/<uuid:series_id>/end/": {"POST": Rule(PLANNERS, on=("nothing",), sees=True)},
    "api/v1/cover/": {"GET": holders(MEANS)},
    "api/v1/crews/": {"GET": holders(MEANS), "POST": holders(COORDINATORS)},
    CREW: {"GET": Rule(MEANS, on=("crew",), sees=True)},
    **{f"{CREW}{act}/": {"POST": ON_CREW} for act in ("edit", "shifts", "patterns")},
    "api/v1/shifts/<uuid:shift_id>/": {"PUT": GONE, "DELETE": GONE},
    "api/v1/patterns/<uuid:pattern_id>/": {"DELETE": GONE},
}
BODIES: dict[str, dict[str, Any]] = {
    "api/v1/series/<uuid:series_id>/end/": {"reason": "fini"},
    "api/v1/shifts/<uuid:shift_id>/": {
        "starts_at": "2031-11-03T08:00:00+01:00",
        "ends_at": "2031-11-03T16:00:00+01:00",
    },
}
