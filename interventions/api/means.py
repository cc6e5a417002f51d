"""Crews with their shifts and where they are: read by the board, kept by those who manage means."""

from datetime import date, datetime, time
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from access.api.base import Call, View, endpoint
from access.api.serializers import NoQuery
from incidents.api.bodies import NUL_FREE, Instant, Lat, Lon, Strict
from incidents.rows import Named
from incidents.services.handling import clock
from interventions import selectors
from interventions.api.bodies import Skills
from interventions.models import Crew, Shift, ShiftPattern, Vehicle
from interventions.permissions import Permission
from interventions.rows import CrewRow, ShiftRow
from interventions.services import rostering
from journal.api.answers import answer
from journal.idempotency import Answer

Kind = Literal["planned", "on_call", "absent"]
Name = Annotated[str, Meta(min_length=1, max_length=60, pattern=NUL_FREE)]
Clock = Annotated[str, Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]  # as a wall clock shows it
Weekday = Annotated[int, Meta(ge=0, le=6)]


class PositionShape(msgspec.Struct, frozen=True):
    lat: float
    lon: float
    at: datetime
    source: str


class CrewShape(msgspec.Struct, frozen=True, kw_only=True):
    """A crew's row and where it last was; `position` null when that was never known."""

    crew: CrewRow
    position: PositionShape | None


class CrewsShape(msgspec.Struct, frozen=True):
    """`now` is the server's: ages are counted from it. Shifts are those from half a day back to two days ahead."""

    results: list[CrewShape]
    now: datetime


class PatternShape(msgspec.Struct, frozen=True):
    id: UUID
    kind: str
    weekdays: list[int]
    starts: str
    ends: str
    valid_from: date
    valid_until: date | None


class CrewDetail(msgspec.Struct, frozen=True, kw_only=True):
    """With the shifts of the next fourteen days, its people and its patterns."""

    crew: CrewRow
    position: PositionShape | None
    phone: str
    members: list[Named]
    shifts: list[ShiftRow]
    patterns: list[PatternShape]


class CrewBody(Strict, frozen=True, kw_only=True):
    """All of what a crew is; the base is its depot."""

    name: Name
    organisation: UUID
    skills: Skills = ()
    leader: UUID | None = None
    members: Annotated[tuple[UUID, ...], Meta(max_length=30)] = ()
    vehicle: UUID | None = None
    capacity: Annotated[int, Meta(ge=1, le=50)] = 2
    phone: Annotated[str, Meta(max_length=30, pattern=NUL_FREE)] = ""
    base_lat: Lat
    base_lon: Lon
    active: bool = True

    def team(self) -> rostering.Team:
        return rostering.Team(**{name: getattr(self, name) for name in self.__struct_fields__})


class ShiftBody(Strict, frozen=True, kw_only=True):
    kind: Kind = "planned"
    starts_at: Instant
    ends_at: Instant
    note: Annotated[str, Meta(max_length=120, pattern=NUL_FREE)] = ""


class PatternBody(Strict, frozen=True, kw_only=True):
    """A week that repeats, in local time; an end at or before the start is on the next day. 0 is Monday."""

    kind: Kind = "planned"
    weekdays: Annotated[tuple[Weekday, ...], Meta(min_length=1, max_length=7)]
    starts: Clock
    ends: Clock
    valid_from: date
    valid_until: date | None = None

    def rhythm(self) -> rostering.Rhythm:
        said = {name: getattr(self, name) for name in self.__struct_fields__}
        hours = {name: time.fromisoformat(said[name]) for name in ("starts", "ends")}
        return rostering.Rhythm(**{**said, **hours})


def position_of(vehicle: Vehicle | None) -> PositionShape | None:
    if vehicle is None or vehicle.lat is None or vehicle.lon is None or vehicle.seen_at is None:
        return None
    return PositionShape(vehicle.lat, vehicle.lon, vehicle.seen_at, vehicle.source)


def rows(found: list[Crew], now: datetime) -> list[CrewShape]:
    made = selectors.board_rows(found, now)
    return [CrewShape(crew=row, position=position_of(crew.vehicle)) for crew, row in zip(found, made, strict=True)]


def crew_answer(crew: Crew, *, status: int = 200) -> Answer:
    """The crew as it is now, with its version as ETag."""
    fresh = Crew.objects.select_related(*selectors.CREW_RELATED).get(id=crew.id)
    return answer(rows([fresh], clock())[0], status=status, ETag=f'"{fresh.version}"')


