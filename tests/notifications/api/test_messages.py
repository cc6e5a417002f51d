"""Messages, rotas and drills through the API."""

from typing import Any
from uuid import uuid4

import pytest

from access.models import Person
from access.roles import Role
from notifications.models import Contact, Message, Override, PushSubscription, Swap, Urgency
from notifications.services import notify
from tests.cast import organisation, person
from tests.incidents.api.calling import Api, problem
from tests.notifications.rotas import START, at, layer, people, rota
from tests.notifications.test_webpush import AUTH, PUBLIC

pytestmark = pytest.mark.django_db


def tell(to: Person, count: int = 1, **more: Any) -> list[Message]:
    for n in range(count):
        notify(
            to=[to], subject=f"S{n}", body="B", urgency=Urgency.NORMAL, key=f"tests.told:{uuid4()}", ack=True, **more
        )
    return list(Message.objects.filter(person=to).order_by("-told_at", "-id"))


def test_my_messages_in_pages_and_nobody_else_s() -> None:
    me, other = person(Role.CALL_TAKER), person(Role.CALL_TAKER)
    mine = tell(me, 5)
    tell(other)
    first = Api(me).get("/notifications/", limit=3).json()
    assert (len(first["results"]), first["unread"]) == (3, 5)
    second = Api(me).get("/notifications/", limit=3, cursor=first["next"]).json()
    assert [one["id"] for one in first["results"] + second["results"]] == [str(one.id) for one in mine]
    assert second["next"] is None
    assert first["results"][0]["does"] == "Dit que vous avez reçu ce message."
    problem(Api(me).get("/notifications/", cursor="x"), 400, "malformed")


def test_acknowledge_and_read() -> None:
    me = person(Role.CALL_TAKER)
    first, second = tell(me, 2)
    answer = Api(me).post(f"/notifications/{first.id}/acknowledge/").json()
    assert (answer["acknowledged_by"], answer["does"]) == ("screen", "")
    assert Api(me).post(f"/notifications/{second.id}/read/").json()["state"] == "read"
    other = Api(person(Role.CALL_TAKER))
    problem(other.post(f"/notifications/{first.id}/acknowledge/"), 404, "not-found")
    problem(Api(None).get("/notifications/"), 401, "not-signed-in")


def test_preferences_are_versioned() -> None:
    me = Api(person(Role.CALL_TAKER))
    assert me.get("/notifications/preferences/").json()["vital"] == ["sms", "push", "voice", "email"]
    body = {"phone": "06 12 34 56 78", "urgent": ["sms"], "quiet_from": "22:00", "quiet_until": "06:30"}
    saved = me.send("PUT", "/notifications/preferences/", body, version=0)
    assert (saved.json()["phone"], saved.json()["quiet_until"], saved["ETag"]) == ("+33612345678", "06:30", '"1"')
    problem(me.send("PUT", "/notifications/preferences/", body, version=0), 412, "stale")
    problem(me.send("PUT", "/notifications/preferences/", {"phone": "x"}, version=1), 422, "invalid")
    assert Contact.objects.get().urgent == ["sms"]


def test_browsers() -> None:
    me = Api(person(Role.CALL_TAKER))
    body = {"endpoint": "https://fcm.googleapis.com/x", "public": PUBLIC, "auth": AUTH, "device": "Firefox"}
    made = me.post("/push-subscriptions/", body)
    assert made.status_code == 201
    problem(me.post("/push-subscriptions/", {**body, "endpoint": "https://127.0.0.1/x"}), 422, "invalid")
    assert me.send("DELETE", f"/push-subscriptions/{made.json()['id']}/").status_code == 204
    assert not PushSubscription.objects.exists()


