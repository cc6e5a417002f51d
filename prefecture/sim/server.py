"""The simulated room as a program: a small threaded HTTP server, and its relay beside it."""

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from socketserver import ThreadingMixIn
from threading import Event, Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prefecture.peer import Peer
from prefecture.sim import desk, speaking
from prefecture.sim.door import Asked, Door, Given
from prefecture.sim.room import Room
from prefecture.sim.store import Store, make_schema
from prefecture.wire import envelope, signing

BODY_CAP = 1024 * 1024
MACHINES = ("/cod/", "/oauth/")


@dataclass(frozen=True)
class Plan:
    """Everything that the room is told, from the environment (see `from_environment`)."""

    app: str
    owner: str
    schema: str
    key: str
    key_id: str
    peer_keys: tuple[str, ...]
    clients: dict[str, str]
    post_url: str
    client: tuple[str, str]
    ours: str
    our_name: str
    theirs: str
    their_name: str

    @classmethod
    def from_environment(cls) -> "Plan":
        """SIM_KEY, SIM_KEY_ID, SIM_PEER_KEYS, SIM_ACCEPTS (id:secret), SIM_POST_URL, SIM_CLIENT (id:secret), SIM_SCHEMA; the
        database's addresses as the post's. Raises KeyError."""
        env = os.environ
        accepts, client = (env[name].partition(":") for name in ("SIM_ACCEPTS", "SIM_CLIENT"))
        return cls(
            app=env["DATABASE_URL"], owner=env["DATABASE_OWNER_URL"], schema=env.get("SIM_SCHEMA", "cod_simulator"),
            key=env["SIM_KEY"], key_id=env.get("SIM_KEY_ID", "cod-1"), peer_keys=tuple(env["SIM_PEER_KEYS"].split(",")),
            clients={accepts[0]: accepts[2]}, post_url=env["SIM_POST_URL"], client=(client[0], client[2]),
            ours=env.get("PREFECTURE_PEER_ID", "fr.gouv.cote-dor.cod"),
            our_name=env.get("PREFECTURE_PEER_NAME", "COD de la préfecture de la Côte-d'Or"),
            theirs=env.get("PREFECTURE_OUR_ID", "fr.dijon-metropole.ondijon"),
            their_name=env.get("PREFECTURE_OUR_NAME", "OnDijon, poste de pilotage de Dijon Métropole"),
        )  # fmt: skip


class Simulator:
    """`start(port)`, `stop()`; `room` is what it does, `url` where it is."""

    def __init__(self, plan: Plan) -> None:
        make_schema(plan.owner, plan.app, plan.schema)
        signer = signing.Signer(plan.key_id, signing.private_key(plan.key))
        checker = signing.Checker(tuple(signing.peer_keys(list(plan.peer_keys))))
        url = plan.post_url.rstrip("/")
        peer = Peer(url, f"{url}/oauth/token/", plan.client, signer, checker)
        parties = envelope.address(
            sender=plan.ours, sender_name=plan.our_name, recipient=plan.theirs, recipient_name=plan.their_name
        )
        self.store = Store(plan.app, plan.schema)
        self.room = Room(self.store, parties, peer, habits=(speaking.greet, speaking.respond))
        self.door = Door(self.room, signer, checker, plan.clients)
        self.stopping = Event()
        self.url = ""

    def start(self, port: int, *, relay: bool = True) -> None:
        """Listen on loopback and begin to relay; returns at once."""
        self.server = make_server("127.0.0.1", port, self.application, Server, Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.threads = [Thread(target=self.server.serve_forever, daemon=True)]
        if relay:
            self.threads.append(Thread(target=self.room.run, args=[self.stopping], daemon=True))
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        self.stopping.set()
        self.server.shutdown()
        self.server.server_close()
        for thread in self.threads:
            thread.join(10)
        if self.room.peer is not None:
            self.room.peer.close()
        self.store.close()

    def application(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        asked = _asked(environ)
        if asked.path.startswith(MACHINES):
            time.sleep(self.store.behaviour().slow)
            answer = self.door.answer(asked)
        else:
            answer = desk.answer(self.room, asked)
        return _send(answer, start_response)


def _asked(environ: dict[str, Any]) -> Asked:
    headers = {name[5:].replace("_", "-").lower(): text for name, text in environ.items() if name.startswith("HTTP_")}
    if environ.get("CONTENT_TYPE"):
        headers["content-type"] = environ["CONTENT_TYPE"]
    length = environ.get("CONTENT_LENGTH") or "0"
    size = min(int(length), BODY_CAP) if length.isdigit() else 0
    path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
    url = f"http://{headers.get('host', '')}{path}{'?' + query if query else ''}"
    return Asked(environ["REQUEST_METHOD"], url, path, query, headers, environ["wsgi.input"].read(size))


def _send(answer: Given, start_response: Callable[..., Any]) -> Iterable[bytes]:
    headers = [*answer.headers.items(), ("Content-Length", str(len(answer.body)))]
    start_response(f"{answer.status} -", headers)
    return [answer.body]


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64


class Handler(WSGIRequestHandler):
    timeout = 20

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the library's name
        """The room's own log says what matters."""
