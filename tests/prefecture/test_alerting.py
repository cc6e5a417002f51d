"""Asking for a public alert, and the alerts that are in force."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import Settings

from access.roles import Role
from crisis import services as crisis
from crisis.areas import Shape
from journal.errors import Invalid, NotAllowed, NotFound
from prefecture import services
from prefecture.models import Alert, Message
from prefecture.services import Wish
from prefecture.wire import cap, envelope, kinds
from prefecture.wire.kinds import Kind
from tests import cast
from tests.crisis.world import director, opened
from tests.prefecture.test_receiving import ALERT
from tests.prefecture.world import Cod

pytestmark = pytest.mark.django_db
CLOSED = "47.3,5.0 47.4,5.0 47.4,5.1 47.3,5.0"


def wish(**change: Any) -> Wish:
    told = {"headline": "Crue de l’Ouche", "text": "Éloignez-vous des berges.", "grounds": "1,95 m dépassé", **change}
    return Wish(**told)


def asked(message: Message) -> cap.Alert:
    body = envelope.read(bytes(message.raw)).message.body
    return cap.parse(body.cap.encode())


def test_an_alert_that_we_ask_for_leaves_as_a_draft_for_the_prefecture_alone() -> None:
    message = services.ask(by=director(), wish=wish(instruction="Montez à l’étage.", commune=cast.CHENOVE))
    alert = asked(message)
    assert (message.kind, message.title) == (
        "public_alert_request",
        "Demande d’alerte à la population : Crue de l’Ouche",
    )
    assert (alert.status, alert.scope, alert.addresses) == ("Draft", "Private", "fr.gouv.cote-dor.cod")
    info = alert.info[0]
    assert (info.headline, info.instruction) == ("Crue de l’Ouche", "Montez à l’étage.")
    assert (info.area[0].areaDesc, [one.value for one in info.area[0].geocode]) == ("Chenôve", [cast.CHENOVE])
    assert "Montez à l’étage." in message.text
    assert not Alert.objects.exists()


def test_the_whole_metropolis_or_a_zone_of_the_cell() -> None:
    by = director()
    cell, other = opened(by), opened()
    assert len(asked(services.ask(by=by, wish=wish())).info[0].area[0].geocode) == 23
    around = Shape(type="circle", points=((47.32, 5.04),), radius_m=600)
    ring = Shape(type="polygon", points=((47.32, 5.04), (47.33, 5.04), (47.33, 5.05)))
    expected = {"circle": ["47.320000,5.040000 0.600"], "polygon": ["47.320000,5.040000 47.330000,5.040000 47.330000,5.050000 47.320000,5.040000"]}  # fmt: skip
    for shape in (around, ring):
        zone = crisis.draw(
            cell_id=cell.id, by=by, drawing=crisis.Drawing(kind="danger", label="Berges", shape=shape)
        ).zone_id
        message = services.ask(by=by, wish=wish(zone=zone), crisis=cell.id)
        area = asked(message).info[0].area[0]
        assert (area.areaDesc, getattr(area, shape.type)) == ("Berges", expected[shape.type])
        assert message.crisis == cell.id
        with pytest.raises(Invalid):
            services.ask(by=by, wish=wish(zone=zone))
    with pytest.raises(NotFound):
        services.ask(by=by, wish=wish(), crisis=other.id)


def test_who_may_ask_and_what_is_refused() -> None:
    with pytest.raises(NotAllowed):
        services.ask(by=cast.person(Role.CALL_TAKER), wish=wish())
    for change in ({"commune": "99999"}, {"headline": " "}, {"text": "\x01"}):
        with pytest.raises(Invalid):
            services.ask(by=director(), wish=wish(**change))
    assert not Message.objects.exists()


def test_asked_for_over_http(client: Client) -> None:
    client.force_login(director(), backend="allauth.account.auth_backends.AuthenticationBackend")
    body = {"headline": "Crue", "text": "Éloignez-vous.", "grounds": "1,95 m", "severity": "Extreme", "hours": 2}
    headers = {"Idempotency-Key": str(uuid4())}
    answer = client.post("/api/v1/prefecture/alerts/", body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["kind"]) == (201, "public_alert_request")
    headers = {"Idempotency-Key": str(uuid4())}
    refused = client.post("/api/v1/prefecture/alerts/", {**body, "hours": 200}, "application/json", headers=headers)
    assert refused.status_code in (400, 422)


@pytest.mark.parametrize("status", ["Actual", "Exercise", "Test", "Draft"])
def test_only_what_is_real_is_shown_to_the_public(cod: Cod, client: Client, status: str) -> None:
    text = ALERT.format(id="b-1", type="Alert", refs="", polygon=CLOSED).replace("Actual", status)
    assert cod.say(Kind.RELAYED_ALERT, kinds.RelayedAlert(cap=text)).status_code == 201
    assert (b"<entry>" in client.get("/cap/").content) == (status == "Actual")


def test_an_update_takes_the_place_of_what_it_refers_to(cod: Cod, client: Client, settings: Settings) -> None:
    first = ALERT.format(id="c-1", type="Alert", refs="", polygon=CLOSED)
    refs = "<references>cod@x,c-1,2026-11-23T04:00:00+01:00</references>"
    second = ALERT.format(id="c-2", type="Update", refs=refs, polygon=CLOSED)
    for text in (first, second):
        assert cod.say(Kind.RELAYED_ALERT, kinds.RelayedAlert(cap=text)).status_code == 201
    feed = client.get("/cap/").content
    assert (feed.count(b"<entry>"), b"c-2" in feed) == (1, True)
    assert client.get(f"/cap/{Alert.objects.get(identifier='c-1').id}.xml").status_code == 200
