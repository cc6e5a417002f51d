"""Every page of an exercise is marked, whoever made it; and words that leave the house say so."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from access.roles import Role
from journal.exercise import marked
from notifications.channels.parcels import Parcel
from notifications.wording import spoken, text_message
from ondijon.exercise.pages import mark_pages
from tests.cast import person


@pytest.fixture
def exercise(settings: Settings) -> None:
    settings.EXERCISE = True
    settings.ROOT_URLCONF = "ondijon.urls_exercise"
    settings.MIDDLEWARE = ["ondijon.exercise.pages.mark_pages", *settings.MIDDLEWARE]


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/", Role.CALL_TAKER), ("/login/", None), ("/nowhere/", None), ("/account/", Role.CALL_TAKER),
        ("/admin/", Role.ADMINISTRATOR), ("/admin/access/person/", Role.ADMINISTRATOR), ("/api/docs/", Role.CALL_TAKER),
        ("/account/second-factor/", Role.CALL_TAKER), ("/exercise/", Role.ADMINISTRATOR), ("/exercise/", Role.CALL_TAKER),
    ],
)  # fmt: skip
def test_every_page_is_marked_once(db: None, exercise: None, client: Client, path: str, role: Role | None) -> None:
    if role is not None:
        client.force_login(person(role))
    page = client.get(path, headers={"Accept-Encoding": "gzip"}).content.decode()
    assert page.count('class="exercise-banner"') == 1
    assert page.count('class="exercise-mark"') == 1
    assert "css/exercise.css" in page
    assert "[EXERCICE]" in page.split("</title>")[0]


def test_a_fault_is_marked_too(exercise: None) -> None:
    from ondijon.api.views import fault

    page = mark_pages(lambda request: fault(request))(RequestFactory().get("/"))
    assert b'class="exercise-banner"' in page.content  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "answer", [HttpResponse(b"<p>a piece</p>"), HttpResponse(b"{}", content_type="application/json")]
)
def test_pieces_of_pages_and_other_answers_stay_as_they_are(answer: HttpResponse) -> None:
    before = answer.content
    get: Callable[[HttpRequest], HttpResponse] = lambda request: answer  # noqa: E731
    assert mark_pages(get)(RequestFactory().get("/")).content == before  # type: ignore[attr-defined]


def test_words_that_leave_say_so_once(settings: Settings) -> None:
    assert marked("Crue : alerte") == "Crue : alerte"
    settings.EXERCISE = True
    assert marked("Crue : alerte") == "EXERCICE · Crue : alerte"
    assert marked(marked("Crue : alerte")) == "EXERCICE · Crue : alerte"


@pytest.mark.parametrize("say", [text_message, spoken])
def test_every_message_begins_by_saying_so(settings: Settings, say: Callable[[Parcel], str]) -> None:
    def parcel() -> Parcel:
        return Parcel(
            key=uuid4(), message=uuid4(), channel="sms", address="+33639980000", language="fr", urgency="vital",
            subject="Cellule de crise : vous êtes appelé", body="", link="", code="",
        )  # fmt: skip

    assert say(parcel()).startswith("Cellule de crise")
    settings.EXERCISE = True
    assert say(parcel()).startswith("EXERCICE · Cellule de crise")


def test_a_real_post_has_none_of_it(db: None, client: Client) -> None:
    assert b"exercise-banner" not in client.get("/login/").content
    client.force_login(person(Role.ADMINISTRATOR))
    assert client.get("/exercise/").status_code == 404
    assert client.get("/api/v1/exercises/").status_code == 404
