"""The database and its two roles: the owner migrates, the application reads and writes rows and nothing more."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg import sql

OWNER, APP, DATABASE = "ondijon_owner", "ondijon_app", "ondijon"
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist", "cube", "earthdistance")


@dataclass(frozen=True)
class Passwords:
    """Secrets of one embedded server: its superuser and the two roles."""

    superuser: str
    owner: str
    app: str


def make_roles(superuser_dsn: str, passwords: Passwords) -> None:
    """Create the two roles or give them their password again. Idempotent."""
    with psycopg.connect(superuser_dsn, autocommit=True) as connection:
        for role, password in ((OWNER, passwords.owner), (APP, passwords.app)):
            found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
            verb = "ALTER" if found else "CREATE"
            order = sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}")
            connection.execute(order.format(sql.SQL(verb), sql.Identifier(role), sql.Literal(password)))
        # A writer that stops half-way would hold the journal's head; the server ends its transaction.
        idle = sql.SQL("ALTER ROLE {} SET idle_in_transaction_session_timeout = '30s'")
        connection.execute(idle.format(sql.Identifier(APP)))


def make_database(superuser_dsn: str, name: str = DATABASE) -> bool:
    """Create an empty database that the owner role owns, with the extensions. True when it was not there."""
    with psycopg.connect(superuser_dsn, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
            return False
        order = sql.SQL("CREATE DATABASE {} OWNER {}")
        connection.execute(order.format(sql.Identifier(name), sql.Identifier(OWNER)))
    with psycopg.connect(superuser_dsn, dbname=name, autocommit=True) as connection:
        for extension in EXTENSIONS:
            connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
        connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(OWNER)))
        grant_defaults(connection)
    return True


def grant_defaults(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """What the owner makes from now on, the application may use: rows, sequences and functions, no structure."""
    owner, app = sql.Identifier(OWNER), sql.Identifier(APP)
    connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(app))
    for right, kind in (
        ("SELECT, INSERT, UPDATE, DELETE", "TABLES"),
        ("USAGE, SELECT", "SEQUENCES"),
        ("EXECUTE", "FUNCTIONS"),
    ):
        order = sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public GRANT {} ON {} TO {}")
        connection.execute(order.format(owner, sql.SQL(right), sql.SQL(kind), app))
