"""Rows: all that a line of the board, a marker or a journal entry needs, and nothing personal."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

import msgspec

from incidents.rows import Named
from interventions.models import Crew, Intervention, Plan, Series, Shift


class Of(msgspec.Struct, frozen=True):
    """The incident that the work is for."""

    id: UUID
    reference: str
    title: str


class InterventionRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`slot_*`: the crew's time kept for it; `*_due`: its clocks, already moved on by the pauses that have ended."""

    id: UUID
    reference: str
    title: str
    status: str
    priority: str
    category: str
    commune: str
    lat: float
    lon: float
    address: str
    incident: Of | None
    organisation: Named | None
    crew: Named | None
    skills: list[str]
    duration_minutes: int
    window_start: datetime | None
    window_end: datetime | None
    slot_start: datetime | None
    slot_end: datetime | None
    response_due: datetime | None
    repair_due: datetime | None
    created_at: datetime
    assigned_at: datetime | None
    accepted_at: datetime | None
    departed_at: datetime | None
    arrived_at: datetime | None
    done_at: datetime | None
    verified_at: datetime | None
    ended_at: datetime | None
    reason: str
    outcome: str
    paused_since: datetime | None
    paused_reason: str
    checklist_title: str
    checklist_items: int
    ticked: int
    photos: int
    lone: bool
    check_in_due: datetime | None
    version: int


_PLAIN = (
    *("id", "reference", "title", "status", "priority", "lat", "lon", "address", "duration_minutes"),
    *("window_start", "window_end", "slot_start", "slot_end", "response_due", "repair_due", "created_at"),
    *("assigned_at", "accepted_at", "departed_at", "arrived_at", "done_at", "verified_at", "ended_at", "reason"),
    *("outcome", "paused_since", "paused_reason", "checklist_title", "ticked", "lone", "check_in_due", "version"),
)
RELATED = ("incident", "organisation", "crew")


def row_of(intervention: Intervention) -> InterventionRow:
    """Load with `select_related(*RELATED)`, or this asks the database for each."""
    incident, organisation, crew = intervention.incident, intervention.organisation, intervention.crew
    return InterventionRow(
        **{name: getattr(intervention, name) for name in _PLAIN},
        category=intervention.category_id,
        commune=intervention.commune_id,
        incident=Of(incident.id, incident.reference, incident.title) if incident else None,
        organisation=Named(organisation.id, organisation.name) if organisation else None,
        crew=Named(crew.id, crew.name) if crew else None,
        skills=list(intervention.skills),
        checklist_items=len(intervention.checklist),
        photos=intervention.photos_count,
    )


class ChecklistItem(msgspec.Struct, frozen=True):
    """One point of a mission's frozen checklist."""

    key: str
    text: str
    needed: bool = False
    photo: bool = False
    done: bool = False
    done_at: datetime | None = None


class ShiftRow(msgspec.Struct, frozen=True):
    id: UUID
    kind: str
    starts_at: datetime
    ends_at: datetime
    note: str


class CrewRow(msgspec.Struct, frozen=True, kw_only=True):
    """A crew as the board shows it; `shifts` are those of the board's day and the next."""

    id: UUID
    name: str
    organisation: Named
    leader: Named | None
    skills: list[str]
    capacity: int
    vehicle: UUID | None
    vehicle_code: str
    base_lat: float
    base_lon: float
    active: bool
    shifts: list[ShiftRow]
    version: int


def crew_row_of(crew: Crew, shifts: list[Shift]) -> CrewRow:
    """Load with `select_related("organisation", "leader", "vehicle")`."""
    return CrewRow(
        **{
            name: getattr(crew, name)
            for name in ("id", "name", "capacity", "base_lat", "base_lon", "active", "version")
        },
        organisation=Named(crew.organisation.id, crew.organisation.name),
        leader=Named(crew.leader.id, crew.leader.name) if crew.leader else None,
        skills=list(crew.skills),
        vehicle=crew.vehicle_id,
        vehicle_code=crew.vehicle.code if crew.vehicle else "",
        shifts=[ShiftRow(one.id, one.kind, one.starts_at, one.ends_at, one.note) for one in shifts],
    )


class PlanRow(msgspec.Struct, frozen=True, kw_only=True):
    """A plan without its content. `progress` in percent; `travel_s`: all driving; `method`: how it is known. `open` of
    the `served` can still be accepted, until `until`; `applied` have been."""

    id: UUID
    state: str
    progress: int
    asked_at: datetime
    ended_at: datetime | None
    hours: int
    served: int
    unserved: int
    crews: int
    travel_s: int
    method: str
    failure: str
    version: int
    open: int = 0
    applied: int = 0
    until: datetime | None = None


GRACE = timedelta(minutes=10)  # a visit that should have begun so little ago is still assigned


def open_until(plan: Plan) -> datetime | None:
    """When the last of its open visits is past; None when nothing is open."""
    starts = [datetime.fromisoformat(visit["start"]) for visit in plan.open_visits]
    return max(starts) + GRACE if starts else None


def plan_row_of(plan: Plan) -> PlanRow:
    told = plan.result
    return PlanRow(
        **{
            name: getattr(plan, name)
            for name in ("id", "state", "progress", "asked_at", "ended_at", "hours", "failure")
        },
        served=len(told.get("visits", ())),
        unserved=len(told.get("unserved", ())),
        crews=told.get("crews", 0),
        travel_s=told.get("travel_s", 0),
        method=told.get("method", ""),
        version=plan.version,
        open=len(plan.open_visits),
        applied=len(told.get("applied", ())),
        until=open_until(plan),
    )


class SeriesRow(msgspec.Struct, frozen=True, kw_only=True):
    """Planned work that comes back. `at`: local time; `next_on`: the first day that has not been made ahead yet."""

    id: UUID
    title: str
    category: str
    commune: str | None
    organisation: Named
    skills: list[str]
    lat: float
    lon: float
    address: str
    duration_minutes: int
    every_days: int
    at: time
    next_on: date
    until: date | None
    active: bool


def series_row_of(series: Series) -> SeriesRow:
    """Load with `select_related("organisation")`."""
    plain = (
        "id",
        "title",
        "lat",
        "lon",
        "address",
        "duration_minutes",
        "every_days",
        "at",
        "next_on",
        "until",
        "active",
    )
    return SeriesRow(
        **{name: getattr(series, name) for name in plain},
        category=series.category_id,
        commune=series.commune_id,
        organisation=Named(series.organisation.id, series.organisation.name),
        skills=list(series.skills),
    )
