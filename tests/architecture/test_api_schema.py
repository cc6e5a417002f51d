"""The API's description is whole, and the API keeps to it."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import schemathesis
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from schemathesis import checks
from schemathesis.specs.openapi import checks as openapi_checks

from access.models import Person
from access.roles import Role
from ondijon.api import views
from ondijon.api.views import document
from ondijon.wsgi import application
from tests import cast as people
from tests.architecture.test_routes import SEEN
from tests.crisis import world as cells
from tests.interventions import means

EXAMPLES = 12  # per operation
SCHEMA = json.loads(document("en"))


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [(method, path, found) for path, methods in SCHEMA["paths"].items() for method, found in methods.items()]


def test_it_is_openapi_3_1_and_served() -> None:
    response = Client().get("/api/schema/")
    assert response["Content-Type"] == "application/vnd.oai.openapi+json"
    assert response.json()["openapi"].startswith("3.1")


def test_every_route_of_the_api_is_described() -> None:
    routes = sum(len(view.endpoints) for where, view in SEEN.items() if where.startswith(("api/v1/", "cod/v1/")))
    assert len(operations()) == routes
    names = [found["operationId"] for _method, _path, found in operations()]
    assert len(names) == len(set(names))


def test_every_reference_leads_somewhere() -> None:
    named = set(SCHEMA["components"]["schemas"])
    text = json.dumps(SCHEMA)
    used = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert used <= named
    assert "$defs" not in text


@pytest.mark.django_db
def test_the_page_runs_under_the_strict_policy() -> None:
    response = Client().get("/api/docs/")
    page = response.content.decode()
    assert response.status_code == 200
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert "<style" not in page
    assert "<script>" not in page
    assert page.count("<script src=") == 2


CHECKS = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
]


@pytest.fixture
def _one_transaction() -> Iterator[None]:
    """As Django's own test client: the server's end of request must not close this test's connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def somebody() -> Person:
    """Somebody with many rights."""
    return people.person(Role.CRISIS_DIRECTOR)


@pytest.fixture
def headers(somebody: Person) -> dict[str, str]:
    """Their signed-in page."""
    client = Client()
    client.force_login(somebody, backend="allauth.account.auth_backends.AuthenticationBackend")
    token = "a" * 32
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}"
    return {"Cookie": cookies, "X-CSRFToken": token}


def without_security(method: str, path: str) -> dict[str, Any]:
    """We sign in ourselves: made-up tokens would only ever be refused."""
    return {name: value for name, value in SCHEMA["paths"][path][method].items() if name != "security"}


@pytest.mark.django_db
@pytest.mark.usefixtures("_one_transaction")
@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, _found in operations()])
def test_the_api_keeps_to_its_description(method: str, path: str, headers: dict[str, str], somebody: Person) -> None:
    """Schemathesis makes good and bad calls from the schema alone; never a 500, always a described answer."""
    known = {"incident_id": str(people.incident().id), "intervention_id": str(means.mission().id)}
    known["crew_id"] = str(means.crew().id)
    if "{cell_id}" in path:
        known |= cells.everything(cells.opened(somebody))
    schema = schemathesis.openapi.from_dict({**SCHEMA, "paths": {path: {method: without_security(method, path)}}})
    schema.app = application
    operation = schema[path][method.upper()]

    @given(case=operation.as_strategy())
    @hypothesis_settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    def run(case: Any) -> None:
        case.path_parameters.update({name: known[name] for name in case.path_parameters if name in known})
        case.call_and_validate(headers=headers, checks=CHECKS)

    run()


def test_two_first_readers_at_once_get_the_same_description() -> None:
    views._document.cache_clear()
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(views.document, ["fr", "en"] * 6))
    assert len(set(answers)) <= 2
    assert all(b'"openapi":"3.1' in answer for answer in answers)
