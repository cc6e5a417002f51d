"""Sessions end for real: the rows go, and the live servers are told."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from access import services, sessions
from access.models import Person, Session
from access.roles import Role
from access.selectors import live_sessions
from journal import hints
from tests import cast
from tests.access.world import PASSWORD, sign_in, somebody, statements, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def hinted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whose rights the live servers were told to look at again."""
    said: list[str] = []

    def note(channel: str, text: str) -> bool:
        if channel == hints.ACCESS:
            said.append(text)
        return True

    monkeypatch.setattr(hints, "publish", note)
    return said


def held(session_key: str) -> Person | None:
    return sessions.signed_in(sessions.SessionStore(session_key))


def browser(person: Person) -> Client:
    client = Client(headers={"user-agent": "Essai/1.0"})
    sign_in(client, person)
    return client


def test_disabling_ends_every_session(
    hinted: list[str], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    person = somebody()
    one, two = browser(person), browser(person)
    with django_capture_on_commit_callbacks(execute=True):
        services.set_active(person=person, active=False, by=None)
    assert not Session.objects.filter(person=person).exists()
    assert [client.get("/account/").status_code for client in (one, two)] == [302, 302]
    assert told("logged_out", person) == [{"why": "disabled", "sessions": 2}]
    assert str(person.id) in hinted


def test_changing_the_password_keeps_this_browser_and_ends_the_others(
    hinted: list[str], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    person = somebody()
    here, elsewhere = browser(person), browser(person)
    new = "encore-un-bon-mot-de-passe"
    with django_capture_on_commit_callbacks(execute=True):
        answer = here.post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert answer.status_code == 302
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert told("password_changed", person) == [{}]
    assert told("logged_out", person) == [{"why": "password_changed", "sessions": 1}]
    assert str(person.id) in hinted
    assert Person.objects.get(id=person.id).check_password(new)


def test_a_weak_password_is_refused() -> None:
    person = somebody()
    here = browser(person)
    for weak in ("court", "123456789012", person.name):
        here.post("/account/password/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak})
    assert Person.objects.get(id=person.id).check_password(PASSWORD)


def test_a_password_set_behind_a_session_s_back_ends_it() -> None:
    person = somebody()
    here = browser(person)
    person.set_password("par-un-autre-chemin")
    person.save()
    assert here.get("/account/").status_code == 302


def test_one_ends_one_s_own_sessions_one_by_one_or_all(
    hinted: list[str], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    person = somebody()
    here, first, second, third = (browser(person) for _ in range(4))
    rows = {row["mark"]: row for row in here.get("/account/").context["sessions"]}
    assert len(rows) == 4
    assert {row["device"] for row in rows.values()} == {"Essai/1.0"}
    assert [row["here"] for row in rows.values()].count(True) == 1
    key = first.cookies[settings.SESSION_COOKIE_NAME].value
    mark = next(mark for mark in rows if sessions_digest(key).startswith(mark))
    with django_capture_on_commit_callbacks(execute=True):
        here.post("/account/", {"session": mark})
    assert [one.get("/account/").status_code for one in (here, first, second, third)] == [200, 302, 200, 200]
    here.post("/account/", {"session": mark})  # it has ended meanwhile
    here.post("/account/")
    assert [one.get("/account/").status_code for one in (here, second, third)] == [200, 302, 302]
    assert told("logged_out", person) == [
        {"why": "ended_elsewhere", "sessions": 1},
        {"why": "ended_elsewhere", "sessions": 2},
    ]
    assert str(person.id) in hinted


def sessions_digest(key: str) -> str:
    from access.keys import digest

    return digest(key)


def test_nobody_ends_another_s_session_through_their_own_page() -> None:
    person, other = somebody(), somebody()
    here, theirs = browser(person), browser(other)
    key = theirs.cookies[settings.SESSION_COOKIE_NAME].value
    here.post("/account/", {"session": sessions_digest(key)[:16]})
    assert theirs.get("/account/").status_code == 200


def test_an_administrator_ends_somebody_s_sessions() -> None:
    person = somebody()
    here = browser(person)
    assert services.end_sessions(person=person, by=cast.person(Role.ADMINISTRATOR)) == 1
    assert here.get("/account/").status_code == 302
    assert told("logged_out", person) == [{"why": "ended_by_administrator", "sessions": 1}]


@pytest.mark.parametrize("act", ["give", "end", "grant", "withdraw"])
def test_every_change_of_rights_is_told_after_commit(
    hinted: list[str], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, act: str
) -> None:
    person = cast.person(Role.AUDITOR)
    about = person.organisation
    acts = {
        "give": lambda: services.give_duty(person=person, role=Role.AUDITOR, organisation=about, by=None),
        "end": lambda: services.end_duty(duty_id=person.duties.get().id, by=None),
        "grant": lambda: services.grant(person=person, permission="access.view_organisation", about=about, by=None),
        "withdraw": lambda: services.withdraw_grant(
            person=person, permission="access.view_organisation", about=about, by=None
        ),
    }
    with django_capture_on_commit_callbacks(execute=True):
        acts[act]()  # type: ignore[no-untyped-call]
        assert hinted == []
    assert hinted == [str(person.id)]


def test_person_and_session_come_in_one_query_and_rights_in_another() -> None:
    here = browser(somebody())
    with statements(2):  # session with its person; rights (a redirect needs no more)
        assert here.get("/no-duty/").status_code == 302


def test_a_socket_finds_its_person_by_the_cookie() -> None:
    person = somebody()
    key = browser(person).cookies[settings.SESSION_COOKIE_NAME].value
    with statements(1):
        assert held(key) == person
    with statements(1):
        assert live_sessions([key, "x" * 32]) == {key: person.id}
    Session.objects.filter(session_key=key).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert held(key) is None
    assert live_sessions([key]) == {}
    assert held("") is None


def test_a_session_without_anybody_is_nobody_s() -> None:
    store = sessions.SessionStore()
    store["seen"] = 1
    store.save()
    assert Session.objects.get(session_key=store.session_key).person is None
    assert held(str(store.session_key)) is None


async def test_the_asynchronous_side_keeps_the_columns(committed: None) -> None:
    store = sessions.SessionStore()
    await store.aset(sessions.DEVICE, "Essai/2.0")
    await store.asave()
    assert (await Session.objects.aget(session_key=store.session_key)).device == "Essai/2.0"
    again = sessions.SessionStore(store.session_key)
    assert await again.aget(sessions.DEVICE) == "Essai/2.0"


def test_forgotten_sessions_are_swept() -> None:
    person = somebody()
    browser(person)
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    assert not Session.objects.exists()


def test_a_cookie_that_is_no_key_is_nobody_s(client: Client) -> None:
    for said in ('"a\\000bcdefghijklm"', "é" * 32, "%00" * 12):
        answer = Client(HTTP_COOKIE=f"{settings.SESSION_COOKIE_NAME}={said}").get("/")
        assert answer.status_code == 302
        assert answer["Location"].startswith("/login/")
    store = sessions.SessionStore("a\x00bcdefghijklm")
    assert store.session_key is None
