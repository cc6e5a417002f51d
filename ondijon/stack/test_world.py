"""The databases of the test suite: one migrated and loaded template, one clone for each pytest worker."""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql
from psycopg.errors import DeadlockDetected, LockNotAvailable

from . import fingerprint, roles
from .errors import explained
from .ports import wait_until
from .processes import ROOT
from .testing import required

TEMPLATE = "ondijon_template"
# Loaded once with the template. The small ones are put back after each test that commits, the big ones are left.
KEPT = ("django_migrations", "django_content_type", "auth_permission", "territory_%")
PRISTINE = "pristine"
LOCK_TIMEOUT = "5s"


def address(superuser_url: str, user: str, password: str, database: str) -> str:
    """The same server's address for another role and database."""
    parts = urlsplit(superuser_url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{user}:{quote(password)}@{place}", path=f"/{database}"))


@dataclass(frozen=True)
class TestDatabase:
    """One database with the addresses of its roles."""

    __test__ = False
    name: str
    superuser: str
    owner: str
    app: str

    @classmethod
    def named(cls, name: str) -> TestDatabase:
        server = required("ONDIJON_TEST_SUPERUSER_URL")
        return cls(
            name=name,
            superuser=urlunsplit(urlsplit(server)._replace(path=f"/{name}")),
            owner=address(server, roles.OWNER, required("ONDIJON_TEST_OWNER_PASSWORD"), name),
            app=address(server, roles.APP, required("ONDIJON_TEST_APP_PASSWORD"), name),
        )


@contextlib.contextmanager
def gate(folder: Path) -> Iterator[None]:
    """One pytest worker at a time."""
    with (folder / "template.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make_template(redis_url: str) -> None:
    """Migrate and load the template once for all workers. Raises StackError with the command's last words."""
    server = required("ONDIJON_TEST_SUPERUSER_URL")
    folder = Path(required("ONDIJON_TEST_FOLDER"))
    with gate(folder):
        done, wanted = folder / "template.done", fingerprint.of_world()
        if done.exists() and done.read_text() == wanted:
            return
        template = TestDatabase.named(TEMPLATE)
        drop(server, TEMPLATE)
        roles.make_database(server, TEMPLATE)
        env = {**os.environ, "DATABASE_URL": template.app, "DATABASE_OWNER_URL": template.owner, "REDIS_URL": redis_url}
        manage(["migrate", "--database", "owner", "--verbosity", "0", "--no-input"], env)
        manage(["load_world"], env)
        keep_pristine(template.superuser)
        done.write_text(wanted)


def manage(arguments: list[str], env: dict[str, str]) -> None:
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env={**env, "ONDIJON_NO_VENV": "1"}, cwd=ROOT)
    if done.returncode:
        raise explained(f"`manage.py {arguments[0]}` failed", (done.stderr or done.stdout)[-3000:])


def clone(name: str) -> TestDatabase:
    server = required("ONDIJON_TEST_SUPERUSER_URL")
    with gate(Path(required("ONDIJON_TEST_FOLDER"))):  # a template must not be in use while it is copied
        drop(server, name)
        with psycopg.connect(server, autocommit=True) as connection:
            order = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}")
            connection.execute(order.format(*map(sql.Identifier, (name, TEMPLATE, roles.OWNER))))
    return TestDatabase.named(name)


def drop(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def tables(connection: psycopg.Connection[tuple[str]]) -> list[str]:
    """Every table of the application that a test may have written to."""
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND NOT tablename LIKE ANY(%s) ORDER BY 1"
    return [name for (name,) in connection.execute(query, (list(KEPT),)).fetchall()]


def filled(connection: psycopg.Connection[tuple[str]], names: list[str]) -> list[str]:
    """Those of these tables that hold rows, in one query."""
    if not names:
        return []
    parts = [
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM public.{})").format(sql.Literal(name), sql.Identifier(name))
        for name in names
    ]
    return [name for (name,) in connection.execute(sql.SQL(" UNION ALL ").join(parts)).fetchall()]


def keep_pristine(superuser_url: str) -> None:
    """Copy what load_world wrote aside, so that `reset` can put it back."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(PRISTINE)))
        for name in filled(connection, tables(connection)):
            copy = sql.SQL("CREATE TABLE {}.{} AS TABLE public.{}")
            connection.execute(copy.format(sql.Identifier(PRISTINE), sql.Identifier(name), sql.Identifier(name)))


def reset(superuser_url: str, *, seconds: float = 60) -> None:
    """Put a database back to what the template holds, whatever tests committed to it.

    Requests that a closed page left behind are let finish first: what they write goes too. One that comes in between all
    the same may hold a table that we want, or want one that we hold: then it is tried again.
    """
    end = time.monotonic() + seconds
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        wait_until(lambda: not busy(connection), seconds=seconds / 4)
    while True:
        try:
            return put_all_back(superuser_url)
        except (DeadlockDetected, LockNotAvailable):
            if time.monotonic() > end:
                raise


def busy(connection: psycopg.Connection[tuple[bool]]) -> bool:
    """Whether anybody else is in the middle of something in this database."""
    query = (
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() "
        "AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND state <> 'idle')"
    )
    return connection.execute(query).fetchone() == (True,)


def put_all_back(superuser_url: str) -> None:
    """As the superuser and as a replica, so that neither the journal's trigger nor foreign keys are in the way."""
    with psycopg.connect(superuser_url) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(LOCK_TIMEOUT)))
        names = filled(connection, tables(connection))
        if names:
            joined = sql.SQL(", ").join(sql.Identifier("public", name) for name in names)
            connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(joined))
        query = "SELECT tablename FROM pg_tables WHERE schemaname = %s"
        for (name,) in connection.execute(query, (PRISTINE,)).fetchall():
            put_back(connection, name)


def put_back(connection: psycopg.Connection[tuple[str]], name: str) -> None:
    query = (
        "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) "
        "AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
    )
    found = connection.execute(query, (f'public."{name}"',)).fetchall()
    columns = sql.SQL(", ").join(sql.Identifier(column) for (column,) in found)
    order = sql.SQL("INSERT INTO public.{} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM {}.{}")
    table = sql.Identifier(name)
    connection.execute(order.format(table, columns, columns, sql.Identifier(PRISTINE), table))
    number_on(connection, name)


def number_on(connection: psycopg.Connection[tuple[str]], name: str) -> None:
    """Have what counts a table's rows go on after those that were put back."""
    query = (
        "SELECT attname, pg_get_serial_sequence(%s, attname) FROM pg_attribute WHERE attrelid = to_regclass(%s) "
        "AND attnum > 0 AND NOT attisdropped AND pg_get_serial_sequence(%s, attname) IS NOT NULL"
    )
    for column, sequence in connection.execute(query, [f'public."{name}"'] * 3).fetchall():  # type: ignore[misc]
        order = sql.SQL("SELECT setval({}, (SELECT coalesce(max({}), 0) + 1 FROM {}), false)")
        table = sql.Identifier("public", name)
        connection.execute(order.format(sql.Literal(sequence), sql.Identifier(column), table))
