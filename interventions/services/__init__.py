"""The verbs of an intervention, all keyword-only, the person as `by`."""

from interventions.services.asking import Ask, Correction, cancel, edit, propose
from interventions.services.checking import reopen, verify
from interventions.services.consenting import keep_position, may_share, share_position
from interventions.services.dispatching import Objections, assign, assign_many, unassign
from interventions.services.fielding import (
    accept,
    arrive,
    check_in,
    depart,
    fail,
    finish,
    material,
    note,
    refuse,
    tick,
)
from interventions.services.hearing import hear, hear_photo
from interventions.services.pausing import hold, pause, release, resume
from interventions.services.slots import Overlap

__all__ = [
    "Ask",
    "Correction",
    "Objections",
    "Overlap",
    "accept",
    "arrive",
    "assign",
    "assign_many",
    "cancel",
    "check_in",
    "depart",
    "edit",
    "fail",
    "finish",
    "hear",
    "hear_photo",
    "hold",
    "keep_position",
    "material",
    "may_share",
    "note",
    "pause",
    "propose",
    "refuse",
    "release",
    "reopen",
    "resume",
    "share_position",
    "tick",
    "unassign",
    "verify",
]
