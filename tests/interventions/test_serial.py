"""Planned work that comes back is made ahead, once each."""

from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from access.roles import Role
from incidents.services.handling import clock
from interventions import services
from interventions.models import Intervention, Series
from interventions.services.serial import make_planned_work
from interventions.shifts import PARIS, instant
from journal.models import Entry
from tests import cast
from tests.incidents.api.calling import Api, problem
from tests.interventions import means

DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


def series(**more: Any) -> Series:
    lat, lon = cast.SPOTS[cast.DIJON]
    told = {"title": "Tournée", "category_id": cast.LIGHT, "lat": lat, "lon": lon, "at": time(9), "every_days": 7}
    return Series.objects.create(**{**told, **more}, organisation=cast.organisation("eclairage"))


def today() -> date:
    return timezone.localdate(clock(), PARIS)


def test_it_is_made_ahead_once() -> None:
    one = series(next_on=today(), skills=["lighting"])
    assert make_planned_work() == 3
    assert make_planned_work() == 0
    made = Intervention.objects.filter(series=one).order_by("window_start")
    assert [work.window_start for work in made] == [
        instant(today() + timedelta(days=days), time(9)) for days in (0, 7, 14)
    ]
    assert {(work.status, work.incident_id) for work in made} == {("proposed", None)}
    assert Entry.objects.filter(kind="interventions.proposed").count() == 3
    one.refresh_from_db()
    assert one.next_on == today() + timedelta(days=21)


def test_it_ends_and_days_gone_by_are_not_made_up_for() -> None:
    one = series(next_on=today() - timedelta(days=70), until=today() + timedelta(days=8))
    assert make_planned_work() == 2
    one.refresh_from_db()
    assert not one.active


def told(**more: Any) -> dict[str, Any]:
    lat, lon = cast.SPOTS[cast.DIJON]
    body = {
        "title": "Relampage du tunnel", "category": cast.LIGHT, "lat": lat, "lon": lon, "at": "09:00", "every_days": 7,
        "first_on": str(today() + DAY), "organisation": str(cast.organisation("eclairage").id),
    }  # fmt: skip
    return {**body, **more}


def test_a_person_begins_it_sees_what_it_makes_and_ends_it() -> None:
    coordinator = cast.person(Role.INTERVENTION_COORDINATOR)
    api = Api(coordinator)
    answer = api.post("/series/", told())
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["commune"], made["at"], made["duration_minutes"]) == (cast.DIJON, "09:00:00", 45)
    first, second = Intervention.objects.filter(series=made["id"]).order_by("window_start")
    assert first.window_start == instant(today() + DAY, time(9))
    assert [one["id"] for one in api.get("/series/").json()["results"]] == [made["id"]]
    services.assign(intervention_id=first.id, by=coordinator, crew=means.crew().id, start=first.window_start)

    ended = api.post(f"/series/{made['id']}/end/", {"reason": "tunnel fermé"})
    assert (ended.status_code, ended.json()["active"]) == (200, False)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status, second.reason) == ("assigned", "cancelled", "tunnel fermé")
    assert api.get("/series/").json()["results"] == []
    problem(api.post(f"/series/{made['id']}/end/", {"reason": "encore"}), 409, "wrong-state")
    kinds = list(Entry.objects.filter(about=made["id"]).order_by("seq").values_list("kind", flat=True))
    assert kinds == ["interventions.series_started", "interventions.series_ended"]


def test_who_may_begin_one_and_where() -> None:
    near = cast.person(Role.INTERVENTION_COORDINATOR, communes=(cast.CHENOVE,))
    problem(Api(near).post("/series/", told()), 403, "not-allowed")
    lat, lon = cast.SPOTS[cast.CHENOVE]
    own = Api(near).post("/series/", told(lat=lat, lon=lon)).json()
    other = Api(cast.person(Role.INTERVENTION_COORDINATOR)).post("/series/", told()).json()
    assert [one["id"] for one in Api(near).get("/series/").json()["results"]] == [own["id"]]
    problem(Api(near).post(f"/series/{other['id']}/end/", {"reason": "non"}), 404, "not-found")
    problem(Api(cast.person(Role.CREW_LEADER)).post("/series/", told()), 403, "not-allowed")


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"first_on": "2020-01-01"}, "first_on"), ({"until": "2020-01-01"}, "until"), ({"lat": 10.0}, "lat"),
        ({"organisation": str(uuid4())}, "organisation"), ({"title": "  "}, "title"), ({"category": "x.y"}, "category"),
        ({"skills": ["flying"]}, "skills"),
    ],
)  # fmt: skip
def test_what_cannot_come_back(wrong: dict[str, Any], name: str) -> None:
    answer = Api(cast.person(Role.INTERVENTION_COORDINATOR)).post("/series/", told(**wrong))
    assert name in problem(answer, 422, "invalid")["errors"]
    assert not Series.objects.exists()
