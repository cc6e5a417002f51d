"""Webhooks: written with the change, signed, repeated, given up, sent again; a real HTTP peer at the other end."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db.models.functions import Now

from access.models import Person
from access.roles import Role
from interventions import services, signing
from interventions.models import Delivery, Webhook
from interventions.services import delivering, linking
from interventions.services.delivering import DELAYS, Unreachable, allowed_address
from journal.models import Entry
from tests import cast
from tests.incidents.api.calling import Api, problem
from tests.interventions import means

pytestmark = pytest.mark.django_db


class Peer(HTTPServer):
    """A partner's system: keeps what it gets and answers as told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 204
        self.got: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class _Handler(BaseHTTPRequestHandler):
    server: Peer

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(({name.lower(): value for name, value in self.headers.items()}, content))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", self.server.url)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Tests print nothing."""


@pytest.fixture
def peer(settings: Any) -> Iterator[Peer]:
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True
    server = Peer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def coordinator() -> Person:
    return cast.person(Role.INTERVENTION_COORDINATOR)


def hook(by: Person, peer: Peer, owner: str = "eclairage") -> Webhook:
    return linking.add_webhook(by=by, organisation=cast.organisation(owner).id, url=peer.url)


def test_a_partner_is_told_signed_and_once(coordinator: Person, peer: Peer) -> None:
    made, crew = hook(coordinator, peer), means.crew()
    hook(coordinator, peer, owner="voirie")
    one = services.assign(intervention_id=means.mission().id, by=coordinator, crew=crew.id)
    assert delivering.relay() == 1
    assert delivering.relay() == 0
    ((headers, body),) = peer.got
    told = json.loads(body)
    assert (told["type"], told["data"]["id"], told["data"]["row"]["status"]) == (
        "interventions.assigned", str(one.id), "assigned",
    )  # fmt: skip
    at = int(headers["webhook-timestamp"])
    assert headers["webhook-signature"] == signing.signature(made.secret, headers["webhook-id"], at, body)
    assert UUID(headers["webhook-id"]) == Delivery.objects.get().id


def test_losing_a_mission_is_told_without_its_content(coordinator: Person, peer: Peer) -> None:
    hook(coordinator, peer)
    one = services.assign(intervention_id=means.mission().id, by=coordinator, crew=means.crew().id)
    services.assign(intervention_id=one.id, by=coordinator, crew=means.crew(owner="voirie").id, override="renfort")
    delivering.relay()
    assert [json.loads(body)["type"] for _headers, body in peer.got] == [
        "interventions.assigned", "interventions.withdrawn",
    ]  # fmt: skip
    assert json.loads(peer.got[1][1])["data"] == {"id": str(one.id)}


def test_an_undone_change_tells_nobody(coordinator: Person, peer: Peer) -> None:
    hook(coordinator, peer)
    crew = means.crew()
    held = services.assign(intervention_id=means.mission().id, by=coordinator, crew=crew.id)
    with pytest.raises(services.Overlap):
        services.assign(intervention_id=means.mission().id, by=coordinator, crew=crew.id, start=held.slot_start)
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("status", [500, 302, 404])
def test_failures_come_again_ever_later_and_die_at_last(coordinator: Person, peer: Peer, status: int) -> None:
    made, peer.status = hook(coordinator, peer), status
    services.assign(intervention_id=means.mission().id, by=coordinator, crew=means.crew().id)
    for number in range(len(DELAYS) + 1):
        assert delivering.relay() == 1, number
        assert delivering.relay() == 0, "it waits before it tries again"
        Delivery.objects.update(next_at=Now() - timedelta(seconds=1))
    letter = Delivery.objects.get()
    assert (letter.attempts, letter.failure, letter.dead_at is None) == (len(DELAYS) + 1, f"HTTP {status}", False)
    assert delivering.relay() == 0
    assert len({headers["webhook-id"] for headers, _body in peer.got}) == 1
    peer.status = 200
    linking.send_again(webhook_id=made.id, delivery_id=letter.id, by=coordinator)
    assert delivering.relay() == 1
    assert Delivery.objects.filter(delivered_at__isnull=False).count() == 1


def test_gone_stops_the_webhook(coordinator: Person, peer: Peer) -> None:
    made, peer.status = hook(coordinator, peer), 410
    services.assign(intervention_id=means.mission().id, by=coordinator, crew=means.crew().id)
    delivering.relay()
    made.refresh_from_db()
    assert (made.active, Delivery.objects.filter(dead_at__isnull=False).count()) == (False, 1)


def test_a_leased_row_is_nobody_elses_until_the_lease_runs_out(coordinator: Person, peer: Peer) -> None:
    hook(coordinator, peer)
    services.assign(intervention_id=means.mission().id, by=coordinator, crew=means.crew().id)
    (row,) = delivering.claim(5)
    assert list(delivering.claim(5)) == []
    Delivery.objects.update(leased_until=Now() - timedelta(seconds=1))
    assert [again.id for again in delivering.claim(5)] == [row.id]


def test_our_own_network_is_out_of_reach(settings: Any) -> None:
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = False
    for host in ("127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "::1", "no.such.name.invalid"):
        with pytest.raises(Unreachable):
            allowed_address(host, 80)


def test_over_the_api_the_secret_is_shown_once(coordinator: Person) -> None:
    owner, api = cast.organisation("eclairage"), Api(cast.person(Role.CREW_LEADER))
    body = {"organisation": str(owner.id), "url": "https://gmao.example.org/in"}
    made = api.post("/webhooks/", body)
    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    path = f"/webhooks/{made.json()['id']}/"
    assert "secret" not in api.get(path).json()
    assert [one["id"] for one in api.get("/webhooks/").json()["results"]] == [made.json()["id"]]
    assert api.send("PUT", path, {"url": body["url"], "active": False}, version=1).json()["active"] is False
    problem(api.send("PUT", path, {"url": body["url"], "active": True}, version=1), 412, "stale")
    other = Api(cast.person(Role.CREW_LEADER, home="voirie"))
    problem(other.get(path), 404, "not-found")
    problem(other.post("/webhooks/", body), 404, "not-found")
    for wrong in ("http://a.example", "https://", "ftp://a.example", "https://u:p@a.example", "https://a.example/#x"):
        problem(api.post("/webhooks/", {**body, "url": wrong}), 422, "invalid")
    assert api.get(f"{path}deliveries/").json() == {"results": []}
    problem(api.post(f"{path}deliveries/{uuid4()}/send-again/"), 404, "not-found")
    assert "gmao.example.org/in" not in Entry.objects.filter(kind="interventions.webhook_changed").latest("seq").data