class CrewsView(View):
    @endpoint("Crews in sight, with shifts and positions", right=Permission.SEE_MEANS, answer=CrewsShape)
    def get(self, call: Call) -> Answer:
        call.query(NoQuery)
        now = clock()
        return answer(CrewsShape(rows(list(selectors.crews(call.access)), now), now))

    @endpoint("Add a crew", right=Permission.MANAGE_MEANS, body=CrewBody, answer=CrewShape, status=201)
    def post(self, call: Call) -> Answer:
        return crew_answer(rostering.create_crew(by=call.by, team=call.body(CrewBody).team()), status=201)


class CrewView(View):
    @endpoint("One crew with its people, shifts and patterns", right=Permission.SEE_MEANS, answer=CrewDetail)
    def get(self, call: Call, crew_id: UUID) -> Answer:
        crew = selectors.crew(crew_id=crew_id, access=call.access)
        now = clock()
        row = rows([crew], now)[0]
        coming = crew.shifts.filter(ends_at__gt=now, starts_at__lt=now + rostering.AHEAD)
        body = CrewDetail(
            crew=row.crew,
            position=row.position,
            phone=crew.phone,
            members=[Named(one.id, one.name) for one in crew.members.all()],
            shifts=[shift_row(one) for one in coming],
            patterns=[pattern_shape(one) for one in crew.patterns.all()],
        )
        return answer(body, ETag=f'"{crew.version}"')


class CrewEditView(View):
    @endpoint(
        "Set all of what a crew is", right=Permission.MANAGE_MEANS, body=CrewBody, answer=CrewShape, versioned=True
    )
    def post(self, call: Call, crew_id: UUID) -> Answer:
        team = call.body(CrewBody).team()
        return crew_answer(rostering.edit_crew(crew_id=crew_id, by=call.by, team=team, version=call.version))


class CrewShiftsView(View):
    @endpoint(
        "Add a shift, an on-call time or an absence",
        right=Permission.MANAGE_MEANS,
        body=ShiftBody,
        answer=CrewShape,
        status=201,
    )
    def post(self, call: Call, crew_id: UUID) -> Answer:
        said = msgspec.structs.asdict(call.body(ShiftBody))
        made = rostering.set_shift(crew_id=crew_id, by=call.by, **said)
        return crew_answer(made.crew, status=201)


class ShiftView(View):
    @endpoint(
        "Move or change a shift; the version is its crew's",
        right=Permission.MANAGE_MEANS,
        body=ShiftBody,
        answer=CrewShape,
        versioned=True,
    )
    def put(self, call: Call, shift_id: UUID) -> Answer:
        said = msgspec.structs.asdict(call.body(ShiftBody))
        crew = selectors.crew_of_shift(shift_id)
        made = rostering.set_shift(crew_id=crew, by=call.by, shift_id=shift_id, version=call.version, **said)
        return crew_answer(made.crew)

    @endpoint("Take a shift or an absence away", right=Permission.MANAGE_MEANS, answer=CrewShape)
    def delete(self, call: Call, shift_id: UUID) -> Answer:
        return crew_answer(rostering.remove_shift(shift_id=shift_id, by=call.by))


class CrewPatternsView(View):
    @endpoint(
        "Add a week that repeats: its shifts are made fourteen days ahead",
        right=Permission.MANAGE_MEANS,
        body=PatternBody,
        answer=PatternShape,
        status=201,
    )
    def post(self, call: Call, crew_id: UUID) -> Answer:
        rhythm = call.body(PatternBody).rhythm()
        return answer(pattern_shape(rostering.add_pattern(crew_id=crew_id, by=call.by, rhythm=rhythm)), status=201)


class PatternView(View):
    @endpoint(
        "End a pattern; its shifts that have not begun go with it", right=Permission.MANAGE_MEANS, answer=CrewShape
    )
    def delete(self, call: Call, pattern_id: UUID) -> Answer:
        return crew_answer(rostering.end_pattern(pattern_id=pattern_id, by=call.by))


def shift_row(one: Shift) -> ShiftRow:
    return ShiftRow(one.id, one.kind, one.starts_at, one.ends_at, one.note)


def pattern_shape(one: ShiftPattern) -> PatternShape:
    return PatternShape(
        one.id, one.kind, list(one.weekdays), f"{one.starts:%H:%M}", f"{one.ends:%H:%M}", one.valid_from, one.valid_until
    )  # fmt: skip
