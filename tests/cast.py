"""The fixed cast: one person for every duty, and incidents in any state, made straight in the database."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from access.models import Duty, Organisation, Person
from access.roles import Role
from incidents.models import Category, Incident, Report
from incidents.services.declaring import set_targets
from incidents.wording import search_text
from incidents.workflow import Status

DIJON, CHENOVE = "21231", "21166"
SPOTS = {DIJON: (47.3220, 5.0415), CHENOVE: (47.2930, 5.0080)}
LIGHT = "lighting.street_light_out"
HOME = {
    Role.MUNICIPAL_POLICE: "police-municipale-dijon",
    Role.CREW_LEADER: "eclairage",
    Role.MOBILITY_OPERATOR: "divia",
    Role.COMMUNE_OFFICER: "commune-21231",
    Role.PREFECTURE_LIAISON: "prefecture-21",
}
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def organisation(key: str) -> Organisation:
    return Organisation.objects.get(key=key)


def person(role: Role | None, *, home: str = "", communes: tuple[str, ...] = (), name: str = "") -> Person:
    """Somebody with one duty in force (None: an outsider, signed in without any duty)."""
    at = organisation(home or (HOME.get(role, "dijon-metropole") if role else "dijon-metropole"))
    login = f"{role or 'outsider'}-{uuid4().hex[:8]}"
    made = Person.objects.create_user(login, name=name or login, organisation=at)
    if role is not None:
        bound = communes or ((DIJON,) if role is Role.COMMUNE_OFFICER else ())
        Duty.objects.create(
            person=made, role=role, organisation=at, communes=list(bound), valid_from=NOW - timedelta(days=400)
        )
    return made


def incident(
    *, status: str = Status.DECLARED, commune: str = DIJON, by: Person | None = None, **fields: Any
) -> Incident:
    """An incident with one report, in any state, bypassing the services. Owner: its category's, unless told."""
    category = Category.objects.select_related("organisation").get(key=fields.pop("category", LIGHT))
    owner = fields.pop("owner", None)
    lat, lon = SPOTS[commune]
    made = Incident(
        **{"lat": lat, "lon": lon, "priority": category.default_priority, "source": "operator", **fields},
        status=status,
        category=category,
        commune_id=commune,
        organisation=organisation(owner) if owner else category.organisation,
        occurred_at=NOW,
        declared_at=NOW,
        reference=f"T-{uuid4().hex[:12]}",
    )
    if status == Status.MERGED:
        made.merged_into, made.reports_count = incident(commune=commune, by=by), 0
    if status not in (Status.DECLARED, Status.CANCELLED):
        made.qualified_at = NOW
    set_targets(made)
    made.audiences = made.compute_audiences()
    made.search = search_text(made)
    made.save(force_insert=True)
    holder = made.merged_into or made
    author = by or Person.objects.first() or person(None)
    Report.objects.create(
        incident=holder, first_incident=made, source=made.source, lat=lat, lon=lon,
        occurred_at=NOW, entered_at=NOW, entered_by=author,
    )  # fmt: skip
    if holder is not made:
        Incident.objects.filter(id=holder.id).update(reports_count=holder.reports_count + 1)
    return made
