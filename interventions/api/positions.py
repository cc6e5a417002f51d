"""Positions of vehicles: in bulk, and as trackers send them; and where everything is now."""

import binascii
from base64 import b64decode
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from django.http import HttpRequest
from msgspec import Meta

from access.api.base import Call, View, endpoint
from access.api.serializers import NoQuery
from access.models import Person
from access.selectors import Access, access_of, person_by_api_key
from incidents.api.bodies import NUL_FREE, Instant, Lat, Lon, Strict
from interventions import selectors, trackers
from interventions.permissions import Permission
from interventions.services.positioning import Fix, place
from journal.api.answers import answer
from journal.api.errors import document
from journal.api.parsing import read_json
from journal.errors import NotSignedIn, Problem
from journal.idempotency import Answer

Name = Annotated[str, Meta(max_length=60, pattern=NUL_FREE)]


class PositionItem(Strict, frozen=True, kw_only=True):
    """One of `vehicle` (id), `code`, `tracker` names the vehicle; `at` is the device's time."""

    lat: Lat
    lon: Lon
    at: Instant
    vehicle: UUID | None = None
    code: Name = ""
    tracker: Name = ""
    accuracy_m: Annotated[float, Meta(ge=0, le=1e7)] | None = None

    def fix(self) -> Fix:
        return Fix(**{name: getattr(self, name) for name in self.__struct_fields__})


class PositionsBody(Strict, frozen=True, kw_only=True):
    positions: Annotated[list[PositionItem], Meta(min_length=1, max_length=1000)]


class Taken(msgspec.Struct, frozen=True, omit_defaults=True):
    """`status` 201 taken; 403 (a phone without consent, or off shift), 404 or 422 with its `problem`."""

    status: int
    problem: dict[str, Any] | None = None


class TakenShape(msgspec.Struct, frozen=True):
    results: list[Taken]


class VehicleShape(msgspec.Struct, frozen=True):
    id: UUID
    code: str
    label: str
    organisation: UUID
    crew: UUID | None
    lat: float | None
    lon: float | None
    at: datetime | None
    source: str


class VehiclesShape(msgspec.Struct, frozen=True):
    results: list[VehicleShape]


def _taken(problem: Problem | None) -> Taken:
    return Taken(201) if problem is None else Taken(problem.status, document(problem))


class PositionsView(View):
    @endpoint("Where vehicles are now", right=Permission.SEE_MEANS, answer=VehiclesShape)
    def get(self, call: Call) -> Answer:
        call.query(NoQuery)
        names = ("id", "code", "label", "organisation_id", "crew", "lat", "lon", "seen_at", "source")
        rows = selectors.vehicles(call.access).order_by("code").values_list(*names)
        return answer(VehiclesShape([VehicleShape(*row) for row in rows]))

    @endpoint(
        "Where vehicles were: up to 1,000, in any order",
        right=Permission.SEND_POSITIONS,
        body=PositionsBody,
        answer=TakenShape,
        wraps=False,
    )
    def post(self, call: Call) -> Answer:
        """The same position twice is one position, so no answer needs to be kept under the key."""
        call.key  # noqa: B018 - every write has one, this one too
        fixes = [one.fix() for one in call.body(PositionsBody).positions]
        return answer(TakenShape([_taken(problem) for problem in place(by=call.by, fixes=fixes)]))


class TrackerView(View):
    """Devices know HTTP Basic or a `key` in the address at best: the password or key is an API key."""

    def identify(self, request: HttpRequest) -> tuple[Person | None, Access]:
        key = request.GET.get("key", "") or _basic_password(request)
        person = person_by_api_key(key) if key else None
        if person is None:
            raise NotSignedIn
        return person, access_of(person)


def _basic_password(request: HttpRequest) -> str:
    scheme, _space, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(text, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _place_one(call: Call, fix: Fix) -> None:
    (problem,) = place(by=call.by, fixes=[fix])
    if problem is not None:
        raise problem


class OwnTracksView(TrackerView):
    @endpoint("A message of an OwnTracks phone", right=Permission.SEND_POSITIONS, answer=list[int], keyed=False)
    def post(self, call: Call) -> Answer:
        fix = trackers.owntracks(read_json(call.request))
        if fix is not None:
            _place_one(call, fix)
        return answer([])  # the phone expects a list of messages for it


class TraccarView(TrackerView):
    @endpoint(
        "A position forwarded by Traccar, or of one of its clients",
        right=Permission.SEND_POSITIONS,
        answer=Taken,
        keyed=False,
    )
    def post(self, call: Call) -> Answer:
        query = {name: str(value) for name, value in call.request.GET.items()}
        fix = trackers.osmand(query) if "lat" in query else trackers.traccar(read_json(call.request))
        _place_one(call, fix)
        return answer(Taken(201))
