"""A whole control post on this machine: servers and processes that start, stop, die and come back.

with Post(Plan(folder, web=2, live=2, workers=2)) as post:
    post.start()                         # servers, migrations, the Dijon world, processes, ready
    post.web[0].kill(); post.web[0].start()
    post.postgres.kill(); post.postgres.start()
    with post.connect("app") as connection: ...
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import psycopg
from psycopg import sql

from . import fingerprint, programs, roles
from .errors import StackError, explained
from .ports import HOST, free_port, wait_until
from .postgres import Postgres
from .processes import ROOT, Child
from .valkey import Valkey

Say = Callable[[str], None]
DEFAULTS = {"SECRET_KEY": secrets.token_urlsafe(48), "ALLOWED_HOSTS": f"{HOST},localhost"}
Role = Literal["app", "owner", "superuser"]


@dataclass(frozen=True)
class Plan:
    """What a post is made of. `env` is added to every program's environment, which starts from `base` (None: ours)."""

    folder: Path
    durable: bool = True
    web: int = 1
    live: int = 1
    workers: int = 1
    beat: int = 1
    port: int | None = None
    live_port: int | None = None
    load_world: tuple[str, ...] | None = ("load_world",)
    passwords: roles.Passwords | None = None
    redis_password: str = ""
    env: dict[str, str] = field(default_factory=dict)
    database_url: str = ""
    owner_url: str = ""
    redis_url: str = ""
    base: dict[str, str] | None = None


def fresh_passwords() -> roles.Passwords:
    return roles.Passwords(*(secrets.token_urlsafe(24) for _ in range(3)))


