"""Login and password, the demo's doors, leaving; all of it in the journal."""

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from access import demo, services
from access.models import Duty, Person, Session
from access.roles import Role
from journal.models import Entry
from tests import cast
from tests.access.world import PASSWORD, sign_in, somebody, told

pytestmark = pytest.mark.django_db


def test_a_person_signs_in_and_lands_where_they_were_going(client: Client) -> None:
    person = somebody()
    response = client.post("/login/?next=/account/", {"login": person.login.upper(), "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/account/")
    session = Session.objects.get(person=person)
    assert session.started_at is not None
    assert told("logged_in", person) == [{"method": "password"}]
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_next_never_leads_out_of_the_house(client: Client, elsewhere: str) -> None:
    response = client.post(f"/login/?next={elsewhere}", {"login": somebody().login, "password": PASSWORD})
    assert response["Location"] == "/"


def test_the_page_speaks_the_persons_language_afterwards(client: Client) -> None:
    person = somebody(language="en")
    response = sign_in(client, person)
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    client.post("/language/", {"language": "fr", "next": "/account/"})
    person.refresh_from_db()
    assert person.language == "fr"


def test_a_wrong_password_is_refused_and_recorded_without_what_was_typed(client: Client) -> None:
    person = somebody()
    response = sign_in(client, person, "pas-le-bon-mot")
    assert response.status_code == 200
    assert told("login_refused", person) == [{"why": "wrong_credentials", "method": "password", "login_known": True}]
    client.post("/login/", {"login": "mon-mot-de-passe-par-erreur", "password": "quelque-chose"})
    assert told("login_refused")[-1] == {"why": "wrong_credentials", "method": "password", "login_known": False}
    written = "".join(Entry.objects.values_list("data", flat=True))
    for typed in ("pas-le-bon-mot", "mon-mot-de-passe-par-erreur", "quelque-chose", PASSWORD):
        assert typed not in written


def test_a_disabled_person_is_refused(client: Client) -> None:
    person = somebody()
    services.set_active(person=person, active=False, by=None)
    response = sign_in(client, person, follow=True)
    assert response.redirect_chain[-1][0] == "/login/disabled/"
    assert told("login_refused", person) == [{"why": "disabled", "method": "password", "login_known": True}]
    assert not Session.objects.filter(person=person).exists()


def test_a_machine_never_signs_in_at_the_door(client: Client) -> None:
    person = somebody(Role.CITIZEN_GATEWAY, kind=Person.Kind.MACHINE)
    sign_in(client, person)
    assert told("login_refused", person)[0]["why"] == "machine"
    assert not Session.objects.filter(person=person).exists()


def test_without_a_duty_one_is_told_so(client: Client) -> None:
    person = somebody(None)
    response = sign_in(client, person, follow=True)
    assert (response.status_code, response.redirect_chain[-1][0]) == (403, "/no-duty/")
    assert "access/no_duty.html" in [template.name for template in response.templates]
    assert told("login_refused", person)[0]["why"] == "no_duty"
    services.give_duty(person=person, role=Role.AUDITOR, organisation=person.organisation, by=None)
    assert client.get("/no-duty/")["Location"] == "/"


def test_too_many_wrong_passwords_for_one_login(client: Client) -> None:
    person = somebody()
    for _attempt in range(5):
        sign_in(client, person, "faux")
    response = sign_in(client, person)
    assert response.status_code == 200
    assert [one["why"] for one in told("login_refused", person)] == ["wrong_credentials"] * 5 + ["throttled"]
    sign_in(client, person)
    assert [one["why"] for one in told("login_refused", person)].count("throttled") == 1, "once a minute"


def test_the_throttle_holds_without_redis(client: Client) -> None:
    with override_settings(CACHES={"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}):
        person = somebody()
        for _attempt in range(5):
            sign_in(client, person, "faux")
        sign_in(client, person)
        assert not Session.objects.filter(person=person).exists()


@override_settings(ACCOUNT_RATE_LIMITS={"login": "30/m/ip", "login_failed": "5/5m/key"})
def test_too_many_tries_from_one_address(client: Client) -> None:
    codes = [client.post("/login/", {"login": f"personne-{n}", "password": "faux"}).status_code for n in range(31)]
    assert codes[-1] == 429
    assert told("login_refused")[-1]["why"] == "throttled"


ANSWERS = (
    "{}",
    "[]",
    "1",
    "nothing",
    '{"id": 1, "rawId": [], "response": []}',
    '{"response": {"userHandle": "AAAA"}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "AA", "signature": 1}}',
    '{"id": "AA", "rawId": "AA", "response": {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"}}',
)


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_passkey_s_answer_that_is_not_right_is_refused_and_recorded(client: Client, answer: str) -> None:
    refused = client.post("/account/second-factor/webauthn/login/", {"credential": answer})
    assert refused["Location"] == "/login/"
    assert told("login_refused") == [{"why": "wrong_credentials", "method": "passkey", "login_known": False}]


@override_settings(MFA_RATE_LIMITS={"webauthn_login": "1/m/ip"})
def test_passkeys_are_throttled_too(client: Client) -> None:
    codes = [client.post("/account/second-factor/webauthn/login/", {"credential": "x"}).status_code for _ in range(2)]
    assert codes == [302, 429]
    assert told("login_refused")[-1]["why"] == "throttled"


def test_leaving_is_recorded_and_the_session_is_gone(client: Client) -> None:
    person = somebody()
    sign_in(client, person)
    assert client.get("/logout/").status_code == 405, "a link must not sign anybody out"
    assert client.post("/logout/")["Location"] == "/login/"
    assert told("logged_out", person) == [{"why": "asked", "sessions": 1}]
    assert not Session.objects.filter(person=person).exists()
    assert client.get("/account/").status_code == 302


@override_settings(DEMO=True)
@pytest.mark.parametrize("who", demo.PEOPLE, ids=lambda who: who.role.value)
def test_one_click_per_duty_in_the_demo(client: Client, who: demo.DemoPerson) -> None:
    demo.load_people()
    assert client.post(f"/login/as/{who.login}/?next=/account/")["Location"] == "/account/"
    person = Person.objects.get(login=who.login)
    assert told("logged_in", person) == [{"method": "demo"}]
    page = client.get("/account/").content.decode()
    assert who.name in page


def test_a_crew_leader_begins_with_the_missions_of_the_day(client: Client) -> None:
    leader = somebody(Role.CREW_LEADER)
    assert sign_in(client, leader)["Location"] == "/field/"
    Duty.objects.create(person=leader, role=Role.CALL_TAKER, organisation=leader.organisation, valid_from=cast.NOW)
    client.post("/logout/")
    assert sign_in(client, leader)["Location"] == "/"


def test_outside_the_demo_there_is_no_such_door(client: Client) -> None:
    with override_settings(DEMO=True):
        demo.load_people()
    for who in demo.PEOPLE:
        assert client.post(f"/login/as/{who.login}/").status_code == 404
        sign_in(client, Person.objects.get(login=who.login), "")
    assert not Session.objects.exclude(person=None).exists()
    assert "/login/as/" not in client.get("/login/").content.decode()


@override_settings(DEMO=True)
def test_the_demo_opens_for_its_own_people_only(client: Client) -> None:
    demo.load_people()
    person = cast.person(Role.ADMINISTRATOR)
    assert client.post(f"/login/as/{person.login}/").status_code == 404
    assert client.get("/login/as/oceane/").status_code == 405


def test_nobody_signs_up_or_resets_by_mail(client: Client) -> None:
    for address in ("/signup/", "/login/signup/", "/account/signup/", "/account/email/", "/account/password/reset/"):
        assert client.get(address).status_code == 404
    assert reverse("account_login") == "/login/"
