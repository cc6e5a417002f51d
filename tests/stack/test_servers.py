"""The embedded servers: they start, lose nothing when killed, and are known again after their launcher is gone."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from ondijon.stack import roles, testing
from ondijon.stack.errors import StackError
from ondijon.stack.ports import free_port
from ondijon.stack.post import fresh_passwords
from ondijon.stack.postgres import Postgres
from ondijon.stack.valkey import Valkey

PASSWORDS = fresh_passwords()


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with testing.scratch_folder() as made:
        yield made


def make_server(folder: Path) -> Postgres:
    return Postgres(
        data=folder / "postgres", port=free_port(), password=PASSWORDS.superuser, log=folder / "postgres.log"
    )


@pytest.fixture(scope="module")
def postgres(folder: Path) -> Iterator[Postgres]:
    server = make_server(folder)
    server.start()
    roles.make_roles(server.dsn(), PASSWORDS)
    roles.make_database(server.dsn())
    yield server
    server.stop()


def url(server: Postgres, role: str) -> str:
    password = {roles.OWNER: PASSWORDS.owner, roles.APP: PASSWORDS.app}[role]
    return f"postgresql://{role}:{password}@127.0.0.1:{server.port}/{roles.DATABASE}"


def test_a_committed_row_survives_kill_9(postgres: Postgres) -> None:
    with psycopg.connect(url(postgres, roles.OWNER)) as connection:
        connection.execute("CREATE TABLE kept (word text)")
    with psycopg.connect(url(postgres, roles.APP)) as connection:
        connection.execute("INSERT INTO kept VALUES ('here')")
    postgres.kill()
    postgres.start()
    with psycopg.connect(url(postgres, roles.APP)) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("here",)]


@pytest.mark.parametrize("order", ["CREATE TABLE mine ()", "TRUNCATE owned", "DROP TABLE owned", "CREATE ROLE friend"])
def test_the_application_role_cannot_change_structure(postgres: Postgres, order: str) -> None:
    with psycopg.connect(url(postgres, roles.OWNER)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS owned ()")
    with psycopg.connect(url(postgres, roles.APP)) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(order)


def test_roles_and_database_are_made_once(postgres: Postgres) -> None:
    roles.make_roles(postgres.dsn(), PASSWORDS)
    assert roles.make_database(postgres.dsn()) is False


def test_nobody_enters_without_the_password(postgres: Postgres) -> None:
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(f"postgresql://postgres:guess@127.0.0.1:{postgres.port}/postgres")


def test_a_data_folder_with_another_password_is_named(postgres: Postgres) -> None:
    stranger = make_server(postgres.data.parent)
    stranger.port, stranger.password = postgres.port, "another"
    with pytest.raises(StackError, match="--fresh"):
        stranger.accepts()


def test_the_next_launcher_takes_over_what_a_killed_one_left(postgres: Postgres) -> None:
    """The old server still runs, but the object that started it is forgotten."""
    with psycopg.connect(url(postgres, roles.OWNER)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS left_behind ()")
    heir = make_server(postgres.data.parent)
    found = heir.leftover()
    assert found is not None
    assert found.pid == postgres.child.pid
    heir.start()
    with psycopg.connect(url(heir, roles.APP)) as connection:
        connection.execute("SELECT FROM left_behind")
    heir.stop()
    assert not postgres.child.alive()
    postgres.start()


def test_a_strangers_process_is_not_a_leftover(folder: Path) -> None:
    """The pid file may name a number that the system gave to somebody else since."""
    server = Postgres(data=folder / "other" / "postgres", port=free_port(), password="x", log=folder / "other.log")
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n")
    assert server.leftover() is None


def test_a_full_disk_is_said_in_one_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Postgres(data=folder / "full" / "postgres", port=free_port(), password="x", log=folder / "full.log")

    def no_space(*args: object, **kwargs: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], 1, "", "initdb: error: could not write: No space left on device")

    monkeypatch.setattr("ondijon.stack.postgres.subprocess.run", no_space)
    with pytest.raises(StackError, match="the disk is full"):
        server.initialise()


def test_valkey_asks_for_its_password_and_stops(folder: Path) -> None:
    server = Valkey(folder=folder / "valkey", port=free_port(), password="known", log=folder / "valkey.log")
    server.start()
    with redis.Redis.from_url(server.url) as client:
        assert client.ping()
    with redis.Redis(port=server.port) as client, pytest.raises(redis.AuthenticationError):
        client.ping()
    assert (server.config.stat().st_mode & 0o777) == 0o600
    server.stop()
    assert not server.child.alive()
