"""Two programs over real HTTP: the post's own server and relay, and the simulated room with its own schema."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from ondijon.stack.pytest_plugin import DATABASE
from prefecture import peer, services
from prefecture.models import Message
from prefecture.services import relaying
from prefecture.sim.server import Plan, Simulator
from prefecture.wire import signing
from tests.prefecture import world

SCHEMA = "cod_test"
CRISIS = uuid4()


@dataclass
class Pair:
    """Both rooms, wired to one another; nothing relays by itself."""

    sim: Simulator

    def ours(self, **more: Any) -> Message:
        return services.send(kind="measure_taken", payload=world.measure(), by=None, crisis=CRISIS, **more)

    def there(self) -> list[dict[str, Any]]:
        return self.sim.store.rows(
            "select * from message where direction = 'in' and sequence is not null order by sequence"
        )

    def both_relay(self) -> None:
        relaying.relay()
        self.sim.room.relay()
        relaying.relay()


@pytest.fixture
def pair(committed: None, settings: Settings, live_server: LiveServer) -> Iterator[Pair]:
    cod = world.cod(settings)
    client, secret, _token = world.token_of(cod.machine)
    ours = signing.private_key(settings.PREFECTURE_KEY)
    plan = Plan(
        app=DATABASE.app, owner=DATABASE.owner, schema=SCHEMA, key=world.seed(cod.key), key_id="cod-1",
        peer_keys=(f"post-1|{signing.public_text(ours)}",), clients={"post": "secret"}, post_url=live_server.url,
        client=(client, secret), ours=world.THEIRS, our_name="COD", theirs=world.OURS, their_name="OnDijon",
    )  # fmt: skip
    simulator = Simulator(plan)
    simulator.start(0, relay=False)
    settings.PREFECTURE_URL = simulator.url
    settings.PREFECTURE_CLIENT_ID, settings.PREFECTURE_CLIENT_SECRET = "post", "secret"
    yield Pair(simulator)
    peer.forget()
    simulator.stop()
    with psycopg.connect(DATABASE.owner, autocommit=True) as owner:
        owner.execute(f"drop schema {SCHEMA} cascade")
