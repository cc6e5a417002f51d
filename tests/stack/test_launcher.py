"""`demo` and `up` from outside: a real launcher, a real Ctrl-C, a real kill -9."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import psutil
import psycopg
import pytest

from ondijon.stack import testing
from ondijon.stack.memory import Memory
from ondijon.stack.ports import free_port, is_free
from ondijon.stack.post import Plan, Post, ask_ready
from ondijon.stack.processes import ROOT, gone

LONG_S = 300  # a whole post is started and stopped, on a machine that may be busy with others
OURS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "PUBLIC_ORIGIN", "SECRET_KEY", "DEMO")
SAFE = {
    "SECRET_KEY": "j8!kq0^zr2#vw5@xn7%bt9&ym1*pc3-sd4+fg6=hl8_ae0~uoi",
    "ALLOWED_HOSTS": "poste.example.fr",
    "PUBLIC_ORIGIN": "https://poste.example.fr",
}


class Launcher:
    """One `manage.py demo` or `up` with its own var folder."""

    def __init__(self, var: Path, *command: str, **env: str) -> None:
        clean = {key: value for key, value in os.environ.items() if key not in OURS}
        self.var, self.port = var, free_port()
        self.popen = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), *command, "--port", str(self.port)],
            cwd=ROOT, env={**clean, "ONDIJON_VAR": str(var), **env},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.heard: list[str] = []

    def until_ready(self) -> Launcher:
        assert self.popen.stdout is not None
        for line in self.popen.stdout:
            self.heard.append(line)
            if "Ctrl-C stops everything" in line:
                return self
        self.popen.wait()
        raise AssertionError("".join(self.heard))

    def to_the_end(self) -> str:
        out, _ = self.popen.communicate(timeout=LONG_S)
        return out

    def clean_up(self) -> None:
        """Leave nothing behind, whatever the test found."""
        if self.popen.poll() is None:
            self.popen.terminate()
        self.popen.communicate(timeout=LONG_S)
        for left in Memory(self.var).leftovers():
            left.end(seconds=1)

    def stop(self, number: signal.Signals) -> None:
        """Send the signal and wait for the launcher's end; how long that took is what `manage.py demo` prints."""
        self.popen.send_signal(number)
        self.popen.communicate(timeout=LONG_S)

    def kept(self) -> dict[str, str]:
        found: dict[str, str] = json.loads((self.var / "stack.json").read_text())["environ"]
        return found

    def family(self) -> list[psutil.Process]:
        return list(psutil.Process(self.popen.pid).children(recursive=True))


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    with testing.scratch_folder() as made:
        yield made


class Launch(Protocol):
    def __call__(self, var: Path, *command: str, **env: str) -> Launcher: ...


@pytest.fixture
def launch() -> Iterator[Launch]:
    started: list[Launcher] = []

    def start(var: Path, *command: str, **env: str) -> Launcher:
        started.append(Launcher(var, *command, **env))
        return started[-1]

    yield start
    for launcher in started:
        launcher.clean_up()


def test_a_demo_lives_dies_and_comes_back(launch: Launch, var: Path) -> None:
    """First start, Ctrl-C, second start, kill -9 of the launcher, third start with the data intact, SIGTERM."""
    first = launch(var, "demo", "--quiet-city").until_ready()
    assert any("amandine" in line for line in first.heard)
    assert ask_ready(f"http://127.0.0.1:{first.port}", "localhost")[0]
    with psycopg.connect(first.kept()["DATABASE_OWNER_URL"]) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    family = first.family()
    first.stop(signal.SIGINT)
    assert all(map(gone, family))
    assert is_free(first.port)

    second = launch(var, "demo", "--quiet-city").until_ready()
    assert not any("migrating" in line for line in second.heard)
    family = second.family()
    second.popen.kill()
    second.popen.communicate()
    assert not all(map(gone, family))

    third = launch(var, "demo", "--quiet-city").until_ready()
    assert all(map(gone, family))
    with psycopg.connect(third.kept()["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)
    twin = launch(var, "demo", "--quiet-city")
    assert "already runs from this folder" in twin.to_the_end()
    third.stop(signal.SIGTERM)


def test_a_program_that_dies_is_started_again(launch: Launch, var: Path) -> None:
    demo = launch(var, "demo", "--quiet-city").until_ready()
    web = next(process for process in demo.family() if "granian" in " ".join(process.cmdline()))
    web.kill()
    url = f"http://127.0.0.1:{demo.port}"
    assert demo.popen.stdout is not None
    assert any("web-1 stopped by itself" in line for line in iter(demo.popen.stdout.readline, ""))
    end = time.monotonic() + LONG_S
    while not ask_ready(url, "localhost")[0]:
        assert time.monotonic() < end
    demo.stop(signal.SIGTERM)


def test_a_taken_port_is_named() -> None:
    with testing.scratch_folder() as other, socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, str(ROOT / "manage.py"), "demo", "--port", str(port)]
        env = {key: value for key, value in os.environ.items() if key not in OURS} | {"ONDIJON_VAR": str(other)}
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=LONG_S)
    assert done.returncode == 2
    assert done.stderr == f"ondijon: port {port} is taken; name another one with --port.\n"


def test_servers_of_ones_own_replace_the_embedded_ones(launch: Launch, var: Path) -> None:
    """Both addresses of the database and the broker's; nothing is started beside them, and they outlive the demo."""
    with Post(Plan(var / "own", durable=False)) as own:
        own.start_servers()
        given = {"DATABASE_URL": own.url("app"), "DATABASE_OWNER_URL": own.url("owner"), "REDIS_URL": own.redis_url}
        demo = launch(var / "guest", "demo", "--quiet-city", **given).until_ready()
        names = {process.name() for process in demo.family()}
        assert not names & {"postgres", "valkey-server"}
        demo.stop(signal.SIGTERM)
        with own.connect("app") as connection:
            assert connection.execute("SELECT count(*) > 0 FROM access_person").fetchone() == (True,)


@pytest.mark.parametrize("missing", sorted(SAFE))
def test_a_real_post_refuses_an_unsafe_configuration(launch: Launch, var: Path, missing: str) -> None:
    env = {key: value for key, value in SAFE.items() if key != missing}
    refused = launch(var / "up", "up", "--live-port", str(free_port()), **env)
    said = refused.to_the_end()
    assert refused.popen.returncode == 2
    assert "the configuration is not safe" in said
    assert missing in said


def test_a_real_post_starts_with_a_safe_configuration_and_without_demo_people(launch: Launch, var: Path) -> None:
    up = launch(var / "up", "up", "--live-port", str(free_port()), **SAFE).until_ready()
    with psycopg.connect(up.kept()["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT count(*) FROM access_person WHERE login = 'amandine'").fetchone() == (0,)
    assert ask_ready(f"http://127.0.0.1:{up.port}", "poste.example.fr")[0]
    up.stop(signal.SIGTERM)
