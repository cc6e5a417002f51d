"""Who may do what in a crisis cell, by hand: routes for `prove matrix`.

The world's one cell is directed by the crisis director, with the log's secretary and the crisis member in it; nobody
else is named on it, so for everybody else but the auditor there is no such cell.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from prove._rules import HUMANS, READER, SEES, Rule, holders

CELL = "api/v1/crisis/cells/<uuid:cell_id>/"
VIEW = HUMANS - {"administrator"}
WRITE = VIEW - {"auditor"}
LEAD = frozenset({"crisis_director", "commune_officer"})
DECIDE = LEAD | {"crisis_member"}
CALL = DECIDE | {"logbook_secretary"}
SEES["cell"] = frozenset({"crisis_director", "logbook_secretary", "crisis_member", "auditor"})
# Named on it with the right: the director with all, the secretary for the log and the people, the member for the log.
NAMED = {"decide": frozenset({"crisis_director"}), "members": frozenset({"crisis_director", "logbook_secretary"})}


def in_cell(duty: frozenset[str], named: frozenset[str] = SEES["cell"]) -> Rule:
    """The duty opens the door; the cell is then found by those who see it, and carried out by those named on it."""
    return Rule(duty & (named | (duty - SEES["cell"])), on=("cell",), sees=True)


# A proposal about the light: seen with it, settled by those who may open a cell.
SEES["proposal"] = SEES["light"] - {READER}
_PROPOSAL = Rule(VIEW & (LEAD | (VIEW - SEES["proposal"])), on=("proposal",), sees=True)
_GET, _LOG = in_cell(VIEW), in_cell(WRITE)
_DECIDE, _MEMBERS = in_cell(DECIDE, NAMED["decide"]), in_cell(CALL, NAMED["members"])
ROUTES: dict[str, dict[str, Rule]] = {
    "api/v1/crisis/plans/": {"GET": holders(VIEW)},
    "api/v1/crisis/suggestions/<uuid:suggestion_id>/set-aside/": {"POST": _PROPOSAL},
    "api/v1/crisis/cells/": {"GET": holders(VIEW), "POST": holders(LEAD)},
    CELL: {"GET": _GET},
    f"{CELL}level/": {"POST": _DECIDE},
    f"{CELL}briefing/": {"POST": _DECIDE},
    f"{CELL}lines/": {"GET": _GET, "POST": _LOG},
    f"{CELL}corrections/": {"POST": _LOG},
    f"{CELL}decisions/": {"GET": _GET, "POST": _DECIDE},
    f"{CELL}decisions/<uuid:decision_id>/check/": {"POST": _DECIDE},
    f"{CELL}actions/": {"GET": _GET, "POST": _LOG},
    f"{CELL}actions/<uuid:action_id>/": {"POST": _LOG},
    f"{CELL}cards/": {"POST": _LOG},
    f"{CELL}members/": {"GET": _GET, "POST": _MEMBERS},
    f"{CELL}members/<uuid:member_id>/remove/": {"POST": _MEMBERS},
    f"{CELL}guests/": {"POST": _MEMBERS},
    f"{CELL}answer/": {"POST": in_cell(VIEW)},
    f"{CELL}incidents/": {"POST": _LOG},
}

# A body for each address, right but for what it names.
_WORDS, _PERSON = {"text": "vu"}, str(uuid4())
BODIES: dict[str, dict[str, Any]] = {
    "level": {"level": "crisis", "reason": "motif"},
    "briefing": {"every": 60},
    "lines": _WORDS,
    "corrections": {**_WORDS, "number": 999},
    "decisions": {"what": "fermer", "grounds": "crue"},
    "check": {"achieved": True, "outcome": "fait"},
    "actions": {**_WORDS, "function": "logistics"},
    "cards": {"card": "none"},
    "members": {"function": "logistics", "person": _PERSON},
    "guests": {"person": _PERSON, "until": "2030-01-01T00:00:00Z"},
    "answer": {"state": "present"},
    "incidents": {"incident": _PERSON},
}
