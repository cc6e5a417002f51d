"""What the room keeps: incidents and what hangs on them, policies, procedures, hand-overs."""

from incidents.models.handover import Handover
from incidents.models.incident import (
    SECURITY,
    Attachment,
    Category,
    Comment,
    Counter,
    Incident,
    Report,
    SavedFilter,
    Watch,
)
from incidents.models.policy import Calendar, Escalation, EscalationState, Policy, PolicyStep, PolicyVersion, StepAct
from incidents.models.procedure import Procedure, ProcedureMark, ProcedureRun, ProcedureStep, ProcedureVersion, Season

__all__ = [
    "SECURITY",
    "Attachment",
    "Calendar",
    "Category",
    "Comment",
    "Counter",
    "Escalation",
    "EscalationState",
    "Handover",
    "Incident",
    "Policy",
    "PolicyStep",
    "PolicyVersion",
    "Procedure",
    "ProcedureMark",
    "ProcedureRun",
    "ProcedureStep",
    "ProcedureVersion",
    "Report",
    "SavedFilter",
    "Season",
    "StepAct",
    "Watch",
]
