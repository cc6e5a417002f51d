"""What follows on the link from what happens in the rooms below."""

from incidents.events import Declared, Edited, IncidentEvent, Qualified, Reopened
from journal.reactions import on
from journal.services import Note, Record
from prefecture.services import drafting


def weigh(event: IncidentEvent, note: Note, record: Record) -> None:
    """An incident that is new or judged anew may reach a threshold."""
    drafting.consider(incident_id=event.row.id, record=record)


for _kind in (Declared, Qualified, Edited, Reopened):
    on(_kind)(weigh)
