"""Machines: OAuth 2 client credentials and API keys."""

import base64
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from django.utils import timezone
from oauth2_provider.models import AccessToken

from access import keys, services
from access.models import ApiKey, Client, Person
from access.roles import Role
from access.selectors import access_of, person_by_api_key, person_by_token
from access.tasks import forget_old_tokens_task
from journal.errors import Conflict, Invalid, NotAllowed, NotFound
from tests import cast
from tests.access.world import statements, told

pytestmark = pytest.mark.django_db


def machine(role: Role = Role.CITIZEN_GATEWAY) -> Person:
    person = cast.person(role)
    person.kind = Person.Kind.MACHINE
    person.save()
    return person


def ask(client: Browser, made: Client, secret: str, **fields: Any) -> Any:
    basic = base64.b64encode(f"{made.client_id}:{secret}".encode()).decode()
    asked = {"grant_type": "client_credentials", **fields}
    return client.post("/oauth/token/", asked, headers={"authorization": f"Basic {basic}"})


def test_a_machine_gets_a_token_and_is_its_person_within_the_scopes(client: Browser) -> None:
    person = machine(Role.AUDITOR)
    made, secret = keys.create_client(person=person, name="Essai", scopes=["incidents.read", "reports.write"], by=None)
    answer = ask(client, made, secret, scope="incidents.read")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["token_type"], body["scope"], body["expires_in"]) == ("Bearer", "incidents.read", 3600)
    assert "refresh_token" not in body
    found = person_by_token(body["access_token"])
    assert found == person
    assert found.scopes == frozenset({"incidents.read"})
    assert access_of(found).permissions == {"incidents.view", "access.follow"}
    assert told("logged_in", person) == [{"method": "client_credentials"}]


def test_only_hashes_are_kept(client: Browser) -> None:
    made, secret = keys.create_client(person=machine(), name="Essai", scopes=["reports.write"], by=None)
    token = ask(client, made, secret).json()["access_token"]
    row = AccessToken.objects.get()
    assert token not in (row.token, row.token_checksum)
    assert secret not in Client.objects.get().client_secret
    _key, text = keys.create_api_key(person=made.user, label="Essai", by=None)
    assert text not in ApiKey.objects.get().digest


def test_a_token_is_one_query_and_the_person_with_it(client: Browser) -> None:
    made, secret = keys.create_client(person=machine(), name="Essai", scopes=["reports.write"], by=None)
    token = ask(client, made, secret).json()["access_token"]
    with statements(1):
        assert person_by_token(token) == made.user


def test_an_ended_token_is_nobody_s(client: Browser) -> None:
    person = machine()
    made, secret = keys.create_client(person=person, name="Essai", scopes=["reports.write"], by=None)
    token = ask(client, made, secret).json()["access_token"]
    services.set_active(person=person, active=False, by=None)
    assert person_by_token(token) is None
    assert ask(client, made, secret).status_code == 401
    services.set_active(person=person, active=True, by=None)
    assert person_by_token(token) == person
    AccessToken.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert person_by_token(token) is None
    forget_old_tokens_task()
    assert not AccessToken.objects.exists()
    token = ask(client, made, secret).json()["access_token"]
    keys.revoke_client(client_id=made.client_id, by=None)
    assert person_by_token(token) is None
    assert ask(client, made, secret).status_code == 401
    assert told("client_revoked", person) == [{"client": made.client_id}]
    with pytest.raises(Conflict):
        keys.revoke_client(client_id=made.client_id, by=None)
    with pytest.raises(NotFound):
        keys.revoke_client(client_id="nobody", by=None)


def test_scopes_taken_from_a_client_leave_its_tokens_too(client: Browser) -> None:
    made, secret = keys.create_client(
        person=machine(), name="Essai", scopes=["incidents.read", "reports.write"], by=None
    )
    token = ask(client, made, secret).json()["access_token"]
    Client.objects.update(scopes=["reports.write"])
    found = person_by_token(token)
    assert found is not None
    assert found.scopes == frozenset({"reports.write"})