def test_who_is_on_call_and_when() -> None:
    anna, bruno, _clara = people()
    made, reader = rota(layer(anna, bruno)), Api(person(Role.CALL_TAKER))
    found = reader.get("/on-call/", at=at(4).isoformat()).json()["results"]
    assert found[0]["on_call"] == {"id": str(bruno.id), "name": bruno.name}
    spans = reader.get(f"/on-call/{made.id}/shifts/", since=at(2).isoformat(), until=at(5).isoformat()).json()[
        "results"
    ]
    assert [span["person"] for span in spans] == [None, str(anna.id), str(bruno.id)]
    far = {"since": at(2).isoformat(), "until": at(2).replace(year=2033).isoformat()}
    problem(reader.get(f"/on-call/{made.id}/shifts/", **far), 422, "invalid")
    problem(reader.get("/on-call/", at="9999-12-31T23:59:59Z"), 422, "invalid")
    crew = Api(person(Role.CREW_LEADER))
    assert crew.get("/on-call/").json()["results"] == []
    problem(crew.get(f"/on-call/{made.id}/shifts/", since=at(2).isoformat(), until=at(5).isoformat()), 404, "not-found")


def test_a_rota_is_added() -> None:
    leader, body = Api(person(Role.INTERVENTION_COORDINATOR)), {"name": "Neige", "organisation": str(uuid4())}
    problem(leader.post("/on-call/", body), 422, "invalid")
    body["organisation"] = str(organisation("dijon-metropole").id)
    made = leader.post("/on-call/", body)
    assert (made.status_code, made.json()["key"]) == (201, "neige")
    problem(leader.post("/on-call/", body), 409, "conflict")
    problem(leader.post("/on-call/", {**body, "name": "+++"}), 422, "invalid")
    problem(leader.post("/on-call/", {**body, "key": "drills"}), 422, "invalid")
    problem(Api(person(Role.CALL_TAKER)).post("/on-call/", body), 403, "not-allowed")


def test_layers_and_overrides() -> None:
    anna, bruno, _clara = people()
    made, leader = rota(layer(anna)), Api(person(Role.INTERVENTION_COORDINATOR))
    body = {
        "layers": [{"name": "Weeks", "people": [str(bruno.id)], "starts_on": START.isoformat(), "handover_at": "09:30"}]
    }
    changed = leader.send("PUT", f"/on-call/{made.id}/layers/", body, version=1)
    assert changed["ETag"] == '"2"'
    problem(leader.send("PUT", f"/on-call/{made.id}/layers/", body, version=1), 412, "stale")
    shift = {"person": str(anna.id), "starts_at": at(4).isoformat(), "ends_at": at(5).isoformat()}
    override = leader.post(f"/on-call/{made.id}/overrides/", shift)
    assert override.status_code == 201
    problem(Api(person(Role.CALL_TAKER)).post(f"/on-call/{made.id}/overrides/", shift), 403, "not-allowed")
    assert leader.send("DELETE", f"/overrides/{override.json()['id']}/").status_code == 204
    assert not Override.objects.exists()


def test_swaps() -> None:
    anna, bruno, _clara = people()
    made = rota(layer(anna, bruno))
    body = {"asked_to": str(bruno.id), "give": {"start": at(3).isoformat(), "end": at(4).isoformat()}}
    asked = Api(anna).post(f"/on-call/{made.id}/swaps/", body)
    assert (asked.status_code, asked.json()["state"]) == (201, "proposed")
    swap = asked.json()["id"]
    problem(Api(anna).post(f"/swaps/{swap}/answer/", {"accept": True}), 404, "not-found")
    assert Api(bruno).post(f"/swaps/{swap}/answer/", {"accept": True}).json()["state"] == "accepted"
    problem(Api(anna).send("DELETE", f"/swaps/{swap}/"), 409, "wrong-state")
    assert Swap.objects.get().overrides.count() == 1


def test_drills() -> None:
    director = person(Role.CRISIS_DIRECTOR)
    made = rota(layer(director, starts_on=START.replace(year=2020), turn_days=28))
    started = Api(director).post("/drills/", {"rotas": [str(made.id)], "minutes": 5})
    assert started.status_code == 201
    found = Api(director).get(f"/drills/{started.json()['id']}/").json()
    assert (found["called"], found["reached"], found["running"]) == (1, 0, True)
    problem(Api(person(Role.CALL_TAKER)).post("/drills/", {}), 403, "not-allowed")
    problem(Api(director).get(f"/drills/{uuid4()}/"), 404, "not-found")
