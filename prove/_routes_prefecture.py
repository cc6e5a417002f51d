"""The prefecture link's routes: the state is everybody's, messages are the room's, `/cod/` is the other side's machine's."""

from __future__ import annotations

from prove import _routes_crisis  # noqa: F401  (who sees a cell)
from prove._rules import ANYBODY, HUMANS, POST_WIDE, SEES, Rule, holders

ROOM = frozenset({"crisis_director", "logbook_secretary", "crisis_member"})
VIEW = POST_WIDE | ROOM | {"prefecture_liaison"}
SEND = frozenset({"crisis_director", "logbook_secretary", "intervention_coordinator"})
DECIDE = frozenset({"crisis_director", "intervention_coordinator"})
SEES["no message"] = frozenset()
# A cell's opening is told to the prefecture, by its title; its reference and its record are not.
SEES["title of the cell"] = SEES["cell"] | {"prefecture_liaison"}
# For the prefecture's own machine alone, which is none of the callers.
MACHINE = Rule(frozenset())
_API = "api/v1/prefecture/"
_ONE = f"{_API}messages/<uuid:message_id>/"


def nothing(*who: frozenset[str]) -> Rule:
    """Those who may act, on something that is not there."""
    return Rule(frozenset[str]().union(*who), on=("no message",), sees=True)


ROUTES: dict[str, dict[str, Rule]] = {
    "cod/v1/messages": {"GET": MACHINE, "POST": MACHINE},
    "cod/v1/state": {"GET": MACHINE},
    "cap/": {"GET": ANYBODY},
    "cap/<int:alert_id>.xml": {"GET": Rule(frozenset(), "404", "404")},
    "prefecture/": {"GET": Rule(VIEW, page=True)},
    "prefecture/pane/<uuid:crisis>/": {"GET": Rule(VIEW, page=True)},
    _API: {"GET": holders(VIEW)},
    f"{_API}link/": {"GET": holders(HUMANS)},
    f"{_API}messages/": {"GET": holders(VIEW), "POST": holders(SEND)},
    f"{_API}alerts/": {"POST": holders(SEND)},
    _ONE: {"GET": nothing(VIEW)},
    f"{_ONE}read/": {"POST": nothing(SEND)},
    f"{_ONE}again/": {"POST": nothing(SEND)},
    f"{_API}instructions/<uuid:instruction_id>/done/": {"POST": nothing(SEND)},
    f"{_API}drafts/<uuid:draft_id>/accept/": {"POST": nothing(DECIDE)},
    f"{_API}drafts/<uuid:draft_id>/discard/": {"POST": nothing(DECIDE)},
}
