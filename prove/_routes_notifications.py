"""Who may do what with messages, rotas and drills: the room's part of the table of `prove matrix`."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from prove._rules import ANYBODY, HUMANS, LIBRARY, LIBRARY_PAGE, NOWHERE, SEES, Rule, holders

READERS = HUMANS - {"prefecture_liaison", "crisis_member", "logbook_secretary"}
PLANNERS = frozenset(["intervention_coordinator", "crisis_director", "administrator"])
SEES["nothing"] = frozenset()  # an id that nobody has: whoever may ask is told so, and nobody else anything

# The gateway signs what it tells us; nobody of the post does, and no duty opens this door.
GATEWAY_ONLY = {"POST": Rule(frozenset(), refused="403", stranger="403")}


def on_nothing(who: frozenset[str], *, page: bool = False) -> Rule:
    return Rule(who, on=("nothing",), sees=True, page=page)


MESSAGE, ROTA = "api/v1/notifications/<uuid:message_id>/", "api/v1/on-call/<uuid:rota_id>/"
ROUTES: dict[str, dict[str, Rule]] = {
    "gateway/receipts/": GATEWAY_ONLY,
    "gateway/replies/": GATEWAY_ONLY,
    "notifications/": {"GET": Rule(HUMANS, page=True), "POST": LIBRARY_PAGE},
    "m/<str:token>/": {"GET": NOWHERE, "POST": LIBRARY},
    "push-worker.js": {"GET": ANYBODY},
    "on-call/": {"GET": Rule(READERS, page=True), "POST": LIBRARY_PAGE},
    "on-call/<slug:key>/": {"GET": on_nothing(READERS, page=True), "POST": LIBRARY_PAGE},
    "on-call/calendar/<str:token>.ics": {"GET": NOWHERE},
    "on-call/drills/": {"GET": Rule(PLANNERS, page=True), "POST": LIBRARY_PAGE},
    "on-call/drills/<uuid:drill_id>/": {"GET": on_nothing(PLANNERS, page=True), "POST": LIBRARY_PAGE},
    "api/v1/notifications/": {"GET": holders(HUMANS)},
    "api/v1/notifications/preferences/": {"GET": holders(HUMANS), "PUT": holders(HUMANS)},
    f"{MESSAGE}acknowledge/": {"POST": on_nothing(HUMANS)},
    f"{MESSAGE}read/": {"POST": on_nothing(HUMANS)},
    "api/v1/push-subscriptions/": {"POST": holders(HUMANS)},
    "api/v1/push-subscriptions/<uuid:subscription_id>/": {"DELETE": on_nothing(HUMANS)},
    "api/v1/on-call/": {"GET": holders(READERS), "POST": holders(PLANNERS)},
    ROTA: {"GET": on_nothing(READERS), "PUT": on_nothing(PLANNERS)},
    f"{ROTA}end/": {"POST": on_nothing(PLANNERS)},
    f"{ROTA}shifts/": {"GET": on_nothing(READERS)},
    f"{ROTA}layers/": {"PUT": on_nothing(PLANNERS)},
    f"{ROTA}overrides/": {"POST": on_nothing(PLANNERS)},
    f"{ROTA}swaps/": {"POST": on_nothing(READERS)},
    "api/v1/overrides/<uuid:override_id>/": {"DELETE": on_nothing(PLANNERS)},
    "api/v1/swaps/<uuid:swap_id>/answer/": {"POST": on_nothing(READERS)},
    "api/v1/swaps/<uuid:swap_id>/": {"DELETE": on_nothing(READERS)},
    "api/v1/drills/": {"POST": holders(PLANNERS)},
    "api/v1/drills/<uuid:drill_id>/": {"GET": on_nothing(PLANNERS)},
}
_START, _END = "2031-11-03T08:00:00+01:00", "2031-11-04T08:00:00+01:00"
BODIES: dict[str, dict[str, Any]] = {
    ROTA: {"name": "autre nom"},
    "layers": {"layers": []},
    "overrides": {"person": str(uuid4()), "starts_at": _START, "ends_at": _END},
    "swaps": {"asked_to": str(uuid4()), "give": {"start": _START, "end": _END}},
    "answer": {"accept": False},
}
QUERIES = {"shifts": f"?since={_START}&until={_END}".replace("+", "%2B")}
