"""Reading interventions and means, always narrowed to what the asker may see now."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import BooleanField, Count, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from access.selectors import Access
from interventions import workflow
from interventions.models import Contract, Crew, Intervention, Shift, Vehicle
from interventions.permissions import Permission
from interventions.rows import RELATED, CrewRow, crew_row_of
from interventions.workflow import OPEN
from journal.errors import NotFound

ORDER = ("-created_at", "-id")
CREW_RELATED = ("organisation", "leader", "vehicle")


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """How a list is narrowed; empty means not at all. `since` and `until` are about creation."""

    status: tuple[str, ...] = ()
    priority: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    commune: tuple[str, ...] = ()
    organisation: tuple[UUID, ...] = ()
    crew: tuple[UUID, ...] = ()
    skill: tuple[str, ...] = ()
    incident: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    open: bool = False


class Place(msgspec.Struct, frozen=True):
    """Where a page ends: the keyset of its last row."""

    created_at: datetime
    id: UUID


def visible(access: Access) -> QuerySet[Intervention]:
    """Every intervention this person may see. The one place where sight is decided."""
    if not access.holds(Permission.VIEW):
        return Intervention.objects.none()
    return Intervention.objects.filter(audiences__overlap=sorted(access.audiences))


def get(*, intervention_id: UUID, access: Access) -> Intervention:
    """One intervention with its names. Raises NotFound, also when it is out of sight."""
    found = visible(access).select_related(*RELATED, "category").filter(id=intervention_id).first()
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
        "crew_id": filters.crew,
    }
    condition = Q(**{f"{name}__in": values for name, values in lists.items() if values})
    if filters.open:
        condition &= Q(status__in=OPEN)
    if filters.category:
        inside = Q()
        for key in filters.category:
            inside |= Q(category_id=key) | Q(category__key__startswith=f"{key}.")
        condition &= inside
    if filters.skill:
        condition &= Q(skills__contains=list(filters.skill))
    plain = {"incident_id": filters.incident, "created_at__gte": filters.since, "created_at__lt": filters.until}
    return condition & Q(**{name: value for name, value in plain.items() if value is not None})


def page(
    *, access: Access, filters: Filters, after: Place | None = None, limit: int = 50
) -> tuple[list[Intervention], Place | None]:
    """Newest first, `limit` rows, and where the next page starts (None: that was all)."""
    condition = matching(filters)
    if after is not None:
        table = Intervention._meta.db_table
        keyset = RawSQL(  # noqa: S611  bound values
            f"({table}.created_at, {table}.id) < (%s, %s)",
            [after.created_at, after.id],
            output_field=BooleanField(),
        )
        condition &= Q(keyset)
    rows = list(visible(access).filter(condition).select_related(*RELATED).order_by(*ORDER)[: limit + 1])
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], Place(last.created_at, last.id)


def counts(*, access: Access, filters: Filters) -> dict[str, dict[str, int]]:
    """How many there are of each status and priority among the open ones: one query."""
    groups: dict[str, dict[str, int]] = {"status": {}, "priority": {}}
    grouped = visible(access).filter(matching(filters), status__in=OPEN).values_list("status", "priority")
    for status, priority, number in grouped.annotate(number=Count("id")).order_by():
        groups["status"][status] = groups["status"].get(status, 0) + number
        groups["priority"][priority] = groups["priority"].get(priority, 0) + number
    return groups


def allowed(*, access: Access, intervention: Intervention) -> list[str]:
    """The acts open to this person on this intervention now."""
    acts = [
        act
        for act in workflow.possible(intervention.status)
        if access.allows(workflow.MOVES[act].permission, intervention.audiences)
    ]
    stood = intervention.paused_since is not None
    hidden = {"pause", "hold"} if stood else {"resume", "release"}
    if not intervention.lone:
        hidden.add("check_in")
    return [act for act in acts if act not in hidden]


def audiences_of(ids: Collection[UUID]) -> Mapping[UUID, Collection[str]]:
    """The audiences of those of these objects that are interventions: one query."""
    return dict(Intervention.objects.filter(id__in=ids).values_list("id", "audiences"))


# Means -----------------------------------------------------------------------------------------------------------


def _in_reach(access: Access) -> Q:
    """Means of the whole post; of the organisations whose duties this person holds; and, for a duty that is limited to
    some communes, of those that work there under a contract in force."""
    if "post" in access.audiences:
        return Q()
    own = [name.partition(":")[2] for name in access.audiences if name.startswith("organisation:")]
    communes = communes_of_means(access)
    if not communes:
        return Q(organisation_id__in=own)
    today = timezone.localdate()
    there = Contract.objects.filter(
        Q(communes=[]) | Q(communes__overlap=communes),
        Q(valid_until=None) | Q(valid_until__gte=today),
        valid_from__lte=today,
    )
    return Q(organisation_id__in=own) | Q(organisation_id__in=there.values("organisation_id"))


def communes_of_means(access: Access) -> list[str]:
    """INSEE codes of the communes to which somebody's sight of means is limited."""
    return sorted({
        insee for holding in access.holdings if Permission.SEE_MEANS in holding.permissions for insee in holding.communes
    })  # fmt: skip


def crews(access: Access) -> QuerySet[Crew]:
    """Crews in sight, with what their rows need."""
    if not access.holds(Permission.SEE_MEANS):
        return Crew.objects.none()
    return Crew.objects.filter(_in_reach(access)).select_related(*CREW_RELATED)


def crew(*, crew_id: UUID, access: Access) -> Crew:
    """One crew. Raises NotFound, also when it is out of sight."""
    found = crews(access).filter(id=crew_id).first()
    if found is None:
        raise NotFound
    return found


def crew_of_shift(shift_id: UUID) -> UUID:
    """Whose shift this is. Raises NotFound."""
    found = Shift.objects.filter(id=shift_id).values_list("crew_id", flat=True).first()
    if found is None:
        raise NotFound
    return found


def vehicles(access: Access) -> QuerySet[Vehicle]:
    if not access.holds(Permission.SEE_MEANS):
        return Vehicle.objects.none()
    return Vehicle.objects.filter(_in_reach(access), active=True)


def crew_rows(found: Collection[Crew], *, since: datetime, until: datetime) -> list[CrewRow]:
    """These crews with their shifts that touch the span: one query."""
    shifts: dict[UUID, list[Shift]] = {}
    for shift in Shift.objects.filter(crew__in=[crew.id for crew in found], starts_at__lt=until, ends_at__gt=since):
        shifts.setdefault(shift.crew_id, []).append(shift)
    return [crew_row_of(crew, shifts.get(crew.id, [])) for crew in found]


def board_rows(found: Collection[Crew], now: datetime) -> list[CrewRow]:
    """As the board shows them now."""
    since, until = board_span(now)
    return crew_rows(found, since=since, until=until)


def board_span(now: datetime) -> tuple[datetime, datetime]:
    """The span whose shifts a crew's row carries: from half a day ago to two days ahead."""
    return now - timedelta(hours=12), now + timedelta(days=2)


def of_incident(*, incident_id: UUID, access: Access) -> list[Intervention]:
    """What was asked for an incident, in order: its drawer's panel."""
    found: Any = visible(access).filter(incident_id=incident_id).select_related(*RELATED)
    return list(found.order_by("created_at"))
