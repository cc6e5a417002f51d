"""Rows of the crisis room: plans (data), cells with their people, log, work, picture and reports."""

from crisis.models.cells import Cell, CellCounter, CellIncident, Loan, Member, Suggestion, Transfer, Visit
from crisis.models.log import CellFile, Line, LineFile
from crisis.models.picture import SensitiveSite, Zone, ZoneVersion
from crisis.models.plans import ActionCard, Contact, Plan, PlanFunction
from crisis.models.reports import PublicMessage, Report, ReportSection, SectionVersion
from crisis.models.stamps import Extract, Finding, Stamp
from crisis.models.work import Action, Decision, MeansRequest

__all__ = [
    "Action",
    "ActionCard",
    "Cell",
    "CellCounter",
    "CellFile",
    "CellIncident",
    "Contact",
    "Decision",
    "Extract",
    "Finding",
    "Line",
    "LineFile",
    "Loan",
    "MeansRequest",
    "Member",
    "Plan",
    "PlanFunction",
    "PublicMessage",
    "Report",
    "ReportSection",
    "SectionVersion",
    "SensitiveSite",
    "Stamp",
    "Suggestion",
    "Transfer",
    "Visit",
    "Zone",
    "ZoneVersion",
]
