"""What somebody tells us, and all that the database has to be asked before it becomes an incident: one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
from django.db import connection

from access.models import Organisation
from incidents.models import SECURITY, Category
from incidents.workflow import Sensitivity, Source
from journal.statements import prepared


class Draft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody tells us. `id` becomes the report's id: telling it twice makes one report. WGS 84 degrees."""

    category: str
    lat: float
    lon: float
    source: str = Source.OPERATOR.value
    id: UUID = msgspec.field(default_factory=uuid4)
    title: str = ""
    description: str = ""
    address: str = ""
    occurred_at: datetime | None = None
    priority: str | None = None
    sensitivity: str = Sensitivity.NORMAL.value
    reporter_name: str = ""
    reporter_phone: str = ""
    reporter_email: str = ""
    external_id: str = ""


LIMITS = {
    "title": 160,
    "description": 4000,
    "address": 200,
    "reporter_name": 120,
    "reporter_phone": 30,
    "reporter_email": 254,
    "external_id": 80,
}


@dataclass(frozen=True, slots=True)
class Ground:
    """What the database knows of the drafts: its clock, their communes, their categories, which reports of these ids
    it has already, the municipal police by commune where they concern it, and the published policies and procedures."""

    now: datetime
    communes: list[str | None]
    categories: dict[str, Category]
    told: list[str]
    police: dict[str, Organisation]
    policies: list[UUID]
    procedures: list[UUID]


_SURVEY = """
with spots as materialized (
  select nr, (spot->>0)::float8 as lat, (spot->>1)::float8 as lon, spot->>2 as category, (spot->>3)::uuid as report
  from jsonb_array_elements(%s) with ordinality as spots(spot, nr))
select now(), (select array_agg(commune_at(lat, lon) order by nr) from spots),
  (select coalesce(json_agg(json_build_array(to_json(category), to_json(owner))), '[]')
     from incidents_category category left join access_organisation owner on owner.id = category.organisation_id
    where category.active and category.parent_id is not null and category.key in (select spots.category from spots)),
  (select coalesce(json_agg(report.id), '[]') from incidents_report report join spots on spots.report = report.id),
  (select coalesce(json_agg(to_json(police) order by police.key desc), '[]') from access_organisation police
    where police.kind = 'police' and police.commune <> '' and exists (select from spots where starts_with(category, %s))),
  (select coalesce(json_agg(current_id), '[]') from incidents_policy where active and current_id is not null),
  (select coalesce(json_agg(current_id), '[]') from incidents_procedure where active and current_id is not null)
"""


def survey(drafts: Sequence[Draft]) -> Ground:
    """All that the database has to be asked before declaring: one statement."""
    spots = [(draft.lat, draft.lon, draft.category.replace("\x00", ""), draft.id) for draft in drafts]
    found = prepared(_SURVEY, [msgspec.json.encode(spots).decode(), f"{SECURITY}."]).fetchone()
    now, communes, categories, told, police, policies, procedures = found  # type: ignore[misc]  # a select without from gives one row
    known = {row["key"]: _category(row, owner) for row, owner in categories}
    forces = {row["commune"]: _organisation(row) for row in police}
    return Ground(now, communes or [], known, told, forces, list(map(UUID, policies)), list(map(UUID, procedures)))


def _category(row: dict[str, Any], owner: dict[str, Any] | None) -> Category:
    category: Category = _loaded(Category, row)
    if owner is not None:
        category.organisation = _organisation(owner)
    return category


def _organisation(row: dict[str, Any]) -> Organisation:
    organisation: Organisation = _loaded(Organisation, {**row, "id": UUID(row["id"])})
    return organisation


def _loaded(model: type[Any], row: dict[str, Any]) -> Any:
    names = [field.column for field in model._meta.concrete_fields]
    return model.from_db(connection.alias, names, [row[name] for name in names])
