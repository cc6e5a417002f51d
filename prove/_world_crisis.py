"""The one cell of `prove matrix`, with its proposal."""

from __future__ import annotations

from uuid import uuid4

from access.models import Person
from crisis.models import Cell
from crisis.services import Called, Opening, open_cell, propose_cell
from incidents.models import Incident


def build(people: dict[str, Person], light: Incident) -> tuple[Cell, dict[str, str]]:
    """The cell, and what the parts of its addresses stand for."""
    called = [
        Called(person=people["logbook_secretary"].id, function="logbook_secretary"),
        Called(person=people["crisis_member"].id, function="logistics"),
    ]
    title = f"Titre-cellule-{uuid4().hex[:12]}"
    opening = Opening(plan="flood", level="alert", facts="L'Ouche monte", title=title, members=called)
    cell = open_cell(by=people["crisis_director"], opening=opening)
    proposal = propose_cell(by=None, source="escalation", why="P1", level="alert", incident=light)
    return cell, {"cell_id": str(cell.id), "suggestion_id": str(proposal.id)}
