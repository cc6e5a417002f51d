"""Positions: in any order, from several kinds of tracker, seen by whom they may be, forgotten after 30 days."""

from base64 import b64encode
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.keys import create_api_key
from access.machines import machine
from access.models import Person
from access.roles import Role
from incidents.services.handling import clock
from interventions import services
from interventions.models import Position, Vehicle
from interventions.services.positioning import forget_old
from tests import cast
from tests.incidents.api.calling import ROOT, Api, problem
from tests.interventions import means
from tests.interventions.means import HOUR

pytestmark = pytest.mark.django_db
LAT, LON = cast.SPOTS[cast.DIJON]


def vehicle(owner: str = "eclairage", **fields: Any) -> Vehicle:
    return Vehicle.objects.create(code=f"V-{uuid4().hex[:6]}", organisation=cast.organisation(owner), **fields)


def position(of: Vehicle, ago: float, **more: Any) -> dict[str, Any]:
    at = clock() - timedelta(seconds=ago)
    return {"vehicle": str(of.id), "lat": LAT, "lon": LON, "at": at.isoformat(), **more}


@pytest.fixture
def leader() -> Person:
    """A partner's own tracking system: it says where all of that partner's vehicles are."""
    return machine(login="suivi", name="Suivi", organisation="eclairage", role=Role.CREW_LEADER)


@pytest.fixture
def phone() -> tuple[Person, Vehicle]:
    """A crew leader on shift for an hour and an hour more, and the van."""
    who, own = cast.person(Role.CREW_LEADER), vehicle()
    means.shift(means.crew(leader=who, vehicle=own, on_shift=False), clock() - HOUR, clock() + HOUR)
    return who, own


def send(by: Person, *positions: dict[str, Any]) -> list[int]:
    answer = Api(by).post("/positions/", {"positions": list(positions)})
    assert answer.status_code == 200, answer.content
    return [one["status"] for one in answer.json()["results"]]


def test_out_of_order_future_old_and_foreign_ones(leader: Person) -> None:
    own, foreign = vehicle(), vehicle("voirie")
    newest = position(own, 10, lat=LAT + 0.01)
    came = send(
        leader, newest, position(own, 60), position(own, -3600), position(own, 31 * 86400), position(foreign, 5), newest
    )
    assert came == [201, 201, 422, 422, 404, 201]
    own.refresh_from_db()
    foreign.refresh_from_db()
    assert (own.lat, own.source, foreign.seen_at) == (LAT + 0.01, "api", None)
    assert Position.objects.filter(vehicle=own).count() == 2, "the same instant twice is one position"
    assert send(leader, position(own, 30)) == [201]
    own.refresh_from_db()
    assert own.lat == LAT + 0.01, "an older one never becomes the latest"


def test_a_thousand_cost_as_many_statements_as_one(leader: Person) -> None:
    own, api = vehicle(), Api(leader)

    def statements(number: int, ago: int) -> int:
        body = {"positions": [position(own, ago + n / 10) for n in range(number)]}
        with CaptureQueriesContext(connection) as seen:
            assert api.post("/positions/", body).status_code == 200
        return len(seen)

    assert statements(1000, 100) == statements(1, 5)
    assert Position.objects.count() == 1001
    problem(api.post("/positions/", {"positions": [position(own, 1)] * 1001}), 422, "invalid")


def test_a_phone_says_where_it_is_by_consent_on_shift_and_for_its_own_crew(phone: tuple[Person, Vehicle]) -> None:
    who, own = phone
    colleagues = vehicle()
    assert send(who, position(own, 5)) == [403]
    services.share_position(by=who, at=clock() - HOUR / 2)
    came = send(who, position(own, 5), position(own, 2400), position(own, 5400), position(colleagues, 5))
    assert came == [201, 403, 403, 404], "before the word was given, before the shift, somebody else's van"
    own.refresh_from_db()
    assert (own.source, Position.objects.count()) == ("phone", 1)
    services.keep_position(by=who)
    assert send(who, position(own, 0)) == [403]
    assert send(cast.person(Role.INTERVENTION_COORDINATOR), position(own, 0)) == [201], "the post may place any"


