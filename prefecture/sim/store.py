"""The simulated room's own ledger, outbox and inbox: plain SQL in a schema of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool

from prefecture.wire import titles
from prefecture.wire.envelope import START, Parcel, chained
from prefecture.wire.kinds import UNNUMBERED

TABLES = """
create table if not exists channel (
    direction text not null, crisis uuid not null, last integer not null default 0, chain bytea not null,
    primary key (direction, crisis));
create table if not exists message (
    id uuid primary key, direction text not null, distribution_id uuid not null, message_id uuid not null,
    kind text not null, crisis uuid not null, sequence integer, supersedes uuid, answers uuid, title text not null,
    text text not null, state text not null, raw bytea not null, digest bytea not null, answer jsonb,
    created_at timestamptz not null default clock_timestamp(), sent_at timestamptz not null, due_at timestamptz,
    leased_until timestamptz, attempts integer not null default 0, failure text not null default '',
    received_at timestamptz, integrated_at timestamptz, read_at timestamptz, reader text not null default '',
    unique (direction, distribution_id), unique (direction, crisis, sequence));
create table if not exists nonce (
    key_id text not null, nonce text not null, at timestamptz not null default now(), primary key (key_id, nonce));
create table if not exists token (digest text primary key, expires timestamptz not null);
create table if not exists behaviour (id smallint primary key check (id = 1), slow real not null default 0,
    down boolean not null default false, refuses integer not null default 0, reads_after real,
    lively boolean not null default false);
insert into behaviour (id) values (1) on conflict do nothing;
"""
Row = dict[str, Any]


@dataclass(frozen=True)
class Behaviour:
    """How the room answers: `slow` seconds later, not at all, with this error code, reading by itself after seconds."""

    slow: float = 0.0
    down: bool = False
    refuses: int = 0
    reads_after: float | None = None
    lively: bool = False


def make_schema(owner: str, app: str, schema: str) -> None:
    """Create schema and tables as the owner, for the use of the application's role. Idempotent."""
    user = psycopg.conninfo.conninfo_to_dict(app)["user"]
    with psycopg.connect(owner, autocommit=True) as connection:
        name, role = sql.Identifier(schema), sql.Identifier(str(user))
        connection.execute(sql.SQL("create schema if not exists {}").format(name))
        connection.execute(sql.SQL("set search_path = {}").format(name))
        connection.execute(TABLES)
        connection.execute(sql.SQL("grant usage on schema {} to {}").format(name, role))
        granted = sql.SQL("grant select, insert, update, delete on all tables in schema {} to {}")
        connection.execute(granted.format(name, role))


class Store:
    """`with store.writing() as db:` is one transaction."""

    def __init__(self, app: str, schema: str) -> None:
        options = {"options": f"-c search_path={schema}", "row_factory": dict_row, "autocommit": True}
        self.pool: ConnectionPool[psycopg.Connection[Row]] = ConnectionPool(
            app, kwargs=options, min_size=1, max_size=6, open=True, check=ConnectionPool.check_connection
        )

    def close(self) -> None:
        self.pool.close()

    @contextmanager
    def writing(self) -> Iterator[psycopg.Connection[Row]]:
        with self.pool.connection() as db, db.transaction():
            yield db

    def rows(self, query: str, *values: Any) -> list[Row]:
        with self.pool.connection() as db:
            return db.execute(query, values).fetchall()

    def row(self, query: str, *values: Any) -> Row | None:
        found = self.rows(query, *values)
        return found[0] if found else None

    def do(self, query: str, *values: Any) -> int:
        with self.pool.connection() as db:
            return db.execute(query, values).rowcount

    def behaviour(self) -> Behaviour:
        found = self.row("select slow, down, refuses, reads_after, lively from behaviour where id = 1") or {}
        return Behaviour(**found)

    def behave(self, **change: Any) -> None:
        for name, value in change.items():
            if name in Behaviour.__dataclass_fields__:
                self.do(f"update behaviour set {name} = %s where id = 1", value)  # noqa: S608  a field's name

    def ledger(self) -> list[dict[str, Any]]:
        rows = self.rows("select direction, crisis, last, chain from channel where last > 0 order by 1, 2")
        return [
            {
                "direction": row["direction"],
                "crisis": str(row["crisis"]),
                "last": row["last"],
                "hash": row["chain"].hex(),
            }
            for row in rows
        ]


def channel(db: psycopg.Connection[Row], direction: str, crisis: UUID) -> Row:
    """One direction of one crisis, locked until the transaction ends."""
    made = "insert into channel (direction, crisis, chain) values (%s, %s, %s) on conflict do nothing"
    db.execute(made, (direction, crisis, START))
    found = db.execute(
        "select last, chain from channel where direction = %s and crisis = %s for update", (direction, crisis)
    ).fetchone()
    if found is None:
        raise LookupError("the channel that was just made is gone")
    return found


def insert(db: psycopg.Connection[Row], direction: str, parcel: Parcel, state: str, **more: Any) -> UUID:
    """Put a parcel into the ledger (a numbered one moves its channel on); its row's id."""
    message, id_ = parcel.message, uuid4()
    if parcel.kind not in UNNUMBERED:
        end = channel(db, direction, parcel.crisis)
        moved = "update channel set last = %s, chain = %s where direction = %s and crisis = %s"
        db.execute(moved, (message.sequence, chained(end["chain"], parcel.digest), direction, parcel.crisis))
    values: dict[str, Any] = {
        "id": id_, "direction": direction, "distribution_id": parcel.envelope.distributionID,
        "message_id": message.messageId, "kind": parcel.kind.value, "crisis": parcel.crisis,
        "sequence": message.sequence, "supersedes": message.supersedes,
        "answers": getattr(message.body, "answers", None),
        "title": titles.title(parcel.kind, message.body, parcel.envelope.distributionKind),
        "text": titles.text(message.body), "state": state, "raw": parcel.raw, "digest": parcel.digest,
        "sent_at": parcel.sent_at, **more,
    }  # fmt: skip
    if "answer" in values:
        values["answer"] = Jsonb(values["answer"])
    columns = sql.SQL(", ").join(map(sql.Identifier, values))
    places = sql.SQL(", ").join([sql.Placeholder()] * len(values))
    db.execute(sql.SQL("insert into message ({}) values ({})").format(columns, places), list(values.values()))
    return id_


def now(db: psycopg.Connection[Row]) -> datetime:
    found = db.execute("select clock_timestamp() as now").fetchone()
    if found is None:
        raise LookupError("the database has no clock")
    at: datetime = found["now"]
    return at
