"""The functions of a cell (DOMAIN.md), and what each may do in it."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _

from crisis.permissions import Right


class Function(models.TextChoices):
    OPERATIONS_DIRECTOR = "operations_director", _("Operations director (DOS)")
    INCIDENT_COMMANDER = "incident_commander", _("Incident commander (COS)")
    MUNICIPAL_ACTIONS_LEAD = "municipal_actions_lead", _("Municipal actions lead (RAC)")
    INTERMUNICIPAL_COORDINATOR = "intermunicipal_coordinator", _("Intermunicipal coordination")
    LOGBOOK_SECRETARY = "logbook_secretary", _("Log secretary")
    SITUATION_MAPPING = "situation_mapping", _("Situation")
    PLANNING = "planning", _("Planning ahead")
    FIELD_OPERATIONS = "field_operations", _("Field operations")
    LOGISTICS = "logistics", _("Logistics")
    POPULATION_ALERT = "population_alert", _("Population alert")
    SHELTER_SUPPORT = "shelter_support", _("Shelter and support")
    SENSITIVE_SITES = "sensitive_sites", _("Sensitive sites")
    COMMUNICATION = "communication", _("Communication")
    MUNICIPAL_POLICE = "municipal_police", _("Municipal police")
    MOBILITY_TRANSIT = "mobility_transit", _("Mobility and transit")
    NETWORKS_UTILITIES = "networks_utilities", _("Networks")
    LEGAL_FINANCE = "legal_finance", _("Legal and finance")
    PREFECTURE_LIAISON = "prefecture_liaison", _("Prefecture liaison (COD)")


GUEST = ""  # somebody invited for a while, without a function
_F, _R = Function, Right
_WRITES = frozenset({_R.SEE, _R.LOG})
_ALL = frozenset(Right)

RIGHTS: Mapping[str, frozenset[Right]] = {
    **dict.fromkeys(Function.values, _WRITES),
    GUEST: frozenset({_R.SEE}),
    _F.OPERATIONS_DIRECTOR: _ALL,
    _F.MUNICIPAL_ACTIONS_LEAD: _ALL - {_R.CLOSE},
    _F.INTERMUNICIPAL_COORDINATOR: _WRITES | {_R.MEMBERS},
    _F.LOGBOOK_SECRETARY: _WRITES | {_R.MEMBERS},
    _F.COMMUNICATION: _WRITES,
    _F.INCIDENT_COMMANDER: _WRITES,
    _F.LEGAL_FINANCE: _WRITES,
}


def rights_of(functions: "set[str] | frozenset[str]") -> frozenset[Right]:
    """What somebody who holds these functions may do."""
    return frozenset[Right]().union(*(RIGHTS[one] for one in functions))
