"""Plans, cards, contacts and sites are edited on `/admin/`: recorded, kept over a reload of the files, and a running cell
keeps what it took."""

import json
from typing import Any

import pytest
from django.test import Client

from access.models import Person
from access.roles import Role
from crisis import catalogue, selectors, services
from crisis.models import Action, ActionCard, Contact, Plan, PlanFunction, SensitiveSite
from crisis.services import keeping
from journal.errors import Invalid, NotAllowed
from journal.models import Entry
from tests import cast
from tests.crisis import world

pytestmark = pytest.mark.django_db
CARD = {
    "theme": "flood", "function": "logistics", "label_fr": "Inondation : pompes", "label_en": "Flood: pumps",
    "lines": "10 | Sortir les pompes | Take the pumps out\n\n0 | Noter les heures | Note the hours",
    "position": "90", "active": "on",
}  # fmt: skip
SITE = {
    "kind": "school", "label_fr": "École neuve", "label_en": "New school", "lat": "47.3220", "lon": "5.0410", "people": "120",
    "phone": "03 53 01 02 03", "active": "on",
}  # fmt: skip
CONTACT = {"name": "Astreinte eau", "role": "Régie", "function": "logistics", "phone": "03 53 01 99 99", "email": "",
           "position": "9", "active": "on"}  # fmt: skip


@pytest.fixture
def admin(client: Client) -> Person:
    person = cast.person(Role.ADMINISTRATOR)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return person


def told(client: Client, path: str, sent: dict[str, Any], **change: Any) -> Any:
    return client.post(f"/admin/crisis/{path}/", {**sent, **change})


def plan_form(plan: Plan, functions: list[tuple[str, str]], **change: Any) -> dict[str, Any]:
    """What the plan's page sends: its head, and its functions as new lines in place of the old ones."""
    old = list(plan.functions.all())
    lines: dict[str, Any] = {}
    for at, one in enumerate(old):
        lines |= {
            f"functions-{at}-id": one.id, f"functions-{at}-plan": plan.key, f"functions-{at}-DELETE": "on",
            f"functions-{at}-function": one.function, f"functions-{at}-required_from": one.required_from,
            f"functions-{at}-position": one.position,
        }  # fmt: skip
    for at, (function, level) in enumerate(functions, len(old)):
        lines |= {f"functions-{at}-function": function, f"functions-{at}-required_from": level}
        lines |= {f"functions-{at}-position": at, f"functions-{at}-plan": plan.key}
    total = {"functions-TOTAL_FORMS": len(old) + len(functions), "functions-INITIAL_FORMS": len(old)}
    names = ("label_fr", "label_en", "levels", "briefing_minutes", "position")
    return {**{name: getattr(plan, name) for name in names}, "active": "on", **total, **lines, **change}


def test_a_new_version_of_a_card_leaves_what_a_cell_took_alone(client: Client, admin: Person) -> None:
    cell = world.opened()
    assert told(client, "actioncard/add", CARD, key="flood-pumps").status_code == 302
    services.inject(cell_id=cell.id, by=cell.director, card="flood-pumps")
    assert (
        b"10 | Sortir les pompes | Take the pumps out"
        in client.get("/admin/crisis/actioncard/flood-pumps/change/").content
    )
    lines = "10 | Sortir les pompes | Take the pumps out\n5 | Poser les pompes | Set the pumps"
    assert told(client, "actioncard/flood-pumps/change", CARD, lines=lines).status_code == 302
    card = ActionCard.objects.get(key="flood-pumps")
    assert card.version == 2
    assert [item["key"] for item in card.items] == ["take-the-pumps-out", "set-the-pumps"]
    first = Action.objects.filter(cell=cell, card="flood-pumps").order_by("number")
    assert [(one.text, one.card_version) for one in first] == [("Sortir les pompes", 1), ("Noter les heures", 1)]
    added = services.inject(cell_id=cell.id, by=cell.director, card="flood-pumps")
    assert [(one.text, one.card_version) for one in added] == [("Poser les pompes", 2)]
    kept = Entry.objects.filter(kind="crisis.card_kept").order_by("seq")
    assert [(one.by, json.loads(one.data)["version"], len(json.loads(one.data)["items"])) for one in kept] == [
        (admin.id, 1, 2),
        (admin.id, 2, 2),
    ]


