"""The verbs of an incident, all keyword-only, the person as `by`."""

from incidents.services.attaching import attach
from incidents.services.declaring import declare, declare_many
from incidents.services.escalating import hand_over, snooze
from incidents.services.handling import (
    acknowledge,
    assign,
    cancel,
    close,
    edit,
    move,
    qualify,
    reopen,
    resolve,
    start,
)
from incidents.services.merging import merge, unmerge
from incidents.services.proceeding import start_procedure, tick
from incidents.services.reporting import add_report, comment, erase_reporter, watch
from incidents.services.restricting import name_people, restrict, unrestrict
from incidents.services.surveying import Draft

__all__ = [
    "Draft",
    "acknowledge",
    "add_report",
    "assign",
    "attach",
    "cancel",
    "close",
    "comment",
    "declare",
    "declare_many",
    "edit",
    "erase_reporter",
    "hand_over",
    "merge",
    "move",
    "name_people",
    "qualify",
    "reopen",
    "resolve",
    "restrict",
    "snooze",
    "start",
    "start_procedure",
    "tick",
    "unmerge",
    "unrestrict",
    "watch",
]