@pytest.mark.parametrize(
    "asked",
    [
        {"grant_type": "password", "username": "a", "password": "b"},
        {"grant_type": "authorization_code", "code": "x"},
        {"grant_type": "refresh_token", "refresh_token": "x"},
        {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": "x"},
        {"grant_type": "client_credentials", "scope": "incidents.read"},
        {"grant_type": "client_credentials", "scope": "no.such.scope"},
    ],
    ids=lambda asked: f"{asked['grant_type'][-20:]} {asked.get('scope', '')}",
)
def test_nothing_but_client_credentials_and_only_the_client_s_scopes(client: Browser, asked: dict[str, str]) -> None:
    made, secret = keys.create_client(person=machine(), name="Essai", scopes=["reports.write"], by=None)
    assert ask(client, made, secret, **asked).status_code == 400
    assert not AccessToken.objects.exists()


def test_a_wrong_secret_is_refused_recorded_and_throttled(client: Browser) -> None:
    person = machine()
    made, secret = keys.create_client(person=person, name="Essai", scopes=["reports.write"], by=None)
    assert ask(client, made, "faux").status_code == 401
    assert told("login_refused", person)[0] == {
        "why": "wrong_credentials", "method": "client_credentials", "login_known": True,
    }  # fmt: skip
    for _attempt in range(19):
        client.post("/oauth/token/", {"grant_type": "client_credentials", "client_id": "x", "client_secret": "y"})
    assert told("login_refused")[-1]["login_known"] is False
    refused = ask(client, made, secret)
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert told("login_refused")[-1]["why"] == "throttled"


def test_a_machine_without_a_duty_gets_no_token(client: Browser) -> None:
    person = machine()
    made, secret = keys.create_client(person=person, name="Essai", scopes=["reports.write"], by=None)
    services.end_duty(duty_id=person.duties.get().id, by=None)
    assert ask(client, made, secret).status_code == 401
    assert told("login_refused", person)[0]["why"] == "no_duty"


def test_the_api_reads_a_bearer_token_and_refuses_others(client: Browser) -> None:
    made, secret = keys.create_client(person=machine(), name="Essai", scopes=["reports.write"], by=None)
    token = ask(client, made, secret).json()["access_token"]
    for said, status in ((f"Bearer {token}", 200), (f"bearer {token}", 200), ("Bearer x", 401), ("Basic x", 401)):
        assert client.get("/api/v1/me/", headers={"authorization": said}).status_code == status


def test_an_api_key_is_its_machine_until_it_is_revoked() -> None:
    person = machine()
    made, text = keys.create_api_key(person=person, label="Appli citoyenne", by=None)
    with statements(2):  # the first use of the hour is noted
        assert person_by_api_key(text) == person
    with statements(1):
        assert person_by_api_key(text) == person
    made.refresh_from_db()
    assert made.last_used_at is not None
    assert (made.last_used_at.minute, made.last_used_at.second) == (0, 0)
    assert person_by_api_key("") is None
    assert person_by_api_key(text + "x") is None
    keys.revoke_api_key(key_id=made.id, by=None)
    assert person_by_api_key(text) is None
    with pytest.raises(Conflict):
        keys.revoke_api_key(key_id=made.id, by=None)
    assert [told("key_given", person), told("key_revoked", person)] == [
        [{"key": str(made.id), "label": "Appli citoyenne"}], [{"key": str(made.id)}],
    ]  # fmt: skip


def test_a_disabled_machine_s_key_opens_nothing() -> None:
    person = machine()
    _made, text = keys.create_api_key(person=person, label="x", by=None)
    services.set_active(person=person, active=False, by=None)
    assert person_by_api_key(text) is None


def test_people_get_no_keys_and_only_administrators_give_them() -> None:
    human, thing = cast.person(Role.AUDITOR), machine()
    with pytest.raises(Invalid):
        keys.create_api_key(person=human, label="x", by=None)
    with pytest.raises(Invalid):
        keys.create_client(person=human, name="x", scopes=["incidents.read"], by=None)
    for scopes in ([], ["no.such.scope"]):
        with pytest.raises(Invalid):
            keys.create_client(person=thing, name="x", scopes=scopes, by=None)
    with pytest.raises(NotAllowed):
        keys.create_api_key(person=thing, label="x", by=human)
    with pytest.raises(NotAllowed):
        keys.create_client(person=thing, name="x", scopes=["incidents.read"], by=human)
    keys.create_api_key(person=thing, label="x", by=cast.person(Role.ADMINISTRATOR))


def test_the_commands(client: Browser) -> None:
    out = StringIO()
    where = {"organisation": "dijon-metropole", "stdout": out}
    call_command("create_client", "robot", name="Robot", role="auditor", scope=["incidents.read"], **where)
    shown = dict(line.split("=", 1) for line in out.getvalue().split())
    answer = client.post("/oauth/token/", {"grant_type": "client_credentials", **shown})
    assert answer.status_code == 200
    assert person_by_token(answer.json()["access_token"]) == Person.objects.get(login="robot")
    out.truncate(0), out.seek(0)
    call_command("create_api_key", "appli", label="Appli", **where)
    assert person_by_api_key(out.getvalue().strip()) == Person.objects.get(login="appli")
    call_command("create_api_key", "appli", label="Appli 2", **where)
    assert Person.objects.get(login="appli").duties.count() == 1
    for wrong in (
        {"login": "robot", "organisation": "nowhere"},
        {"login": cast.person(None).login, "organisation": "divia"},
    ):
        with pytest.raises(CommandError):
            call_command("create_api_key", wrong["login"], label="x", organisation=wrong["organisation"])


@pytest.mark.parametrize("basic", ["\x00:\x00", "\x00"])
def test_credentials_that_no_database_can_hold_are_wrong_ones(client: Browser, basic: str) -> None:
    asked = {"grant_type": "client_credentials"}
    header = {"authorization": f"Basic {base64.b64encode(basic.encode()).decode()}"}
    assert client.post("/oauth/token/", asked, headers=header).status_code == 401
    assert client.post("/oauth/token/", asked, headers={"authorization": "Basic \xff"}).status_code == 401
    assert client.post("/oauth/token/", {**asked, "client_id": basic, "client_secret": basic}).status_code == 401