def test_what_is_edited_stays_when_the_files_are_loaded_again(client: Client, admin: Person) -> None:
    plan = Plan.objects.get(key="flood")
    functions = [("operations_director", "standby"), ("logistics", ""), ("legal_finance", "crisis")]
    page = client.get("/admin/crisis/plan/flood/change/").content.decode()
    assert "functions-0-function" in page
    sent = plan_form(plan, functions, label_fr="Inondation 2027", briefing_minutes=25)
    assert told(client, "plan/flood/change", sent).status_code == 302
    contact = Contact.objects.filter(plan="pics").first()
    assert contact is not None
    assert told(client, f"contact/{contact.id}/change", CONTACT, active="").status_code == 302
    assert told(client, "sensitivesite/halles/change", SITE, people="2500").status_code == 302
    assert told(client, "actioncard/log-opening/change", CARD, label_fr="La nôtre").status_code == 302
    before = PlanFunction.objects.count()
    catalogue.load_plans()
    plan.refresh_from_db()
    assert (plan.label_fr, plan.briefing_minutes, plan.edited) == ("Inondation 2027", 25, True)
    assert [*plan.functions.values_list("function", "required_from")] == functions
    assert PlanFunction.objects.count() == before
    contact.refresh_from_db()
    assert (contact.name, contact.active) == ("Astreinte eau", False)
    assert contact not in selectors.contacts(plan)
    site = SensitiveSite.objects.get(key="halles")
    assert (site.people, site.commune_id) == (2500, "21231")
    assert ActionCard.objects.get(key="log-opening").label_fr == "La nôtre"
    Plan.objects.filter(key="snow").update(label_fr="changé par personne")
    catalogue.load_plans()
    assert Plan.objects.get(key="snow").label_fr != "changé par personne"


def test_a_running_cell_keeps_its_levels_functions_and_rhythm(client: Client, admin: Person) -> None:
    cell = world.opened()
    plan = Plan.objects.get(key=cell.plan_id)
    answer = told(client, f"plan/{plan.key}/change", plan_form(plan, [("operations_director", "standby")]))
    assert answer.status_code == 200
    assert "Une cellule est ouverte sous ce plan" in answer.content.decode()
    assert plan.functions.count() > 1
    same = [(one.function, one.required_from) for one in plan.functions.all()]
    assert told(client, f"plan/{plan.key}/change", plan_form(plan, same, briefing_minutes=11)).status_code == 302
    before = cell.briefing_minutes
    cell.refresh_from_db()
    plan.refresh_from_db()
    assert (plan.briefing_minutes, cell.briefing_minutes) == (11, before)


def test_a_new_site_finds_its_commune_and_a_contact_s_number_stays_off_the_record(
    client: Client, admin: Person
) -> None:
    assert told(client, "sensitivesite/add", SITE, key="ecole-neuve").status_code == 302
    assert SensitiveSite.objects.get(key="ecole-neuve").commune.name == "Dijon"
    assert told(client, "contact/add", CONTACT, plan="flood", key="regie-eau").status_code == 302
    assert Contact.objects.get(key="regie-eau", plan="flood").phone == "03 53 01 99 99"
    kept = Entry.objects.filter(kind__in=("crisis.contact_kept", "crisis.site_kept"))
    assert {one.by for one in kept} == {admin.id}
    assert not any("99 99" in str(one.data) or "Astreinte" in str(one.data) for one in kept)


