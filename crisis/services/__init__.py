"""The verbs of a crisis cell, all keyword-only, the person as `by`."""

from crisis.services.briefing import set_briefing
from crisis.services.calling import answer, call, invite, remove
from crisis.services.closing import close, condition, conditions
from crisis.services.deciding import Ruling, check, decide
from crisis.services.drawing import Drawing, draw, erase, redraw
from crisis.services.entering import enter_text
from crisis.services.extracting import extract
from crisis.services.leading import set_level
from crisis.services.lending import give_back, lend
from crisis.services.linking import link
from crisis.services.logging import Words, log, supersede
from crisis.services.messaging import approve_message, draft_message, edit_message, withdraw_message
from crisis.services.opening import Called, Opening, open_cell
from crisis.services.reporting import approve_report, draft_report, edit_section, send_report
from crisis.services.requesting import Wish, answer_request, request_means
from crisis.services.suggesting import propose_cell, propose_for, set_aside, suggest_level
from crisis.services.transferring import answer_offer, offer_direction
from crisis.services.visiting import News, news, seen
from crisis.services.watching import pass_on
from crisis.services.working import Task, act, advance, inject

__all__ = [
    "Called",
    "Drawing",
    "News",
    "Opening",
    "Ruling",
    "Task",
    "Wish",
    "Words",
    "act",
    "advance",
    "answer",
    "answer_offer",
    "answer_request",
    "approve_message",
    "approve_report",
    "call",
    "check",
    "close",
    "condition",
    "conditions",
    "decide",
    "draft_message",
    "draft_report",
    "draw",
    "edit_message",
    "edit_section",
    "enter_text",
    "erase",
    "extract",
    "give_back",
    "inject",
    "invite",
    "lend",
    "link",
    "log",
    "news",
    "offer_direction",
    "open_cell",
    "pass_on",
    "propose_cell",
    "propose_for",
    "redraw",
    "remove",
    "request_means",
    "seen",
    "send_report",
    "set_aside",
    "set_briefing",
    "set_level",
    "suggest_level",
    "supersede",
    "withdraw_message",
]
