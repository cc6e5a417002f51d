"""What is promised for a mission: its category's targets, or those of the contract of whoever has it."""

from django.db.models import Q
from django.utils import timezone

from access.models import Organisation
from interventions.choosing.facts import firmest
from interventions.choosing.gathering import stood_of
from interventions.models import Contract, Intervention
from interventions.services.asking import set_clocks


def keep_promises(one: Intervention, organisation: Organisation | None) -> None:
    """Set its clocks for whoever has it now (None: nobody). Planned work without an incident has none."""
    if one.incident_id is None:
        return
    category, terms = one.category, contract_of(one, organisation)
    response = terms.response_minutes if terms else None
    repair = terms.repair_minutes if terms else None
    set_clocks(
        one,
        category.first_response_minutes if response is None else response,
        category.resolution_minutes if repair is None else repair,
        stood=stood_of(one),
    )


def contract_of(one: Intervention, organisation: Organisation | None) -> Contract | None:
    """The organisation's contract in force for this work; of several, the one that promises to be there first."""
    if organisation is None:
        return None
    today = timezone.localdate()
    in_force = Q(valid_from__lte=today) & (Q(valid_until=None) | Q(valid_until__gte=today))
    found = [
        terms
        for terms in Contract.objects.filter(in_force, organisation=organisation)
        if terms.covers(commune=one.commune_id, category=one.category_id)
    ]
    return firmest(found)
