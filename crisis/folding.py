"""A cell's state from its entries in the journal: each carries the row of what changed, so the last one counts."""

from collections.abc import Iterable
from typing import Any

import msgspec

from journal.models import Entry

# kind of entry → the member that holds its row, and where rows of that sort are gathered.
GATHERED: dict[str, tuple[str, str]] = {
    "crisis.member_changed": ("member", "members"),
    "crisis.logged": ("line", "lines"),
    "crisis.file_added": ("file", "files"),
    "crisis.decided": ("decision", "decisions"),
    "crisis.decision_checked": ("decision", "decisions"),
    "crisis.check_due": ("decision", "decisions"),
    "crisis.action_added": ("action", "actions"),
    "crisis.action_changed": ("action", "actions"),
    "crisis.action_late": ("action", "actions"),
    "crisis.means_requested": ("request", "requests"),
    "crisis.means_answered": ("request", "requests"),
    "crisis.lent": ("loan", "loans"),
    "crisis.given_back": ("loan", "loans"),
    "crisis.transfer_asked": ("transfer", "transfers"),
    "crisis.transfer_answered": ("transfer", "transfers"),
    "crisis.suggested": ("suggestion", "suggestions"),
    "crisis.suggestion_settled": ("suggestion", "suggestions"),
    "crisis.drawn": ("zone", "zones"),
    "crisis.erased": ("zone", "zones"),
    "crisis.report_changed": ("report", "reports"),
    "crisis.message_changed": ("message", "messages"),
}
SORTS = tuple(dict.fromkeys(sort for _member, sort in GATHERED.values()))

State = dict[str, Any]


def fold(entries: Iterable[tuple[str, str]]) -> State:
    """The state after these entries, given as (kind, data): `cell`, the rows of each sort by id in the order they first
    came, and `incidents`. What the entries do not speak of is not there."""
    state: State = {"cell": None, "incidents": [], **{sort: {} for sort in SORTS}}
    decode = msgspec.json.Decoder().decode
    for kind, data in entries:
        told = decode(data)
        if kind in GATHERED:
            member, sort = GATHERED[kind]
            state[sort][told[member]["id"]] = told[member]
        elif "cell" in told:
            state["cell"] = told["cell"]
        if kind == "crisis.opened":
            state["incidents"] += told["incidents"]
        elif kind == "crisis.incident_linked":
            state["incidents"].append(told["incident"])
    return state


def as_lists(state: State) -> State:
    """Rows of each sort as a list; the log's in the order of its numbers."""
    listed = {sort: list(state[sort].values()) for sort in SORTS}
    listed["lines"].sort(key=lambda line: line["number"])
    return {**state, **listed}


def told(entries: Iterable[Entry]) -> Iterable[tuple[str, str]]:
    return ((entry.kind, entry.data) for entry in entries)
