"""The incidents that a cell deals with."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.models import Person
from access.selectors import Access, access_of
from crisis.events import IncidentLinked
from crisis.models import CellIncident
from crisis.services.acting import acting
from crisis.services.logging import act_line
from crisis.workflow import LineKind
from incidents import selectors
from incidents.models import Incident
from journal.errors import Conflict, Invalid

LIMIT = 50


def incidents_in_sight(access: Access, ids: Sequence[UUID]) -> list[Incident]:
    """Incidents that whoever names them may see. Raises Invalid."""
    wanted = set(ids)
    found = list(selectors.visible(access).filter(id__in=wanted).order_by("reference")) if wanted else []
    if len(wanted) > LIMIT or len(found) != len(wanted):
        raise Invalid(errors={"incidents": [_("No such incident.")]})
    return found


def link(*, cell_id: UUID, by: Person, incident: UUID) -> CellIncident:
    """Take an incident into the cell; it has to be in sight of whoever does it. Raises Conflict when it is there."""
    with acting("link", cell_id=cell_id, by=by) as change:
        (found,) = incidents_in_sight(access_of(by), [incident])
        if CellIncident.objects.filter(cell=change.cell, incident=found).exists():
            raise Conflict(_("This incident is in the cell already."))
        made = CellIncident(cell=change.cell, incident=found, by=by, at=change.now)
        made.save(force_insert=True)
        change.tell(IncidentLinked(incident=found.id))
        message = gettext_noop("Incident %(reference)s taken into the cell.")
        act_line(change, LineKind.SITUATION, message, reference=found.reference)
        return made
