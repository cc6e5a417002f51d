"""Whatever goes wrong becomes one problem document, with the headers of its status."""

import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, ProgrammingError
from django.http import Http404
from django.test import Client
from rest_framework.exceptions import MethodNotAllowed, NotAcceptable, NotAuthenticated

from access.roles import Role
from incidents import listing
from journal.api.errors import problem_of, respond
from journal.errors import Stale, WrongState
from tests import cast


@pytest.mark.parametrize(
    ("error", "status", "slug"),
    [
        (Http404(), 404, "not-found"),
        (PermissionDenied(), 403, "not-allowed"),
        (SuspiciousOperation(), 400, "malformed"),
        (DataError(), 422, "invalid"),
        (IntegrityError(), 409, "conflict"),
        (OperationalError(), 503, "unavailable"),
        (InterfaceError(), 503, "unavailable"),
        (NotAuthenticated(), 401, "not-signed-in"),
        (MethodNotAllowed("PUT"), 405, "method-not-allowed"),
        (NotAcceptable(), 400, "malformed"),
        (WrongState(status="closed"), 409, "wrong-state"),
        (Stale(), 412, "stale"),
    ],
)
def test_each_family(error: Exception, status: int, slug: str) -> None:
    found = problem_of(error)
    assert found is not None
    response = respond(found)
    document = json.loads(response.content)
    assert (response.status_code, document["status"], document["type"]) == (status, status, f"/problems/{slug}")
    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "no-store"


def test_a_fault_of_ours_is_none() -> None:
    assert problem_of(ProgrammingError()) is None
    assert problem_of(RuntimeError()) is None


def signed_in(**more: Any) -> Client:
    client = Client(**more)
    client.force_login(cast.person(Role.CALL_TAKER), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def failing(error: Exception) -> Any:
    def fail(**_asked: Any) -> None:
        raise error

    return fail


@pytest.mark.django_db
def test_without_its_database_the_api_says_when_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "page", failing(OperationalError("gone")))
    response = signed_in().get("/api/v1/incidents/")
    assert response.status_code == 503
    assert response["Retry-After"] == "2"
    assert b"gone" not in response.content


@pytest.mark.django_db
def test_a_fault_of_ours_says_no_more_than_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "page", failing(RuntimeError("secret")))
    response = signed_in(raise_request_exception=False).get("/api/v1/incidents/")
    assert response.status_code == 500
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["type"] == "/problems/fault"
    assert b"secret" not in response.content
