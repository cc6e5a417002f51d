"""Reading incidents, always narrowed to what the asker may see now."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import BooleanField, Count, Prefetch, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now

from access.selectors import Access
from incidents import workflow
from incidents.likeness import Account, Likeness, likeness
from incidents.models import Category, Incident, Report, Watch
from incidents.permissions import Permission
from incidents.workflow import OPEN
from journal.errors import NotFound
from territory.geometry import box_around
from territory.wording import fold

NEAR_METRES = 500.0
NEAR_SPAN = timedelta(days=7)
ORDER = ("-declared_at", "-id")


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """How a list is narrowed; empty means not at all. `bbox` is west, south, east, north in degrees."""

    status: tuple[str, ...] = ()
    priority: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    commune: tuple[str, ...] = ()
    organisation: tuple[UUID, ...] = ()
    assignee: UUID | None = None
    source: tuple[str, ...] = ()
    watched_by: UUID | None = None
    q: str = ""
    bbox: tuple[float, float, float, float] | None = None
    since: datetime | None = None
    until: datetime | None = None
    open: bool = False
    late: bool = False


def visible(access: Access) -> QuerySet[Incident]:
    """Every incident this person may see. The one place where sight is decided."""
    if not may_look(access):
        return Incident.objects.none()
    return Incident.objects.filter(audiences__overlap=sorted(access.audiences))


def may_look(access: Access) -> bool:
    """Whether this person may see incidents at all; somebody not signed in sees those meant for the public."""
    return access.person is None or access.holds(Permission.VIEW)


def get(*, incident_id: UUID, access: Access) -> Incident:
    """One incident with its names. Raises NotFound, also when it is out of sight."""
    found = visible(access).select_related("category", "organisation", "assignee").filter(id=incident_id).first()
    if found is None:
        raise NotFound
    return found


def matching(filters: Filters) -> Q:
    """The filters as a condition, rights aside."""
    lists = {
        "status": filters.status,
        "priority": filters.priority,
        "commune_id": filters.commune,
        "organisation_id": filters.organisation,
        "source": filters.source,
    }
    condition = Q(**{f"{name}__in": values for name, values in lists.items() if values})
    if filters.open:
        condition &= Q(status__in=OPEN)
    if filters.late:
        condition &= late()
    if filters.category:
        inside = [Q(category_id=key) | Q(category__key__startswith=f"{key}.") for key in filters.category]
        condition &= _any(inside)
    if filters.assignee:
        condition &= Q(assignee_id=filters.assignee)
    if filters.watched_by:
        condition &= Q(id__in=Watch.objects.filter(person_id=filters.watched_by).values("incident_id"))
    for word in fold(filters.q).split():
        condition &= Q(search__contains=word)
    return condition & _where_and_when(filters)


def _where_and_when(filters: Filters) -> Q:
    condition = Q()
    if filters.bbox:
        west, south, east, north = filters.bbox
        condition &= Q(lon__gte=west, lon__lte=east, lat__gte=south, lat__lte=north)
    if filters.since:
        condition &= Q(declared_at__gte=filters.since)
    if filters.until:
        condition &= Q(declared_at__lt=filters.until)
    return condition


def late() -> Q:
    """Open and past a target: nobody has responded, or it is not resolved."""
    overdue = Q(acknowledged_at=None, response_due__lt=Now()) | Q(resolution_due__lt=Now())
    return Q(status__in=OPEN) & overdue


def _any(conditions: Sequence[Q]) -> Q:
    together = conditions[0]
    for condition in conditions[1:]:
        together |= condition
    return together


class Place(msgspec.Struct, frozen=True):
    """Where a page ends: the keyset of its last row."""

    declared_at: datetime
    id: UUID


def page(
    *, access: Access, filters: Filters, after: Place | None = None, limit: int = 50
) -> tuple[list[Incident], Place | None]:
    """Newest first, `limit` rows, and where the next page starts (None: that was all)."""
    condition = matching(filters)
    if after is not None:
        keyset = RawSQL(
            "(incidents_incident.declared_at, incidents_incident.id) < (%s, %s)",
            [after.declared_at, after.id],
            output_field=BooleanField(),
        )
        condition &= Q(keyset)
    rows = list(
        visible(access).filter(condition).select_related("organisation", "assignee").order_by(*ORDER)[: limit + 1]
    )
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], Place(last.declared_at, last.id)


def counts(*, access: Access, filters: Filters) -> dict[str, Any]:
    """How many open incidents there are, in all and for each filter value: one query for the totals, one for groups."""
    opened = visible(access).filter(matching(filters), status__in=OPEN)
    totals = opened.aggregate(
        open=Count("id"),
        urgent=Count("id", filter=Q(priority__in=("P1", "P2"))),
        late=Count("id", filter=late()),
        mine=Count("id", filter=Q(assignee_id=access.person)),
        unacknowledged=Count("id", filter=Q(acknowledged_at=None)),
    )
    groups: dict[str, dict[str, int]] = {
        name: {} for name in ("status", "priority", "commune", "organisation", "category")
    }
    grouped = opened.values_list("status", "priority", "commune_id", "organisation_id", "category_id")
    for *values, number in grouped.annotate(number=Count("id")).order_by():
        for name, value in zip(groups, values, strict=True):
            groups[name][str(value)] = groups[name].get(str(value), 0) + number
    return {**totals, **groups}


class Near(msgspec.Struct, frozen=True):
    incident: Incident
    likeness: Likeness


def nearby(
    *,
    access: Access,
    lat: float,
    lon: float,
    category: str = "",
    text: str = "",
    at: datetime,
    limit: int = 8,
    excluding: Collection[UUID] = (),
) -> list[Near]:
    """Open incidents within 500 m and a week that may be the same one, likeliest first. Their reports' words count for
    those who may read them: everyone who sees an incident but the public. At most two queries."""
    west, south, east, north = box_around(lat, lon, NEAR_METRES)
    around = visible(access).filter(
        status__in=OPEN,
        lat__gte=south,
        lat__lte=north,
        lon__gte=west,
        lon__lte=east,
        occurred_at__gte=at - NEAR_SPAN if at.year > 1 else at,  # nothing is older than the calendar
    )
    if text and access.person is not None:
        words = Report.objects.exclude(description="").only("incident_id", "description")
        around = around.prefetch_related(Prefetch("reports", words, to_attr="told"))
    found = around.exclude(id__in=excluding).select_related("category", "organisation", "assignee")[:200]
    scored = [Near(one, _likeness(one, lat, lon, category, text, at)) for one in found]
    close = [near for near in scored if near.likeness.distance_m <= NEAR_METRES]
    return sorted(close, key=lambda near: -near.likeness.score)[:limit]


def _likeness(one: Incident, lat: float, lon: float, category: str, text: str, at: datetime) -> Likeness:
    told = " ".join([one.title, *(report.description for report in getattr(one, "told", ()))])
    known = Account(one.lat, one.lon, one.category_id, told, one.occurred_at)
    return likeness(Account(lat, lon, category, text, at), known)


def allowed(*, access: Access, incident: Incident) -> list[str]:
    """The acts open to this person on this incident now."""
    possible = workflow.possible(incident.status)
    acts = [act for act in possible if access.allows(workflow.MOVES[act].permission, incident.audiences)]
    hidden = {"unrestrict", "name_people"} if incident.sensitivity == "normal" else {"restrict"}
    if incident.acknowledged_at is not None:
        hidden.add("acknowledge")
    return [act for act in acts if act not in hidden]


def categories() -> QuerySet[Category]:
    return Category.objects.filter(active=True).select_related("organisation")
