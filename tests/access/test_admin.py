"""`/admin/`: opened by the administrator's duty alone; every write goes through services into the journal."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client as Browser
from django.utils import timezone

from access.admin_site import PostAdmin
from access.keys import digest
from access.models import ApiKey, Client, Duty, Organisation, Person, Session
from access.roles import Role
from access.selectors import access_of
from journal.models import Entry
from tests import cast
from tests.access.world import sign_in, somebody, told

pytestmark = pytest.mark.django_db
NO_DUTIES = {
    "duties-TOTAL_FORMS": "0", "duties-INITIAL_FORMS": "0", "duties-MIN_NUM_FORMS": "0", "duties-MAX_NUM_FORMS": "0",
}  # fmt: skip


@pytest.fixture
def chief(client: Browser) -> Person:
    """An administrator, signed in."""
    person = somebody(Role.ADMINISTRATOR)
    client.force_login(person)
    return person


def fill(client: Browser, page: str, **fields: Any) -> Any:
    answer = client.post(f"/admin/access/{page}", {**NO_DUTIES, **fields}, follow=True)
    errors = re.findall(r'class="errorlist.*?</ul>', answer.content.decode(), re.DOTALL)
    assert not errors, errors
    return answer


def choose(client: Browser, model: str, action: str, *ids: Any) -> Any:
    return client.post(
        f"/admin/access/{model}/", {"action": action, "_selected_action": [str(one) for one in ids]}, follow=True
    )


@pytest.mark.parametrize("role", [*Role, None], ids=str)
def test_only_the_administrator_s_duty_opens_it(client: Browser, role: Role | None) -> None:
    person = cast.person(role)
    client.force_login(person)
    answer = client.get("/admin/", follow=True)
    assert answer.status_code == (200 if role is Role.ADMINISTRATOR else 403)
    expected = [] if role in (Role.ADMINISTRATOR, None) else [{"permission": "access.manage_people", "object": None}]
    assert told("refused", person) == expected


def test_signed_out_it_asks_to_sign_in_and_comes_back(client: Browser) -> None:
    answer = client.get("/admin/access/person/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/login/?next=/admin/")
    person = somebody(Role.ADMINISTRATOR)
    assert client.post(answer.redirect_chain[-1][0], {"login": person.login, "password": "x"}).status_code == 200
    assert sign_in(client, person)["Location"] == "/"


def test_only_what_writes_through_services_is_there(client: Browser, chief: Person) -> None:
    assert all(isinstance(shown, PostAdmin) for shown in admin.site._registry.values())
    for model, shown in admin.site._registry.items():
        page = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert client.get(page).status_code == 200, page
        assert not shown.has_delete_permission(None)  # type: ignore[arg-type]


def test_adding_somebody(client: Browser, chief: Person) -> None:
    home = Organisation.objects.get(key="divia")
    fill(
        client, "person/add/", login="Zoe", name="Zoé Test", kind="human", email="", language="en",
        organisation=home.pk, new_password="un-mot-de-passe-solide",
    )  # fmt: skip
    person = Person.objects.get(login="zoe")
    assert person.check_password("un-mot-de-passe-solide")
    entry = Entry.objects.get(kind="access.person_changed", about=person.id)
    assert entry.by == chief.id
    assert "un-mot-de-passe" not in "".join(Entry.objects.values_list("data", flat=True))
    assert not LogEntry.objects.exists()


def test_a_weak_password_is_refused(client: Browser, chief: Person) -> None:
    with pytest.raises(AssertionError, match="errorlist"):
        fill(
            client, "person/add/", login="zoe", name="Zoé Test", kind="human", language="fr",
            organisation=chief.organisation_id, new_password="court",
        )  # fmt: skip


def test_editing_disabling_and_giving_a_new_password(client: Browser, chief: Person) -> None:
    person = somebody()
    sign_in(Browser(), person)
    given = {"name": "Autre Nom", "email": "a@b.example", "language": "en", "organisation": person.organisation_id}
    fill(client, f"person/{person.pk}/change/", **given, is_active="on", new_password="tout-neuf-et-solide")
    person.refresh_from_db()
    assert (person.name, person.language) == ("Autre Nom", "en")
    assert person.check_password("tout-neuf-et-solide")
    assert told("logged_out", person) == [{"why": "password_changed", "sessions": 1}]
    fill(client, f"person/{person.pk}/change/", **given)
    person.refresh_from_db()
    assert not person.is_active
    assert told("person_changed", person)[-1]["active"] is False


def test_actions_on_people(client: Browser, chief: Person) -> None:
    person = somebody()
    sign_in(Browser(), person)
    choose(client, "person", "end_sessions", person.pk)
    assert not Session.objects.filter(person=person).exists()
    choose(client, "person", "disable", person.pk)
    assert not Person.objects.get(pk=person.pk).is_active
    choose(client, "person", "enable", person.pk)
    assert Person.objects.get(pk=person.pk).is_active
    assert [entry.by for entry in Entry.objects.filter(about=person.id, kind="access.person_changed")] == [chief.id] * 2


def test_giving_and_ending_a_duty(client: Browser, chief: Person) -> None:
    person = cast.person(None)
    given = {"person": person.pk, "organisation": person.organisation_id, "valid_until_0": "", "valid_until_1": ""}
    fill(
        client, "duty/add/", **given, role="commune_officer", communes="21166, 21231", valid_from_0="", valid_from_1=""
    )
    duty = Duty.objects.get(person=person)
    assert (duty.role, duty.communes) == ("commune_officer", ["21166", "21231"])
    assert access_of(person).holdings
    assert client.get(f"/admin/access/duty/{duty.pk}/change/").status_code == 200
    assert client.post(f"/admin/access/duty/{duty.pk}/change/", {"role": "administrator"}).status_code == 403
    assert client.get(f"/admin/access/person/{person.pk}/change/").status_code == 200
    choose(client, "duty", "end", duty.pk)
    assert not access_of(person).holdings
    again = choose(client, "duty", "end", duty.pk).content.decode()
    assert "messagelist" in again
    assert len(told("duty_ended", person)) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"role": "commune_officer", "communes": ""}, {"role": "auditor", "communes": "99999"}, {"role": "king"}],
    ids=str,
)
def test_a_duty_that_makes_no_sense_is_refused_in_words(client: Browser, chief: Person, wrong: dict[str, str]) -> None:
    person = cast.person(None)
    given = {"person": person.pk, "organisation": person.organisation_id, **wrong}
    answer = client.post("/admin/access/duty/add/", given)
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert not Duty.objects.filter(person=person).exists()


def test_organisations(client: Browser, chief: Person) -> None:
    fill(client, "organisation/add/", key="nouveau", name="Nouveau", kind="partner", commune="")
    made = Organisation.objects.get(key="nouveau")
    fill(client, f"organisation/{made.pk}/change/", name="Renommé", kind="partner", commune="")
    assert [one["name"] for one in told("organisation_changed")][-2:] == ["Nouveau", "Renommé"]


def test_a_machine_s_keys_are_shown_once(client: Browser, chief: Person) -> None:
    thing = cast.person(Role.CITIZEN_GATEWAY)
    Person.objects.filter(pk=thing.pk).update(kind=Person.Kind.MACHINE)
    page = fill(client, "apikey/add/", person=thing.pk, label="Appli").content.decode()
    key = ApiKey.objects.get()
    assert any(digest(word) == key.digest for word in re.findall(r"[\w-]{43}", page))
    assert client.get("/admin/access/apikey/").status_code == 200
    choose(client, "apikey", "revoke", key.pk)
    key.refresh_from_db()
    assert key.revoked_at is not None
    page = fill(client, "client/add/", user=thing.pk, name="Robot", scopes=["reports.write"]).content.decode()
    made = Client.objects.get()
    assert made.client_id in page
    assert client.get(f"/admin/access/client/{made.pk}/change/").status_code == 200
    choose(client, "client", "revoke", made.pk)
    made.refresh_from_db()
    assert made.revoked_at is not None
    assert client.post("/admin/access/apikey/add/", {"person": chief.pk, "label": "x"}).status_code == 200
    assert ApiKey.objects.count() == 1


def test_leaving_and_the_password_page_are_the_house_s_own(client: Browser, chief: Person) -> None:
    assert client.get("/admin/password_change/")["Location"] == "/account/password/"
    assert client.post("/admin/logout/")["Location"] == "/login/"
    assert told("logged_out", chief)


def test_the_administrator_of_a_moment_ago(client: Browser, chief: Person) -> None:
    chief.duties.update(valid_until=timezone.now())
    assert client.get("/admin/access/person/", follow=True).status_code == 403
