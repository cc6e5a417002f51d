"""The verbs of an intervention, all keyword-only, the person as `by`."""

from interventions.services.asking import Ask, Correction, cancel, edit, propose
from interventions.services.checking import reopen, verify
from interventions.services.dispatching import assign, assign_many, unassign
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
from interventions.services.pausing import hold, pause, release, resume

__all__ = [
    "Ask",
    "Correction",
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
    "hold",
    "material",
    "note",
    "pause",
    "propose",
    "refuse",
    "release",
    "reopen",
    "resume",
    "tick",
    "unassign",
    "verify",
]
