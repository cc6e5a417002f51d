"""The words an incident is found by."""

from typing import TYPE_CHECKING

from territory.wording import fold

if TYPE_CHECKING:
    from incidents.models import Incident


def search_text(incident: "Incident") -> str:
    """Reference, title, address and category, folded: never a reporter's words."""
    category = incident.category
    parts = (incident.reference, incident.title, incident.address, category.label_fr, category.label_en)
    return fold(" ".join(parts))
