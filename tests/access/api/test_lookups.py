"""Oneself, colleagues and organisations; and machines with a token of limited scope."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.utils import timezone
from oauth2_provider.models import AccessToken

from access.keys import create_client
from access.models import Person
from access.roles import Role
from incidents.models import Incident
from tests import cast
from tests.incidents.api.calling import Api, problem

pytestmark = pytest.mark.django_db
LAT, LON = cast.SPOTS[cast.DIJON]


def test_me() -> None:
    officer = cast.person(Role.COMMUNE_OFFICER, communes=(cast.CHENOVE,))
    me = Api(officer).get("/me/").json()
    assert (me["id"], me["name"], me["scopes"]) == (str(officer.id), officer.name, None)
    (duty,) = me["duties"]
    assert (duty["role"], duty["communes"]) == ("commune_officer", [cast.CHENOVE])
    assert me["permissions"] == duty["permissions"]
    assert "incidents.view" in me["permissions"]
    problem(Api(None).get("/me/"), 401, "not-signed-in")
    assert Api(None).get("/me/")["WWW-Authenticate"] == "Bearer"


def test_people_and_organisations() -> None:
    anne, gone = cast.person(Role.CALL_TAKER, name="Anne Durand"), cast.person(Role.CALL_TAKER, name="Anne Partie")
    Person.objects.filter(id=gone.id).update(is_active=False)
    api = Api(anne)
    assert api.get("/people/", q="anne").json()["results"] == [
        {"id": str(anne.id), "name": "Anne Durand", "organisation": str(anne.organisation_id)}
    ]
    assert api.get("/people/", q="anne", organisation=uuid4()).json()["results"] == []
    assert {one["key"] for one in api.get("/organisations/").json()["results"]} >= {"voirie", "divia"}
    problem(api.get("/people/", limit=0), 400, "malformed")
    problem(Api(cast.person(Role.PREFECTURE_LIAISON)).get("/people/"), 403, "not-allowed")


def machine(role: Role, scopes: tuple[str, ...]) -> tuple[Person, dict[str, str]]:
    owner = cast.person(role)
    Person.objects.filter(id=owner.id).update(kind="machine")
    owner.refresh_from_db()
    client, _secret = create_client(person=owner, name="m", scopes=scopes, by=None)
    token = uuid4().hex
    AccessToken.objects.create(
        application=client, token=token, scope=" ".join(scopes), expires=timezone.now() + timedelta(hours=1)
    )
    return owner, {"Authorization": f"Bearer {token}"}


def call(method: str, path: str, headers: dict[str, str], body: Any = b"") -> Any:
    named = {"Idempotency-Key": str(uuid4()), **headers}
    strict = Browser(enforce_csrf_checks=True)
    return strict.generic(method, f"/api/v1{path}", body, content_type="application/json", headers=named)


def test_a_machine_does_what_its_duty_and_its_scopes_both_allow() -> None:
    owner, token = machine(Role.CALL_TAKER, ("reports.write",))
    declared = call(
        "POST", "/incidents/", token, f'{{"category":"{cast.LIGHT}","lat":{LAT},"lon":{LON},"source":"sensor"}}'
    )
    assert declared.status_code == 201, declared.content
    assert Incident.objects.get().reports.get().entered_by_id == owner.id
    problem(call("GET", "/incidents/", token), 403, "not-allowed")
    assert call("GET", "/me/", token).json()["scopes"] == ["reports.write"]


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer ", "Basic eDp5", "Bearer \xe9"])
def test_who_shows_something_that_is_no_token_is_nobody(header: str) -> None:
    problem(call("GET", "/me/", {"Authorization": header}), 401, "not-signed-in")
