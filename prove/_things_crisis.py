"""The one cell that `prove matrix` asks about, and a proposal to open another."""

from __future__ import annotations

from uuid import uuid4

from access.models import Person
from crisis.services import Called, Opening, open_cell, propose_cell
from incidents.models import Incident

Told = tuple[dict[str, str], tuple[str, ...]]


def build(people: dict[str, Person], light: Incident) -> dict[str, Told]:
    """Things by name: their values for routes, and the words that show them."""
    called = [
        Called(person=people["logbook_secretary"].id, function="logbook_secretary"),
        Called(person=people["crisis_member"].id, function="logistics"),
    ]
    title = f"Titre-cellule-{uuid4().hex[:12]}"
    opening = Opening(plan="flood", level="alert", facts="L'Ouche monte", title=title, members=called)
    cell = open_cell(by=people["crisis_director"], opening=opening)
    why = f"Titre-proposition-{uuid4().hex[:12]}"
    proposal = propose_cell(by=None, source="escalation", why=why, level="alert", incident=light)
    return {
        "cell": ({"cell_id": str(cell.id)}, (cell.reference, title)),
        "proposal": ({"suggestion_id": str(proposal.id)}, (why,)),
    }
