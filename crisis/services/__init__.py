"""The verbs of a crisis cell, all keyword-only, the person as `by`."""

from crisis.services.briefing import set_briefing
from crisis.services.calling import answer, call, invite, remove
from crisis.services.deciding import Ruling, check, decide
from crisis.services.leading import set_level
from crisis.services.linking import link
from crisis.services.logging import Words, log, supersede
from crisis.services.opening import Called, Opening, open_cell
from crisis.services.suggesting import propose_cell, set_aside, suggest_level
from crisis.services.working import Task, act, advance, inject

__all__ = [
    "Called",
    "Opening",
    "Ruling",
    "Task",
    "Words",
    "act",
    "advance",
    "answer",
    "call",
    "check",
    "decide",
    "inject",
    "invite",
    "link",
    "log",
    "open_cell",
    "propose_cell",
    "remove",
    "set_aside",
    "set_briefing",
    "set_level",
    "suggest_level",
    "supersede",
]
