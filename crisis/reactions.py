"""What follows in this room from what happens in others."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from crisis.models import Plan, Suggestion
from crisis.services.acting import in_post
from crisis.services.suggesting import propose_cell
from crisis.workflow import Level
from incidents.events import CrisisProposed
from incidents.models import Incident
from journal.reactions import on

if TYPE_CHECKING:
    from journal.services import Note, Record

# Category (or its branch) → the plan that fits; anything else: the metropolis's own.
PLAN_FOR = {
    "crisis.major_flood": "flood",
    "crisis.industrial_accident": "industrial",
    "crisis.cyber": "cyber",
    "crisis.large_event": "gathering",
    "hazard": "industrial",
    "weather.flooding": "flood",
    "weather.heat": "heat",
    "weather.storm_damage": "pics",
    "weather": "snow",
    "mobility": "transport",
}
FALLBACK = "pics"


@on(CrisisProposed)
def propose(event: CrisisProposed, note: "Note", record: "Record") -> None:
    """An incident's escalation thinks that a cell is due: shown to those who may open one; a person decides. Once for
    an incident while nobody has settled it."""
    if Suggestion.objects.filter(incident=event.row.id, settled_at=None).exists():
        return
    incident = Incident.objects.get(id=event.row.id)
    why = in_post(gettext_noop("Escalation of %(reference)s"), reference=incident.reference)
    plan = plan_for(event.row.category)
    level = Level.ALERT if plan is None or Level.ALERT in plan.levels else Level.CRISIS
    propose_cell(by=None, source="escalation", why=why, level=level, plan=plan, incident=incident)


def plan_for(category: str) -> Plan | None:
    """The plan that fits a category of incident."""
    key = PLAN_FOR.get(category) or PLAN_FOR.get(category.partition(".")[0]) or FALLBACK
    return Plan.objects.filter(key=key, active=True).first()
