"""The exercise world as a post of its own: what it is given, and above all what it is not.

Folder, database, Redis, ports, cookies and secrets are its own. Its programs start from an almost empty environment, so
whatever this machine's environment says of gateways, the prefecture or databases is unknown to them; what is meant for
the exercise is named EXERCISE_… . And they can connect to nothing but what is listed here (`ondijon.exercise.guard`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from .errors import StackError
from .ports import HOST
from .post import Plan, Post

PREFIX = "EXERCISE_"
FOLDER = "exercise"
FIRST_PORT, LIVE_PORT = 8100, 8101
GATEWAYS = "EXERCISE_GATEWAYS"
PLAIN = frozenset({
    *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "LANG", "LANGUAGE", "TZ", "TMPDIR", "VIRTUAL_ENV"),
    *("ONDIJON_VENV", "ONDIJON_NO_VENV", "WEB_PROCESSES", "WEB_THREADS", "LOG_LEVEL"),
})  # fmt: skip
LOOPBACK = frozenset({HOST, "localhost", "::1"})


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """What programs of an exercise inherit: a few names that lead nowhere, and EXERCISE_X as X."""
    plain = {name: value for name, value in given.items() if name in PLAIN or name.startswith("LC_")}
    own = {name.removeprefix(PREFIX): value for name, value in given.items() if name.startswith(PREFIX)}
    return {**plain, **own}


def folder_in(var: Path) -> Path:
    """Beside the real post's data, never among them."""
    return var / FOLDER


class ExercisePost(Post):
    """A post whose every program is told that this is an exercise, and which addresses it has."""

    def environ(self, n: int = 0) -> dict[str, str]:
        files = {"MEDIA_ROOT": str(self.folder / "media"), "STATIC_ROOT": str(self.folder / "static")}
        closed = {"EXERCISE": "1", "EXERCISE_ADDRESSES": ",".join(self.addresses())}
        return {**files, **super().environ(n), **closed}

    def addresses(self) -> list[str]:
        """Everything that a program of this post may connect to. Raises StackError for a gateway that is not here."""
        servers = [urlsplit(self.url(role)) for role in ("app", "owner")] + [urlsplit(self.redis_url)]
        own = {f"{HOST}:{server.port}" for server in servers if server.hostname in LOOPBACK and server.port}
        own |= {f"{HOST}:{port}" for port in (*self._web_ports, *self._live_ports)}
        return sorted(own | set(training_gateways(self.plan.base or {})))


def training_gateways(given: Mapping[str, str]) -> list[str]:
    """Simulated gateways and a simulated prefecture, named in EXERCISE_GATEWAYS as host:port; on this machine only."""
    named = [one.strip() for one in given.get(GATEWAYS.removeprefix(PREFIX), "").split(",") if one.strip()]
    for one in named:
        host, _colon, port = one.rpartition(":")
        if host not in LOOPBACK or not port.isdigit():
            raise StackError(f"{GATEWAYS} names {one}: an exercise has simulated gateways on this machine only.")
    return [f"{HOST}:{one.rpartition(':')[2]}" for one in named]


def planned(plan: Plan, given: Mapping[str, str]) -> Plan:
    """The same plan for the exercise's world. Raises StackError when it would share the real post's database."""
    own = environment(given)
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        if own.get(name) and place(own[name]) == place(given.get(name, "")):
            raise StackError(f"{PREFIX}{name} is the real post's database; an exercise has one of its own.")
    env = {name: value for name, value in plan.env.items() if name not in ("PUBLIC_ORIGIN", "LIVE_URL")}
    if env.get("PRODUCTION"):
        env |= {name: own.get(name, "") for name in ("PUBLIC_ORIGIN", "LIVE_URL")}
    return replace(
        plan, base=own, env=env, database_url=own.get("DATABASE_URL", ""),
        owner_url=own.get("DATABASE_OWNER_URL", ""), redis_url=own.get("REDIS_URL", ""),
    )  # fmt: skip


def place(url: str) -> tuple[str, int, str]:
    """Which database an address means, whoever connects."""
    parts = urlsplit(url)
    host = HOST if parts.hostname in LOOPBACK else str(parts.hostname or "")
    return host, parts.port or 5432, parts.path
