"""What the room keeps: means (crews, vehicles, shifts, contracts) and work (interventions and what hangs on them)."""

from interventions.models.field import FieldConsent
from interventions.models.links import Delivery, Webhook
from interventions.models.means import Contract, Crew, Position, Shift, ShiftPattern, Skill, Vehicle
from interventions.models.plans import Plan
from interventions.models.work import (
    Checklist,
    Intervention,
    Material,
    Note,
    Pause,
    Photo,
    Series,
    Tick,
    YearCounter,
)

__all__ = [
    "Checklist",
    "Contract",
    "Crew",
    "Delivery",
    "FieldConsent",
    "Intervention",
    "Material",
    "Note",
    "Pause",
    "Photo",
    "Plan",
    "Position",
    "Series",
    "Shift",
    "ShiftPattern",
    "Skill",
    "Tick",
    "Vehicle",
    "Webhook",
    "YearCounter",
]
