"""Who may do what in a crisis cell, by hand: routes for `prove matrix`.

The world's one cell is directed by the crisis director, with the log's secretary and the crisis member in it; nobody
else is named on it, so for everybody else but the auditor there is no such cell.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from prove._rules import HUMANS, READER, SEES, Rule, holders

CELL = "api/v1/crisis/cells/<uuid:cell_id>/"
REPORT, MESSAGE = f"{CELL}reports/<uuid:report_id>/", f"{CELL}messages/<uuid:message_id>/"
VIEW = HUMANS - {"administrator"}
WRITE = VIEW - {"auditor"}
LEAD = frozenset({"crisis_director", "commune_officer"})
DECIDE = LEAD | {"crisis_member"}
CALL = DECIDE | {"logbook_secretary"}
SEES["offer"] = frozenset()
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
    "api/v1/crisis/colours/": {"POST": holders(WRITE)},
    "api/v1/crisis/proposals/": {"POST": holders(WRITE)},
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
    f"{CELL}answer/": {"POST": _LOG},
    f"{CELL}incidents/": {"POST": _LOG},
    # Contacts of a plan have telephone numbers: for those who may write in a cell.
    "api/v1/crisis/plans/<slug:key>/": {"GET": Rule(WRITE)},
    # Nobody was offered the direction here, so for those who might take it there is no such offer.
    "api/v1/crisis/offers/<uuid:transfer_id>/reply/": {
        "POST": Rule(LEAD | {"prefecture_liaison"}, on=("offer",), sees=True)
    },
    f"{CELL}entry/": {"POST": _LOG},
    f"{CELL}offers/": {"POST": _DECIDE},
    f"{CELL}loans/": {"POST": _DECIDE},
    f"{CELL}loans/<uuid:loan_id>/return/": {"POST": _DECIDE},
    f"{CELL}requests/": {"POST": _LOG},
    f"{CELL}requests/<uuid:request_id>/outcome/": {"POST": _LOG},
    f"{CELL}close/": {"GET": _GET, "POST": in_cell(LEAD, NAMED["decide"])},
    f"{CELL}zones/": {"GET": _GET, "POST": _LOG},
    f"{CELL}zones/<uuid:zone_id>/": {"PUT": _LOG, "DELETE": _LOG},
    f"{CELL}reports/": {"GET": _GET, "POST": _LOG},
    f"{REPORT}sections/<slug:key>/": {"PUT": _LOG},
    f"{REPORT}approve/": {"POST": _DECIDE},
    f"{REPORT}send/": {"POST": _DECIDE},
    f"{REPORT}report.pdf": {"GET": _GET},
    f"{CELL}messages/": {"GET": _GET, "POST": _LOG},
    MESSAGE: {"PUT": _LOG},
    f"{MESSAGE}approve/": {"POST": _DECIDE},
    f"{MESSAGE}withdraw/": {"POST": _DECIDE},
    f"{CELL}files/": {"POST": _LOG},
    f"{CELL}files/<uuid:file_id>/": {"GET": _GET},
    f"{CELL}news/": {"GET": _GET},
    f"{CELL}seen/": {"POST": _GET},
    f"{CELL}extracts/": {"POST": _GET},
    **{f"{CELL}extracts/<uuid:extract_id>/extract.{form}": {"GET": _GET} for form in ("jsonl", "pdf", "zip")},
    f"{CELL}replay/": {"GET": _GET},
    f"{CELL}replay/marks/": {"GET": _GET},
}

# A body for each address, right but for what it names.
_ZONE = {"kind": "point", "label": "Point", "shape": {"type": "point", "points": [[47.32, 5.04]]}}
_MESSAGE = {"channel": "site", "text": "vu"}
_WORDS, _PERSON = {"text": "vu"}, str(uuid4())
BODIES: dict[str, dict[str, Any]] = {
    "colours": {"hazard": "flood", "colour": "green", "why": "décrue"},
    "proposals": {"incident": _PERSON, "why": "motif"},
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
    f"{CELL}answer/": {"state": "present"},
    "incidents": {"incident": _PERSON},
    "entry": _WORDS,
    "offers": {"reason": "relève", "person": _PERSON},  # to the prefect, it would be on the liaison's hall, rightly
    "loans": {"lender": _PERSON, "what": "pompe", "agreed_by": "M. X"},
    "requests": {"function": "logistics", "what": "pompe", "via": "organisation", "organisation": _PERSON},
    f"{CELL}close/": {"reason": "fini"},
    f"{CELL}reports/": {},
    "zones": _ZONE,
    "<uuid:zone_id>": _ZONE,
    "messages": _MESSAGE,
    "<uuid:message_id>": _MESSAGE,
    "<slug:key>": {"text": "vu"},
    "return": {"note": "vu"},
    "reply": {"accept": False},
    "outcome": {"state": "granted"},
}
