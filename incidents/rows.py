"""A row: all that a list line, a map marker or a journal entry needs, and nothing personal about reporters."""

from datetime import datetime
from uuid import UUID

import msgspec

from incidents.models import Incident


class Named(msgspec.Struct, frozen=True):
    id: UUID
    name: str


class IncidentRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: UUID
    reference: str
    title: str
    status: str
    priority: str
    sensitivity: str
    category: str
    commune: str
    organisation: Named | None
    assignee: Named | None
    source: str
    lat: float
    lon: float
    address: str
    occurred_at: datetime
    declared_at: datetime
    acknowledged_at: datetime | None
    response_due: datetime | None
    resolution_due: datetime | None
    reports: int
    merged_into: UUID | None
    version: int


_PLAIN = (
    *("id", "reference", "title", "status", "priority", "sensitivity", "source", "lat", "lon", "address"),
    *("occurred_at", "declared_at", "acknowledged_at", "response_due", "resolution_due", "version"),
)


def row_of(incident: Incident) -> IncidentRow:
    """Load with `select_related("organisation", "assignee")`, or this asks the database for each."""
    organisation, assignee = incident.organisation, incident.assignee
    return IncidentRow(
        **{name: getattr(incident, name) for name in _PLAIN},
        category=incident.category_id,
        commune=incident.commune_id,
        organisation=Named(organisation.id, organisation.name) if organisation else None,
        assignee=Named(assignee.id, assignee.name) if assignee else None,
        reports=incident.reports_count,
        merged_into=incident.merged_into_id,
    )
