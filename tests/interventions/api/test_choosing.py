"""Proposals, assignment against objections, cover and crews over HTTP."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.roles import Role
from incidents.services.handling import clock
from interventions import services
from interventions.models import Contract, Intervention, Vehicle
from journal.models import Entry
from tests import cast
from tests.incidents.api.calling import Api, problem
from tests.interventions import means

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def coordinator() -> Any:
    return cast.person(Role.INTERVENTION_COORDINATOR)


def vehicle(code: str, **more: Any) -> Vehicle:
    return Vehicle.objects.create(code=code, organisation=cast.organisation("eclairage"), **more)


def test_crews_are_ranked_with_reasons_and_assigned_in_one_call(coordinator: Any) -> None:
    lat, lon = cast.SPOTS[cast.DIJON]
    seen = {"lat": lat + 0.01, "lon": lon, "seen_at": clock(), "source": "gps"}
    near = means.crew(name="near", vehicle=vehicle("EC-1", **seen))
    far = means.crew(name="far", vehicle=vehicle("EC-2", **{**seen, "lat": lat + 0.05}))
    unable = means.crew(name="unable", owner="voirie", skills=["roads"])
    off = means.crew(name="off", on_shift=False)
    mission = means.mission(skills=["lighting"], priority="P2")
    api = Api(coordinator)
    told = api.post(f"/interventions/{mission.id}/proposals/", {})
    assert told.status_code == 200, told.content
    found = told.json()
    assert (found["version"], found["method"]) == (1, "estimation")
    assert [one["crew"]["name"] for one in found["results"]][:2] == ["near", "far"]
    by_name = {one["crew"]["name"]: one for one in found["results"]}
    why_not = {
        name: {reason["code"] for reason in by_name[name]["reasons"] if reason["weight"] == "blocking"}
        for name in by_name
    }
    assert why_not == {
        "near": set(), "far": set(), "unable": {"skill_missing", "not_under_contract"}, "off": {"off_shift"},
    }  # fmt: skip
    assert by_name["near"]["drive"] == {"minutes": 4, "km": 1.5, "method": "estimation"}
    best = found["results"][0]
    body = {"crew": best["crew"]["id"], "start": best["arrives_at"]}
    given = api.post(f"/interventions/{mission.id}/assign/", body, version=found["version"])
    assert (given.status_code, given.json()["crew"]["name"]) == (200, "near"), given.content
    assert str(off.id) != str(unable.id) != str(far.id) != str(near.id)


def test_what_forbids_a_crew_is_refused_unless_somebody_says_why(coordinator: Any) -> None:
    api, mission = Api(coordinator), means.mission(skills=["lighting"])
    wrong = means.crew(owner="voirie", skills=["roads"], on_shift=False)
    path = f"/interventions/{mission.id}/assign/"
    met = problem(api.post(path, {"crew": str(wrong.id)}, version=1), 409, "objections")
    assert [one["code"] for one in met["objections"]] == ["skill_missing", "not_under_contract", "off_shift"]
    assert met["objections"][0]["values"] == {"skills": ["lighting"]}
    body = {"crew": str(wrong.id), "override": "seule équipe joignable"}
    assert api.post(path, body, version=1).status_code == 200
    entry = Entry.objects.get(kind="interventions.assigned", about=mission.id)
    assert "seule équipe joignable" in str(entry.data)


def test_proposals_cost_the_same_whatever_the_number_of_crews(coordinator: Any) -> None:
    api, mission = Api(coordinator), means.mission(skills=["lighting"])

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert api.post(f"/interventions/{mission.id}/proposals/", {}).status_code == 200
        return len(seen)

    means.crew()
    few = queries()
    for number in range(6):
        crew = means.crew(vehicle=vehicle(f"EC-{number}"))
        means.mission(status="accepted", with_crew=crew)
    assert queries() == few


def test_each_crew_s_own_contract_says_whether_it_would_be_late(coordinator: Any) -> None:
    """What is shown before the assignment is what the mission's clock says after it; one query more for all crews."""
    incident = cast.incident(status="qualified")
    mission = services.propose(by=coordinator, ask=services.Ask(incident=incident.id))
    services.pause(intervention_id=mission.id, by=coordinator, reason="access")
    services.resume(intervention_id=mission.id, by=coordinator)
    lat, lon = mission.lat, mission.lon
    seen = {"lat": lat + 0.03, "lon": lon, "seen_at": clock(), "source": "gps"}
    quick = means.crew(name="quick", vehicle=vehicle("EC-1", **seen))
    usual = means.crew(name="usual", owner="voirie", skills=["lighting"], vehicle=vehicle("EC-2", **seen))
    Contract.objects.create(
        organisation=quick.organisation, title="Cinq minutes", response_minutes=5, valid_from=clock().date() - DAY
    )
    api = Api(coordinator)
    found = api.post(f"/interventions/{mission.id}/proposals/", {}).json()
    told = {one["crew"]["name"]: one for one in found["results"]}
    assert {name: (one["late"], one["contract"]) for name, one in told.items()} == {
        "quick": (True, "Cinq minutes"), "usual": (False, ""),
    }  # fmt: skip
    assert {name: one["margin_minutes"] < 0 for name, one in told.items()} == {"quick": True, "usual": False}
    for crew, name in ((usual, "usual"), (quick, "quick")):
        mission = services.assign(intervention_id=mission.id, by=coordinator, crew=crew.id, override="essai")
        assert mission.response_due == msgspec.convert(told[name]["due"], datetime), name
        again = {one["crew"]["name"]: one["due"] for one in api.post(path_of(mission), {}).json()["results"]}
        assert again == {each: one["due"] for each, one in told.items()}, "whoever has it, each by its own contract"


