"""What follows in this room from what happens in others."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from crisis.models import Suggestion
from crisis.services.acting import in_post
from crisis.services.suggesting import propose_about
from incidents.events import CrisisProposed
from incidents.models import Incident
from journal.reactions import on

if TYPE_CHECKING:
    from journal.services import Note, Record


@on(CrisisProposed)
def propose(event: CrisisProposed, note: "Note", record: "Record") -> None:
    """An incident's escalation thinks that a cell is due: shown to those who may open one; a person decides. Once for
    an incident while nobody has settled it."""
    if Suggestion.objects.filter(incident=event.row.id, settled_at=None).exists():
        return
    incident = Incident.objects.get(id=event.row.id)
    why = in_post(gettext_noop("Escalation of %(reference)s"), reference=incident.reference)
    propose_about(by=None, source="escalation", why=why, incident=incident, category=event.row.category)
