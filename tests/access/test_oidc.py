"""OpenID Connect against a real provider on loopback: an identity opens an existing person's account, nothing more."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from urllib.request import HTTPErrorProcessor, build_opener

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from pytest_django import Settings

from access import services
from access.models import Duty, Person, Session
from access.roles import Role
from tests import cast
from tests.access import provider as idp
from tests.access.world import told

pytestmark = pytest.mark.django_db
EMAIL = "agent@metropole-dijon.example"


class Stay(HTTPErrorProcessor):
    """Redirects are looked at, not followed."""

    def http_response(self, request: Any, response: Any) -> Any:
        return response


@pytest.fixture(scope="module")
def running() -> Iterator[idp.Provider]:
    with idp.running() as provider:
        yield provider


@pytest.fixture
def provider(running: idp.Provider, settings: Settings) -> Iterator[idp.Provider]:
    settings.OIDC_SERVER_URL, settings.OIDC_NAME, settings.OIDC_LOGIN_CLAIM = running.url, "Annuaire", ""
    app = {
        "provider_id": "main", "name": "Annuaire", "client_id": idp.CLIENT_ID, "secret": idp.SECRET,
        "settings": {"server_url": running.url},
    }  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    yield running
    running.__init__(running.url)  # type: ignore[misc]  # forget what the test switched on


def agent(**fields: Any) -> Person:
    person = cast.person(Role.CALL_TAKER)
    for name, value in {"email": EMAIL, **fields}.items():
        setattr(person, name, value)
    person.save()
    return person


def come(client: Client, **fields: str) -> Any:
    """The whole way: our page, the provider, back to us."""
    away = client.post("/login/oidc/main/", fields)
    assert away.status_code == 302, away.content
    back = build_opener(Stay()).open(away["Location"]).headers["Location"]
    parts = urlsplit(back)
    assert parts.path == "/login/oidc/main/callback/"
    return client.get(f"{parts.path}?{parts.query}")


def test_a_verified_address_opens_the_existing_person_s_account(client: Client, provider: idp.Provider) -> None:
    person = agent()
    provider.claims |= {"email": EMAIL.upper(), "email_verified": True}
    answer = come(client, next="/account/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert Session.objects.filter(person=person).count() == 1
    assert told("logged_in", person) == [{"method": "oidc"}]
    assert SocialAccount.objects.get(user=person).uid == "subject-1"


def test_next_time_the_subject_is_enough(client: Client, provider: idp.Provider) -> None:
    person = agent()
    provider.claims |= {"email": EMAIL, "email_verified": True}
    come(client)
    client.post("/logout/")
    provider.claims = {"sub": "subject-1", "email": "changed@example.org"}
    come(client)
    assert [one["method"] for one in told("logged_in", person)] == ["oidc", "oidc"]


@pytest.mark.parametrize(
    "claims",
    [
        {"email": EMAIL, "email_verified": False},
        {"email": EMAIL, "email_verified": "true"},
        {"email": EMAIL},
        {"email": "someone.else@example.org", "email_verified": True},
        {"email": "", "email_verified": True},
        {},
    ],
    ids=str,
)
def test_an_unproved_address_opens_nothing_and_makes_nobody(
    client: Client, provider: idp.Provider, claims: dict[str, Any]
) -> None:
    agent()
    before = (Person.objects.count(), Duty.objects.count())
    provider.claims |= claims
    assert come(client)["Location"] == "/login/unknown/"
    assert not Session.objects.exclude(person=None).exists()
    assert not SocialAccount.objects.exists()
    assert (Person.objects.count(), Duty.objects.count()) == before
    assert told("login_refused") == [{"why": "unknown_identity", "method": "oidc", "login_known": False}]
    assert client.get("/login/unknown/").status_code == 200


def test_an_address_of_two_people_opens_neither(client: Client, provider: idp.Provider) -> None:
    agent(), agent()
    provider.claims |= {"email": EMAIL, "email_verified": True}
    assert come(client)["Location"] == "/login/unknown/"


def test_a_configured_claim_is_the_login(client: Client, provider: idp.Provider, settings: Settings) -> None:
    settings.OIDC_LOGIN_CLAIM = "preferred_username"
    person = agent()
    provider.claims |= {"preferred_username": person.login.upper()}
    come(client)
    assert told("logged_in", person) == [{"method": "oidc"}]


def test_with_a_configured_claim_the_address_counts_for_nothing(
    client: Client, provider: idp.Provider, settings: Settings
) -> None:
    settings.OIDC_LOGIN_CLAIM = "preferred_username"
    agent()
    provider.claims |= {"email": EMAIL, "email_verified": True}
    assert come(client)["Location"] == "/login/unknown/"


def test_an_identity_gives_no_right(client: Client, provider: idp.Provider) -> None:
    person = agent()
    person.duties.all().delete()
    provider.claims |= {"email": EMAIL, "email_verified": True, "roles": ["administrator"]}
    assert come(client)["Location"] == "/no-duty/"
    assert not person.duties.exists()


def test_a_disabled_person_and_a_machine_stay_out(client: Client, provider: idp.Provider) -> None:
    provider.claims |= {"email": EMAIL, "email_verified": True}
    person = agent()
    services.set_active(person=person, active=False, by=None)
    assert come(client)["Location"] == "/login/disabled/"
    assert told("login_refused", person)[0] == {"why": "disabled", "method": "oidc", "login_known": True}
    Person.objects.filter(id=person.id).update(is_active=True, kind=Person.Kind.MACHINE)
    assert come(client)["Location"] == "/login/disabled/"
    assert not Session.objects.exclude(person=None).exists()


@pytest.mark.parametrize("fault", ["signature", "audience", "issuer", "expired", "subject", "no subject"])
def test_a_token_that_is_not_right_is_refused(client: Client, provider: idp.Provider, fault: str) -> None:
    person = agent()
    provider.claims |= {"email": EMAIL, "email_verified": True}
    if fault == "signature":
        provider.key = idp.OTHER_KEY
    elif fault == "audience":
        provider.audience = "someone-else"
    elif fault == "issuer":
        provider.issuer = "http://elsewhere.example"
    elif fault == "expired":
        provider.claims["exp"] = 1
    else:
        provider.userinfo = {**provider.claims, "sub": "subject-2" if fault == "subject" else None}
    answer = come(client)
    assert "socialaccount/authentication_error.html" in [template.name for template in answer.templates]
    assert not Session.objects.exclude(person=None).exists()
    assert told("logged_in", person) == []


def test_cancelling_there_comes_back_here(client: Client, provider: idp.Provider) -> None:
    provider.refuses = True
    answer = come(client)
    assert answer["Location"] == "/login/cancelled/"
    assert client.get("/login/cancelled/").status_code == 200


def test_a_code_that_we_did_not_ask_for_is_refused(client: Client, provider: idp.Provider) -> None:
    agent()
    answer = client.get("/login/oidc/main/callback/?code=stolen&state=invented")
    assert "socialaccount/authentication_error.html" in [template.name for template in answer.templates]


def test_nobody_connects_an_identity_by_themselves(client: Client, provider: idp.Provider) -> None:
    person = agent(email="")
    client.force_login(person)
    provider.claims |= {"email": EMAIL, "email_verified": True}
    assert come(client, process="connect")["Location"] == "/account/"
    assert not SocialAccount.objects.exists()


def test_the_door_is_there_only_where_it_is_configured(
    client: Client, provider: idp.Provider, settings: Settings
) -> None:
    assert "Annuaire" in client.get("/login/").content.decode()
    assert client.get("/login/oidc/main/").status_code == 200, "a link alone only asks"
    assert client.post("/login/oidc/other/").status_code == 404
    settings.OIDC_SERVER_URL = settings.OIDC_NAME = ""
    assert "/login/oidc/" not in client.get("/login/").content.decode()
    assert client.post("/login/oidc/main/").status_code == 404