@pytest.mark.parametrize(
    ("path", "sent", "change"),
    [
        ("actioncard/add", CARD, {"lines": "dix | a | b"}),
        ("actioncard/add", CARD, {"lines": "10 | sans anglais"}),
        ("actioncard/add", CARD, {"lines": "\n".join(f"0 | a{n} | b{n}" for n in range(41))}),
        ("actioncard/add", CARD, {"theme": "nowhere"}),
        ("actioncard/add", CARD, {"key": "log-opening"}),
        ("sensitivesite/add", SITE, {"lat": "48.85", "lon": "2.35"}),
        ("sensitivesite/add", SITE, {"people": "-1"}),
        ("contact/add", CONTACT, {"plan": "flood", "phone": ""}),
        ("contact/add", CONTACT, {"plan": "nowhere"}),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused_beside_its_field(
    client: Client, admin: Person, path: str, sent: dict[str, Any], change: dict[str, Any]
) -> None:
    answer = told(client, path, {"key": "neuf", **sent}, **change)
    assert answer.status_code == 200
    assert b"errorlist" in answer.content
    assert not Entry.objects.filter(kind__endswith="_kept").exists()


@pytest.mark.parametrize(
    ("functions", "change"),
    [
        ([], {}),
        ([("logistics", ""), ("logistics", "alert")], {}),
        ([("logistics", "watch")], {"levels": ["alert", "recovery"]}),
        ([("logistics", "")], {"levels": ["watch", "recovery"]}),
        ([("logistics", "")], {"levels": ["alert"]}),
        ([("logistics", "")], {"briefing_minutes": 2}),
    ],
    ids=str,
)
def test_a_plan_without_sense_is_refused(
    client: Client, admin: Person, functions: list[tuple[str, str]], change: dict[str, Any]
) -> None:
    plan = Plan.objects.get(key="snow")
    answer = told(client, "plan/snow/change", plan_form(plan, functions, **change))
    assert answer.status_code == 200
    assert b"errorlist" in answer.content
    assert not Plan.objects.get(key="snow").edited


def test_a_plan_is_added(client: Client, admin: Person) -> None:
    sent = plan_form(Plan(key="quake", label_fr="Séisme", label_en="Earthquake", levels=["alert", "recovery"]),
                     [("operations_director", "alert")])  # fmt: skip
    refused = told(client, "plan/add", sent, key="quake", kind="theme", theme="", commune="")
    assert refused.status_code == 200
    assert told(client, "plan/add", sent, key="quake", kind="theme", theme="quake", commune="").status_code == 302
    made = Plan.objects.get(key="quake")
    assert (made.theme, [one.function for one in made.functions.all()]) == ("quake", ["operations_director"])


def test_nobody_else_edits_and_the_services_refuse_as_well(client: Client) -> None:
    director = cast.person(Role.CRISIS_DIRECTOR)
    client.force_login(director, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert told(client, "actioncard/add", CARD, key="flood-pumps").status_code in (302, 401, 403)
    assert not ActionCard.objects.filter(key="flood-pumps").exists()
    card, items = ActionCard.objects.get(key="log-opening"), [keeping.Item("a", "b")]
    plan = Plan.objects.get(key="snow")
    site = SensitiveSite.objects.get(key="halles")
    contact = Contact(plan=plan, key="x", name="x", phone="1")
    for refused in (
        lambda by: keeping.save_card(card=card, items=items, by=by),
        lambda by: keeping.save_plan(plan=plan, functions=list(plan.functions.all()), by=by),
        lambda by: keeping.save_site(site=site, by=by),
        lambda by: keeping.save_contact(contact=contact, by=by),
    ):
        with pytest.raises(NotAllowed):
            refused(director)
    with pytest.raises(Invalid):
        keeping.save_card(card=card, items=[], by=cast.person(Role.ADMINISTRATOR))


@pytest.mark.parametrize("model", ["plan", "actioncard", "contact", "sensitivesite"])
def test_an_empty_form_and_a_row_that_is_not_there_break_nothing(client: Client, admin: Person, model: str) -> None:
    assert told(client, f"{model}/add", {}).status_code == 200
    nowhere = f"/admin/crisis/{model}/{admin.pk}"
    for path in (f"{nowhere}/change/", f"{nowhere}/history/", f"{nowhere}/"):
        assert client.get(path).status_code == 302, path
    assert client.post(f"{nowhere}/change/", {}).status_code == 302
    assert client.post(f"{nowhere}/delete/", {}).status_code == 403
    assert client.get(f"/admin/crisis/{model}/").status_code == 200
    assert client.get(f"/admin/crisis/{model}/", {"q": "dijon"}).status_code == 200
