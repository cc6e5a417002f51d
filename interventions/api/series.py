"""Planned work that comes back: begun, listed, ended."""

from datetime import date, time
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from access.api.base import Call, View, endpoint
from access.api.serializers import NoQuery
from incidents.api.bodies import NUL_FREE, Key, Lat, Line, Lon, Strict
from interventions.api.bodies import Minutes, ReasonBody, Skills
from interventions.api.means import Clock
from interventions.permissions import Permission
from interventions.rows import SeriesRow, series_row_of
from interventions.services import serial
from journal.api.answers import answer
from journal.idempotency import Answer


class SeriesBody(Strict, frozen=True, kw_only=True):
    """From the day `first_on`, every `every_days` at the local time `at`. Left out: the category's own skills and
    duration."""

    title: Annotated[str, Meta(min_length=1, max_length=160, pattern=NUL_FREE)]
    category: Key
    organisation: UUID
    lat: Lat
    lon: Lon
    at: Clock
    first_on: date
    every_days: Annotated[int, Meta(ge=1, le=serial.RARELY)]
    until: date | None = None
    address: Line = ""
    skills: Skills | None = None
    duration_minutes: Minutes | None = None

    def told(self) -> serial.Recurring:
        said = {name: getattr(self, name) for name in self.__struct_fields__}
        return serial.Recurring(**{**said, "at": time.fromisoformat(self.at)})


class SeriesList(msgspec.Struct, frozen=True):
    """Those that go on."""

    results: list[SeriesRow]


class SeriesView(View):
    @endpoint("Planned work that comes back", right=Permission.PLAN, answer=SeriesList)
    def get(self, call: Call) -> Answer:
        call.query(NoQuery)
        return answer(SeriesList([series_row_of(one) for one in serial.series_in_sight(call.by)]))

    @endpoint(
        "Let work come back: made fourteen days ahead",
        right=Permission.PLAN,
        body=SeriesBody,
        answer=SeriesRow,
        status=201,
    )
    def post(self, call: Call) -> Answer:
        made = serial.start_series(by=call.by, told=call.body(SeriesBody).told())
        return answer(series_row_of(made), status=201)


class SeriesEndView(View):
    @endpoint(
        "No more of it; what no crew has yet is called off",
        right=Permission.PLAN,
        body=ReasonBody,
        answer=SeriesRow,
    )
    def post(self, call: Call, series_id: UUID) -> Answer:
        reason = call.body(ReasonBody).reason
        return answer(series_row_of(serial.end_series(series_id=series_id, by=call.by, reason=reason)))