class Post:
    """The servers (`postgres`, `valkey`: None when the address of one's own is given) and the programs
    (`web`, `live`, `workers`, `beat`: lists of Child, each with start, stop, kill, alive, url)."""

    def __init__(self, plan: Plan, *, say: Say = lambda line: None) -> None:
        self.plan, self.say = plan, say
        self.folder = plan.folder
        self.logs = plan.folder / "log"
        self.logs.mkdir(parents=True, exist_ok=True)
        self.passwords = plan.passwords or fresh_passwords()
        self.postgres = None if plan.database_url else self._make_postgres()
        self.valkey = None if plan.redis_url else self._make_valkey()
        self._make_programs()

    def _make_postgres(self) -> Postgres:
        return Postgres(
            data=self.folder / "postgres", port=free_port(), password=self.passwords.superuser,
            log=self.logs / "postgres.log", durable=self.plan.durable,
        )  # fmt: skip

    def _make_valkey(self) -> Valkey:
        password = self.plan.redis_password or secrets.token_urlsafe(24)
        return Valkey(folder=self.folder, port=free_port(), password=password, log=self.logs / "valkey.log")

    def _make_programs(self) -> None:
        plan = self.plan
        lives = [plan.live_port if plan.live_port and n == 0 else free_port() for n in range(plan.live)]
        webs = [plan.port if plan.port and n == 0 else free_port() for n in range(plan.web)]
        self._live_ports, self._web_ports = lives, webs
        self.live: list[Child] = [
            self._child(f"live-{n + 1}", programs.live(port), port) for n, port in enumerate(lives)
        ]
        self.web: list[Child] = [
            self._child(f"web-{n + 1}", programs.web(port), port, n) for n, port in enumerate(webs)
        ]
        self.workers: list[Child] = [
            self._child(f"worker-{n + 1}", programs.worker(f"w{n + 1}")) for n in range(plan.workers)
        ]
        self.beat: list[Child] = [self._child("beat", programs.beat()) for _ in range(plan.beat)]
        for beat in self.beat:
            beat.gentle = signal.SIGKILL  # it holds nothing, and takes two seconds to notice a polite request
        self.others: list[Child] = []

    def _child(self, name: str, argv: list[str], port: int | None = None, n: int = 0) -> Child:
        return Child(name, argv, self.environ(n), self.logs / f"{name}.log", port)

    # addresses ---------------------------------------------------------------------------------------------------

    def url(self, role: Role, database: str = roles.DATABASE) -> str:
        """The database's address for a role. Raises StackError for the superuser of a server that is not ours."""
        if self.postgres is None:
            given = {"app": self.plan.database_url, "owner": self.plan.owner_url}.get(role, "")
            if not given:
                raise StackError("DATABASE_OWNER_URL is needed beside DATABASE_URL.")
            return given
        if role == "superuser":
            return self.postgres.dsn(database)
        user, password = (roles.OWNER, self.passwords.owner) if role == "owner" else (roles.APP, self.passwords.app)
        return f"postgresql://{user}:{password}@{HOST}:{self.postgres.port}/{database}"

    @property
    def redis_url(self) -> str:
        return self.valkey.url if self.valkey else self.plan.redis_url

    @property
    def web_urls(self) -> list[str]:
        """http://127.0.0.1:PORT of each web server, without a slash at the end."""
        return [f"http://{HOST}:{port}" for port in self._web_ports]

    @property
    def live_urls(self) -> list[str]:
        """ws://127.0.0.1:PORT of each live server, without a slash at the end."""
        return [f"ws://{HOST}:{port}" for port in self._live_ports]

    def environ(self, n: int = 0) -> dict[str, str]:
        """The environment of a program of this post; `n` says which live server the pages of web server n use."""
        ours = {
            "DJANGO_SETTINGS_MODULE": "ondijon.settings",
            "DATABASE_URL": self.url("app"),
            "DATABASE_OWNER_URL": self.url("owner"),
            "REDIS_URL": self.redis_url,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
        }
        lives = self.live_urls
        if lives:
            ours["LIVE_URL"] = lives[n % len(lives)]
            ours["LIVE_STATUS_URL"] = lives[0].replace("ws", "http", 1)
        defaults = {} if self.plan.env.get("PRODUCTION") else {**DEFAULTS, "PUBLIC_ORIGIN": ",".join(self.origins())}
        base = os.environ if self.plan.base is None else self.plan.base
        return {**base, **defaults, **ours, **self.plan.env}

    def origins(self) -> list[str]:
        return [f"http://{host}:{port}" for port in self._web_ports for host in (HOST, "localhost")]

    def connect(self, role: Role = "app", **options: Any) -> psycopg.Connection[tuple[Any, ...]]:
        """A plain database connection as that role, in autocommit unless said otherwise."""
        return psycopg.connect(self.url(role), **{"autocommit": True, **options})

    # life --------------------------------------------------------------------------------------------------------

    def start(self) -> Post:
        """Servers, structure, world, programs; returns when the post says it is ready."""
        self.start_servers()
        self.prepare()
        self.start_programs()
        return self

    def start_servers(self) -> None:
        if self.valkey:
            self.valkey.start()
        if self.postgres:
            self.postgres.start()
            roles.make_roles(self.postgres.dsn(), self.passwords)
            roles.make_database(self.postgres.dsn())

    def prepare(self) -> None:
        """Migrate and load the world, unless this database has seen exactly this code already."""
        wanted = fingerprint.of_code(self.plan.load_world or ())
        if self.postgres and self._seen() == wanted:
            return
        self.say("migrating")
        self.manage("migrate", "--database", "owner", "--verbosity", "0", "--no-input", "--skip-checks")
        if self.plan.load_world:
            self.say("loading the Dijon world")
            self.manage(*self.plan.load_world)
        if self.postgres:
            with self.connect("owner") as connection:
                order = sql.SQL("COMMENT ON DATABASE {} IS {}")
                connection.execute(order.format(sql.Identifier(roles.DATABASE), sql.Literal(wanted)))

    def _seen(self) -> str | None:
        with self.connect("owner") as connection:
            order = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
            row = connection.execute(order).fetchone()
        return row[0] if row else None

    def manage(self, *arguments: str, env: dict[str, str] | None = None, failed: str = "") -> str:
        """Run a management command to its end and return what it printed. Raises StackError with its last words."""
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        environ = {**self.environ(), "ONDIJON_NO_VENV": "1", **(env or {})}
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environ)
        if done.returncode:
            log = self.logs / f"{arguments[0]}.log"
            log.write_text(done.stdout + done.stderr)
            raise explained(
                f"{failed or f'`manage.py {arguments[0]}` failed'} (log: {log})", done.stderr or done.stdout
            )
        return done.stdout

    def start_programs(self) -> None:
        """Web and live servers first, since people wait for them; the rest once those are ready."""
        first = [*self.web, *self.live]
        for child in first:
            child.start(wait=False)
        for child in first:
            child.wait_listening()
        for web in self.web:
            self.wait_ready(web)
        for child in (*self.workers, *self.beat, *self.others):
            child.start(wait=False)

    def add(self, name: str, argv: list[str]) -> Child:
        """One more program, started with the rest and stopped before the servers."""
        child = self._child(name, argv)
        self.others.append(child)
        return child

    def programs(self) -> Iterator[Child]:
        yield from (*self.others, *self.beat, *self.workers, *self.web, *self.live)

    def children(self) -> Iterator[Child]:
        """Every program and embedded server, in the order in which they stop."""
        yield from self.programs()
        yield from (server.child for server in (self.valkey, self.postgres) if server)

    def wait_ready(self, web: Child, seconds: float = 60) -> None:
        """Wait until a web server's /health/ready says yes. Raises StackError with what it said last."""
        heard = ""

        def ready() -> bool:
            nonlocal heard
            yes, heard = ask_ready(web.url, self._host(web))
            return yes or not web.alive()

        if not wait_until(ready, seconds=seconds, step=0.05) or not web.alive():
            raise explained(f"the web server is not ready (log: {web.log})", heard)

    def _host(self, web: Child) -> str:
        allowed = self.environ().get("ALLOWED_HOSTS", "").split(",")[0].lstrip(".")
        return allowed if allowed not in ("", "*") else f"{HOST}:{web.port}"

    def stop(self, seconds: float = 3.0) -> None:
        """Stop everything within about this time: programs together, then the broker, then PostgreSQL.

        A worker that is still busy after half of it is killed: its task comes back, as after any other crash.
        """
        end = time.monotonic() + seconds
        running = list(self.programs())
        for child in running:
            child.ask_to_stop()
        for child in running:
            child.wait_stopped(min(end - time.monotonic() - 1.5, seconds))
        if self.valkey:
            self.valkey.stop(0.5)
        if self.postgres:
            self.postgres.stop(max(end - time.monotonic(), 1))

    def erase(self) -> None:
        """Throw the embedded database away; the post being stopped."""
        if self.postgres:
            self.postgres.erase()

    def __enter__(self) -> Post:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def ask_ready(url: str, host: str) -> tuple[bool, str]:
    """Ask /health/ready once: (ready, the answer's text)."""
    request = urllib.request.Request(f"{url}/health/ready", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return bool(json.load(answer).get("ready")), ""
    except urllib.error.HTTPError as refusal:
        return False, refusal.read(2000).decode(errors="replace")
    except (OSError, ValueError) as error:
        return False, str(error)
