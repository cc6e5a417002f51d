"""Requests that no browser sends: answered as mistakes of the sender, on pages."""

import pytest
from django.test import Client

from access.roles import Role
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    [
        "access/person/?organisation__kind__exact=%00",
        "access/duty/?role__exact=%00",
        "incidents/category/%00/change/",
        "autocomplete/?app_label=access&model_name=duty&field_name=person&term=%00",
    ],
)
def test_a_nul_in_an_address_of_the_administration(client: Client, path: str) -> None:
    client.force_login(cast.person(Role.ADMINISTRATOR), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(f"/admin/{path}").status_code in (400, 404)