def test_a_thousand_of_a_phone_cost_as_much_as_one(phone: tuple[Person, Vehicle]) -> None:
    who, own = phone
    services.share_position(by=who, at=clock() - HOUR)
    api = Api(who)
    body = {"positions": [position(own, n) for n in range(1, 1001)]}
    with CaptureQueriesContext(connection) as many:
        assert api.post("/positions/", body).status_code == 200
    with CaptureQueriesContext(connection) as one:
        assert api.post("/positions/", {"positions": [position(own, 0)]}).status_code == 200
    assert len(many) == len(one)
    assert Position.objects.count() == 1001


def test_who_sees_them(leader: Person) -> None:
    own, foreign = vehicle(), vehicle("voirie")
    coordinator = cast.person(Role.INTERVENTION_COORDINATOR)
    send(coordinator, position(own, 5), position(foreign, 5))

    def seen(by: Person) -> set[str]:
        return {one["code"] for one in Api(by).get("/positions/").json()["results"]}

    assert seen(coordinator) == {own.code, foreign.code}
    assert seen(leader) == {own.code}
    assert Api(cast.person(Role.COMMUNE_OFFICER)).get("/positions/").status_code == 403


@pytest.fixture
def key() -> str:
    who = machine(login="traceurs", name="Traceurs", organisation="eclairage", role=Role.CREW_LEADER)
    return create_api_key(person=who, label="traceurs", by=None)[1]


def test_owntracks(key: str) -> None:
    own, api = vehicle(tracker="ab12"), Api(None)
    path = "/positions/owntracks/"
    headers = {"Authorization": "Basic " + b64encode(f"x:{key}".encode()).decode()}
    told = {"_type": "location", "lat": LAT, "lon": LON, "tst": int(clock().timestamp()), "acc": 12, "tid": "ab12"}
    assert api.send("POST", path, told, headers=headers).content == b"[]"
    own.refresh_from_db()
    assert (own.lat, own.source) == (LAT, "owntracks")
    assert api.send("POST", path, {"_type": "status"}, headers=headers).status_code == 200
    problem(api.send("POST", path, {**told, "lat": "north"}, headers=headers), 422, "invalid")
    problem(api.send("POST", path, {**told, "tid": "zz"}, headers=headers), 404, "not-found")
    problem(api.send("POST", path, told), 401, "not-signed-in")
    problem(api.send("POST", path, told, headers={"Authorization": "Basic ???"}), 401, "not-signed-in")


def test_traccar_forwarded_and_its_clients(key: str) -> None:
    own, api, now = vehicle(tracker="867"), Api(None), clock()
    forwarded = {
        "position": {"latitude": LAT, "longitude": LON, "fixTime": now.isoformat(), "accuracy": 0},
        "device": {"uniqueId": "867"},
    }
    assert api.send("POST", f"/positions/traccar/?key={key}", forwarded).status_code == 200
    later = (now + timedelta(seconds=30)).timestamp()
    query = f"key={key}&id=867&lat={LAT + 0.02}&lon={LON}&timestamp={later:.0f}"
    assert api.client.post(f"{ROOT}/positions/traccar/?{query}").status_code == 200
    own.refresh_from_db()
    assert own.lat == LAT + 0.02
    coords = {"latitude": LAT + 0.03, "longitude": LON, "accuracy": 4}
    newer = {"device_id": "867", "location": {"timestamp": (now + timedelta(seconds=60)).isoformat(), "coords": coords}}
    assert api.send("POST", f"/positions/traccar/?key={key}", newer).status_code == 200
    own.refresh_from_db()
    assert own.lat == LAT + 0.03
    wrongs: list[Any] = [{"device": 3}, {"position": {}, "device": {}}, [], {**forwarded, "device": {}}]
    for wrong in wrongs:
        problem(api.send("POST", f"/positions/traccar/?key={key}", wrong), 422, "invalid")


def test_forgotten_after_thirty_days(leader: Person) -> None:
    own = vehicle()
    send(leader, position(own, 5), position(own, 10))
    assert forget_old() == 0
    Position.objects.update(received_at=clock() - timedelta(days=31))
    Vehicle.objects.update(seen_at=clock() - timedelta(days=31))
    assert forget_old(batch=1) == 2
    own.refresh_from_db()
    assert (own.lat, own.seen_at) == (None, None)
