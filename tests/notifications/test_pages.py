"""The room's pages as forms: what each act does, and what it says when it is refused."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from access.models import Person
from access.roles import Role
from notifications import links
from notifications.models import Contact, Drill, Layer, Message, Override, Swap, Urgency
from notifications.on_call import clock
from notifications.services import notify
from tests.cast import organisation, person
from tests.notifications.rotas import START, layer, people, rota

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def enter(who: Person | None) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    if who is not None:
        client.force_login(who, backend=BACKEND)
    return client


def tell(to: Person, **more: Any) -> Message:
    words: dict[str, Any] = {"subject": "Gas smell", "body": "Rue Monge", "urgency": Urgency.URGENT, "ack": True}
    return notify(to=[to], key=f"tests.told:{uuid4()}", **{**words, **more})[0]


def manned(*who: Person) -> Any:
    return rota(layer(*who, starts_on=clock().date() - timedelta(days=3), turn_days=7))


def said(answer: Any) -> str:
    return " ".join(str(one) for one in answer.context["messages"])


def test_my_messages_and_what_i_do_with_them() -> None:
    me = person(Role.CALL_TAKER)
    first, second, third = (tell(me) for _n in range(3))
    client = enter(me)
    assert client.get("/notifications/").context["unread"] == 3
    answer = client.post("/notifications/", {"act": "acknowledge", "id": first.id}, follow=True)
    assert said(answer) == "Acknowledged: Gas smell"
    client.post("/notifications/", {"act": "read", "id": second.id}, follow=True)
    assert said(client.post("/notifications/", {"act": "read_all"}, follow=True)) == "1 message marked as read."
    third.refresh_from_db()
    assert third.read_at is not None
    for wrong in ({"act": "acknowledge", "id": "x"}, {"act": "acknowledge", "id": uuid4()}, {"act": "what"}, {}):
        assert client.post("/notifications/", wrong).status_code == 404
    assert enter(person(Role.CALL_TAKER)).post("/notifications/", {"act": "read", "id": first.id}).status_code == 404


def test_a_page_of_messages_costs_the_same_for_many() -> None:
    me, client = person(Role.CALL_TAKER), Client()
    client.force_login(me, backend=BACKEND)
    counts = []
    for _round in range(2):
        tell(me)
        tell(me)
        with CaptureQueriesContext(connection) as seen:
            client.get("/notifications/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def preferences(**more: Any) -> dict[str, Any]:
    plain = {"act": "save", "version": 0, "cap": 6, "phone": "06 12 34 56 78", "vital_0": "voice", "vital_1": "sms"}
    return {**plain, **more}


def test_how_i_am_reached() -> None:
    me = person(Role.CALL_TAKER)
    client = enter(me)
    assert said(client.post("/notifications/", preferences(), follow=True)).startswith("Saved.")
    contact = Contact.objects.get(person=me)
    assert (contact.phone, contact.vital, contact.urgent) == ("+33612345678", ["voice", "sms"], [])
    stale = client.post("/notifications/", preferences(), follow=True)
    assert said(stale) == "Changed by someone else meanwhile"
    wrong = client.post("/notifications/", preferences(version=1, phone="123"), follow=True)
    assert "Not a telephone number" in said(wrong)
    assert client.post("/notifications/", preferences(version=1, cap=99)).status_code == 422
    client.post("/notifications/", {"act": "try"})
    assert Message.objects.get(person=me).urgency == Urgency.VITAL


def test_the_week_and_its_changes() -> None:
    anna, bruno, _clara = people()
    made = manned(anna)
    client = enter(anna)
    page = client.get("/on-call/", {"week": "not a day"})
    assert page.context["weeks"][0].now.person == anna
    day = f"{clock() + timedelta(days=1):%Y-%m-%d}"
    override = {"act": "override", "rota": made.id, "person": bruno.id, "starts_at": f"{day}T08:00", "reason": "x"}
    assert client.post("/on-call/", {**override, "ends_at": ""}).context["override_form"].errors
    answer = client.post("/on-call/", {**override, "ends_at": f"{day}T07:00"}, follow=True)
    assert said(answer) == "It ends after it starts, and within two months."
    client.post("/on-call/", {**override, "ends_at": f"{day}T18:00"})
    one = Override.objects.get()
    client.post("/on-call/", {"act": "drop", "id": one.id})
    assert not Override.objects.exists()
    reader = enter(person(Role.CALL_TAKER))
    assert reader.post("/on-call/", {**override, "ends_at": f"{day}T18:00"}).status_code == 404
    assert "override_form" in reader.get("/on-call/").context


def test_who_is_on_call_at_an_instant() -> None:
    anna, bruno, _clara = people()
    made = rota(layer(anna, bruno))
    client = enter(anna)
    page = client.get("/on-call/", {"at": "2031-11-04T08:00"})
    assert page.context["asked_people"] == [(made, bruno)]
    assert page.context["first"] == START
    assert client.get("/on-call/", {"at": "no time"}).context["asked"] is None
    assert client.get("/on-call/", {"at": "9999-12-31T23:59"}).context["asked"] is None


def test_a_rota_is_added_by_those_who_plan() -> None:
    planner, where = enter(person(Role.INTERVENTION_COORDINATOR)), organisation("dijon-metropole")
    added = {"act": "add_rota", "name": "Astreinte hivernale", "organisation": where.id}
    answer = planner.post("/on-call/", added)
    assert (answer.status_code, answer["Location"]) == (302, "/on-call/astreinte-hivernale/")
    assert said(planner.post("/on-call/", added, follow=True)).endswith("There is a rota of this key already.")
    assert planner.post("/on-call/", {**added, "name": ""}).context["rota_form"].errors
    reader = enter(person(Role.CALL_TAKER))
    assert reader.post("/on-call/", added).status_code == 404
    assert reader.get("/on-call/").context["rota_form"] is None


def test_swaps_on_the_page() -> None:
    anna, bruno, _clara = people()
    manned(anna, bruno)
    client = enter(anna)
    give = client.get("/on-call/").context["swap_form"].fields["give"].widget.choices[0][0]
    answer = client.post("/on-call/", {"act": "swap", "give": give, "asked_to": bruno.id}, follow=True)
    assert said(answer) == "Asked. You will be told the answer."
    assert client.post("/on-call/", {"act": "swap", "give": "x"}).context["swap_form"].errors
    swap = Swap.objects.get()
    assert enter(bruno).post("/on-call/", {"act": "accept", "id": swap.id}, follow=True).status_code == 200
    swap.refresh_from_db()
    assert swap.state == Swap.State.ACCEPTED
    again = enter(bruno).post("/on-call/", {"act": "refuse", "id": swap.id}, follow=True)
    assert said(again) == "This was answered or withdrawn already."


def test_my_calendar_s_address_is_shown_once_and_works() -> None:
    anna, *_rest = people()
    manned(anna)
    client = enter(anna)
    feed = client.post("/on-call/", {"act": "feed"}).context["feed"]
    path = feed.removeprefix("http://testserver")
    calendar = enter(None).get(path)
    assert calendar["Content-Type"].startswith("text/calendar")
    assert b"BEGIN:VEVENT" in calendar.content
    assert feed not in client.get("/on-call/").content.decode()
    client.post("/on-call/", {"act": "drop_feed"})
    assert enter(None).get(path).status_code == 404


def test_layers_on_the_page() -> None:
    anna, bruno, _clara = people()
    made = manned(anna)
    client, path = enter(anna), f"/on-call/{made.key}/"
    fields = {
        "name": "Weeks", "place": 2, "people": bruno.login, "starts_on": START, "turn_days": 7, "handover_at": "08:00",
    }  # fmt: skip
    second = {**fields, "name": "Nights", "place": 1, "hours_from": "19:00", "hours_until": "07:00", "weekdays": ["0"]}
    both = {f"layer{n}-{name}": value for n, one in enumerate((fields, second)) for name, value in one.items()}
    wrong = client.post(path, {**both, "layer0-people": "nobody", "version": 1})
    assert "nobody" in str(wrong.context["forms"][0].errors["people"])
    assert client.post(path, {**both, "version": 1}, follow=True).status_code == 200
    now = Layer.objects.filter(rota=made, in_force_until=None).order_by("place")
    assert [(one.name, one.weekdays) for one in now] == [("Nights", [0]), ("Weeks", [])]
    assert "someone else" in said(client.post(path, {**both, "version": 1}, follow=True))
    reader = enter(person(Role.CALL_TAKER))
    assert reader.get(path).context["forms"] == []
    assert reader.post(path, {**both, "version": 2}).context["forms"] == []
    assert enter(person(Role.CREW_LEADER)).get(path).status_code == 404


def test_a_drill_on_the_page() -> None:
    anna, *_rest = people()
    made = manned(anna)
    client = enter(anna)
    assert client.get("/on-call/drills/").context["would_call"] == [(made, anna)]
    for wrong in ({"minutes": 5}, {"rota": made.id}, {"rota": "x", "minutes": 5}):
        assert "Choose rotas" in said(client.post("/on-call/drills/", wrong, follow=True))
    answer = client.post("/on-call/drills/", {"rota": made.id, "minutes": 5})
    drill = Drill.objects.get()
    assert answer["Location"] == f"/on-call/drills/{drill.id}/"
    assert client.get(answer["Location"], {"part": "lines"}).context["result"].called == 1
    assert client.get(f"/on-call/drills/{uuid4()}/").status_code == 404
    assert enter(person(Role.CALL_TAKER)).get("/on-call/drills/").status_code == 403


# The one-time link ------------------------------------------------------------------------------------------------


def test_a_link_shows_what_it_does_and_does_it_on_demand_only() -> None:
    message = tell(person(Role.CALL_TAKER))
    client, path = Client(), f"/m/{links.token_of(message.id)}/"
    for _look in range(2):
        page = client.get(path)
        assert "Dit que vous avez reçu ce message." in page.content.decode()
    message.refresh_from_db()
    assert (message.acknowledged_at, message.read_at) == (None, None)
    assert client.head(path).status_code == 200
    client.post(path)
    message.refresh_from_db()
    assert message.acknowledged_by == "link"
    assert "Acquitté" in client.get(path).content.decode()
    first = message.acknowledged_at
    client.post(path)
    message.refresh_from_db()
    assert message.acknowledged_at == first


def test_a_link_that_is_none() -> None:
    told = tell(person(Role.CALL_TAKER), ack=False)
    for token in ("none", links.token_of(uuid4()), links.token_of(told.id)):
        assert Client().get(f"/m/{token}/").status_code == 404


def test_the_worker_of_notifications_is_a_script_for_all_pages() -> None:
    answer = Client().get("/push-worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert b"showNotification" in answer.content
