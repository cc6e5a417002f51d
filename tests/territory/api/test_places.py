"""Communes and places over HTTP."""

import pytest

from access.roles import Role
from tests import cast
from tests.incidents.api.calling import Api, problem

pytestmark = pytest.mark.django_db


def test_communes() -> None:
    found = Api(cast.person(Role.CALL_TAKER)).get("/communes/").json()["results"]
    assert len(found) == 23
    assert {one["insee"]: one["name"] for one in found}[cast.DIJON] == "Dijon"
    problem(Api(None).get("/communes/"), 401, "not-signed-in")


def test_places() -> None:
    api = Api(cast.person(Role.CALL_TAKER))
    (best, *_rest) = api.get("/places/", q="mairie chenove").json()["results"]
    assert (best["kind"], best["commune"]) == ("town_hall", cast.CHENOVE)
    assert len(api.get("/places/", q="mairie", limit=3, lat=47.3, lon=5.0).json()["results"]) == 3
    for bad in ({}, {"q": ""}, {"q": "x", "lat": 47}, {"q": "x", "limit": 51}, {"q": "a\0"}, {"q": "x" * 201}):
        problem(api.get("/places/", **bad), 400, "malformed")
