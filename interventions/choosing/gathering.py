"""The facts, from the database: crews with their shifts, missions and contracts, four queries whatever their number."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from interventions.choosing.facts import Clock, Crew, Limits, Mission, Span, Terms, Wanted
from interventions.models import Contract, Intervention, Shift
from interventions.models import Crew as CrewRow
from interventions.workflow import HELD, UNDER_WAY, Status

BACK = timedelta(hours=48)  # enough for the rest before a shift
AHEAD = timedelta(days=8)  # "off shift until when"
OVER = (Status.DONE, Status.VERIFIED, Status.FAILED)


def limits() -> Limits:
    return Limits(
        stale=timedelta(minutes=settings.POSITION_STALE_MINUTES), recall=timedelta(minutes=settings.RECALL_MINUTES)
    )


def crews(
    found: QuerySet[CrewRow], *, now: datetime, until: datetime | None = None, excluding: Iterable[UUID] = ()
) -> list[Crew]:
    """The facts about these crews (selected with organisation and vehicle), for work from `now` to `until`; `excluding`
    are interventions that are being placed anew."""
    rows = list(found)
    ids = [row.id for row in rows]
    shifts = _shifts(ids, now - BACK, max(now, until or now) + AHEAD)
    missions = _missions(ids, now, set(excluding))
    terms = _terms({row.organisation_id for row in rows}, now)
    return [_crew(row, shifts[row.id], missions[row.id], terms[row.organisation_id]) for row in rows]


def _crew(row: CrewRow, shifts: list[Span], missions: list[Mission], terms: list[Terms]) -> Crew:
    vehicle = row.vehicle
    seen = vehicle is not None and vehicle.lat is not None and vehicle.lon is not None
    return Crew(
        id=row.id,
        name=row.name,
        organisation=row.organisation_id,
        organisation_name=row.organisation.name,
        skills=frozenset(row.skills),
        base=(row.base_lat, row.base_lon),
        position=(vehicle.lat, vehicle.lon) if vehicle and seen else None,  # type: ignore[arg-type]  # `seen` says so
        seen_at=vehicle.seen_at if vehicle and seen else None,
        source=vehicle.source if vehicle and seen else "",
        shifts=tuple(shifts),
        missions=tuple(missions),
        terms=tuple(terms),
    )


def _shifts(ids: list[UUID], since: datetime, until: datetime) -> defaultdict[UUID, list[Span]]:
    found: defaultdict[UUID, list[Span]] = defaultdict(list)
    asked = Shift.objects.filter(crew__in=ids, ends_at__gt=since, starts_at__lt=until).order_by("starts_at")
    for crew, kind, start, end in asked.values_list("crew_id", "kind", "starts_at", "ends_at"):
        found[crew].append(Span(kind, start, end))
    return found


def _missions(ids: list[UUID], now: datetime, excluding: set[UUID]) -> defaultdict[UUID, list[Mission]]:
    found: defaultdict[UUID, list[Mission]] = defaultdict(list)
    lately = Q(status__in=OVER, slot_end__gt=now - BACK)
    asked = Intervention.objects.filter(Q(status__in=HELD) | lately, crew__in=ids, slot_start__isnull=False)
    fields = ("id", "crew_id", "reference", "title", "priority", "status", "slot_start", "slot_end", "lat", "lon")
    for one in asked.only(*fields).order_by("slot_start"):
        if one.crew_id is None or one.slot_start is None or one.slot_end is None or one.id in excluding:
            continue
        found[one.crew_id].append(
            Mission(
                id=one.id,
                reference=one.reference,
                title=one.title,
                priority=one.priority,
                start=one.slot_start,
                end=one.slot_end,
                at=(one.lat, one.lon),
                held=one.status in HELD,
                begun=one.status in UNDER_WAY,
            )
        )
    return found


def _terms(organisations: set[UUID], now: datetime) -> defaultdict[UUID, list[Terms]]:
    found: defaultdict[UUID, list[Terms]] = defaultdict(list)
    today = timezone.localdate(now)
    asked = Contract.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=today), organisation__in=organisations, valid_from__lte=today
    )
    for one in asked:
        terms = Terms(one.title, frozenset(one.communes), frozenset(one.categories), one.response_minutes)
        found[one.organisation_id].append(terms)
    return found


def wanted_of(one: Intervention) -> Wanted:
    """The facts about the work."""
    return Wanted(
        id=one.id,
        skills=frozenset(one.skills),
        at=(one.lat, one.lon),
        commune=one.commune_id,
        category=one.category_id,
        priority=one.priority,
        minutes=one.duration_minutes,
        due=one.response_due if one.arrived_at is None else None,
        not_before=one.window_start,
    )


def timed(wanted: Wanted, one: Intervention) -> Wanted:
    """With what its target would be under another contract; reads its category and its pauses. Work without a target,
    or where somebody has been on site, has none."""
    if wanted.due is None or one.incident_id is None:
        return wanted
    return replace(wanted, clock=Clock(one.created_at, stood_of(one), one.category.first_response_minutes))


def stood_of(one: Intervention) -> timedelta:
    """How long its clocks stood, in pauses that are over."""
    return sum((pause.to_at - pause.from_at for pause in one.pauses.all() if pause.to_at), timedelta(0))