def path_of(mission: Intervention) -> str:
    return f"/interventions/{mission.id}/proposals/"


def test_contracts_and_pauses_cost_no_query_more(coordinator: Any) -> None:
    api, mission = Api(coordinator), services.propose(
        by=coordinator, ask=services.Ask(incident=cast.incident(status="qualified").id)
    )  # fmt: skip

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert api.post(path_of(mission), {}).status_code == 200
        return len(seen)

    means.crew()
    few = queries()
    for _round in range(3):
        services.pause(intervention_id=mission.id, by=coordinator, reason="access")
        services.resume(intervention_id=mission.id, by=coordinator)
    for owner in ("eclairage", "voirie", "police-municipale-dijon"):
        crew = means.crew(owner=owner)
        for number in range(3):
            Contract.objects.create(
                organisation=crew.organisation, title=f"{owner} {number}", response_minutes=number,
                valid_from=clock().date() - DAY,
            )  # fmt: skip
    assert queries() == few


def test_who_may_ask(coordinator: Any) -> None:
    mission = means.mission()
    path = f"/interventions/{mission.id}/proposals/"
    assert Api(cast.person(Role.CALL_TAKER)).post(path, {}).status_code == 403
    assert (
        Api(coordinator).post("/interventions/00000000-0000-4000-8000-000000000000/proposals/", {}).status_code == 404
    )
    problem(Api(coordinator).post(path, {}, key=None), 428, "idempotency-key-required")


def test_cover_before_and_after(coordinator: Any) -> None:
    lat, lon = cast.SPOTS[cast.DIJON]
    crew = means.crew(vehicle=vehicle("EC-1", lat=lat, lon=lon, seen_at=clock()))
    api, mission = Api(coordinator), means.mission()
    now = api.get("/cover/", minutes=60, skill="lighting").json()
    assert {one["reach"][0]["covered"] for one in now["sectors"]} == {True}
    after = api.get("/cover/", minutes=60, skill="lighting", crew=str(crew.id), intervention=str(mission.id)).json()
    assert {one["reach"][0]["covered"] for one in after["sectors"]} == {False}
    assert len(after["lost"]) == 5
    assert all(one["after"] is None and one["until"] for one in after["lost"])
    assert api.get("/cover/", crew="00000000-0000-4000-8000-000000000000").status_code == 404
    assert Api(cast.person(Role.COMMUNE_OFFICER)).get("/cover/").status_code == 403


def test_crews_their_shifts_and_where_they_are(coordinator: Any) -> None:
    api, now = Api(coordinator), clock()
    means.crew(vehicle=vehicle("EC-1", lat=47.3, lon=5.0, seen_at=now, source="gps"))
    means.crew(owner="voirie")
    found = api.get("/crews/").json()["results"]
    assert sorted(one["position"] is not None for one in found) == [False, True]
    assert all(len(one["crew"]["shifts"]) == 1 for one in found)
    mine = Api(cast.person(Role.CREW_LEADER)).get("/crews/").json()["results"]
    assert [one["crew"]["organisation"]["name"] for one in mine] == ["Éclairage public"]


def test_a_crew_from_its_creation_to_its_patterns(coordinator: Any) -> None:
    api, owner = Api(coordinator), cast.organisation("eclairage")
    body = {
        "name": "Éclairage 9", "organisation": str(owner.id), "skills": ["lighting"], "base_lat": 47.3, "base_lon": 5.0,
    }  # fmt: skip
    made = api.post("/crews/", body)
    assert made.status_code == 201, made.content
    crew = made.json()["crew"]["id"]
    problem(api.post("/crews/", body), 409, "conflict")
    edited = api.post(f"/crews/{crew}/edit/", {**body, "capacity": 3}, version=1)
    assert (edited.status_code, edited.json()["crew"]["capacity"], edited["ETag"]) == (200, 3, '"2"')
    problem(api.post(f"/crews/{crew}/edit/", body, version=1), 412, "stale")
    now = clock()
    hours = {"starts_at": now.isoformat(), "ends_at": (now + timedelta(hours=8)).isoformat()}
    added = api.post(f"/crews/{crew}/shifts/", hours)
    assert added.status_code == 201, added.content
    shift = added.json()["crew"]["shifts"][0]["id"]
    problem(api.post(f"/crews/{crew}/shifts/", hours), 409, "shift-overlap")
    moved = api.send("PUT", f"/shifts/{shift}/", {**hours, "kind": "on_call"}, version=3)
    assert moved.json()["crew"]["shifts"][0]["kind"] == "on_call", moved.content
    assert api.send("DELETE", f"/shifts/{shift}/").json()["crew"]["shifts"] == []
    week = {"weekdays": [0, 1, 2, 3, 4], "starts": "22:00", "ends": "06:00", "valid_from": "2026-01-01"}
    pattern = api.post(f"/crews/{crew}/patterns/", week)
    assert pattern.status_code == 201, pattern.content
    detail = api.get(f"/crews/{crew}/").json()
    assert len(detail["patterns"]) == 1
    assert len(detail["shifts"]) >= 8
    assert api.send("DELETE", f"/patterns/{pattern.json()['id']}/").status_code == 200
    assert Entry.objects.filter(kind="interventions.crew_changed", about=crew).count() == 7
