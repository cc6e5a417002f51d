"""Reading the journal as it grows: each range once, through one connection of this process's own."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

import psycopg
from django.db import connections
from psycopg.rows import namedtuple_row

from journal.chain import Cursor
from live.window import SPAN, Row

BATCH = 250
READ_SECONDS = 5.0
FIELDS = "seq, at, kind, about, by, audiences, withdraws, data, previous, hash"
# The last entry read comes first, so that a journal that was replaced (a restored database) is noticed at once.
NEXT = f"select {FIELDS} from journal_entry where seq >= %s order by seq limit {BATCH + 1}"  # noqa: S608 - constants
LATEST = f"select {FIELDS} from journal_entry where seq > (select seq from journal_head) - {SPAN} order by seq"  # noqa: S608
OURS = ("cursor_factory", "context", "prepare_threshold")

Reader = psycopg.AsyncConnection[Any]


class Replaced(Exception):
    """The entry read last is not in the journal any more."""


@asynccontextmanager
async def reader() -> AsyncIterator[Reader]:
    """A connection as the application's role, which is never left in a transaction."""
    settings = connections["default"].get_connection_params()
    for name in OURS:
        settings.pop(name, None)
    async with asyncio.timeout(READ_SECONDS):
        connection = await psycopg.AsyncConnection.connect(
            **settings, autocommit=True, prepare_threshold=1, row_factory=namedtuple_row
        )
    try:
        yield connection
    finally:
        await connection.close()


async def latest(connection: Reader) -> Sequence[Row]:
    """The last entries up to the journal's end."""
    return await _read(connection, LATEST)


async def following(connection: Reader, position: Cursor) -> Sequence[Row]:
    """Up to 250 entries after a place. Raises Replaced when the journal does not know the place."""
    rows = await _read(connection, NEXT, position.seq)
    if position.seq == 0:
        return rows
    if not rows or Cursor.at(rows[0].seq, rows[0].hash) != position:
        raise Replaced
    return rows[1:]


async def _read(connection: Reader, query: str, *values: object) -> Sequence[Row]:
    async with asyncio.timeout(READ_SECONDS):
        cursor = await connection.execute(query, values, binary=True)
        return cast("Sequence[Row]", await cursor.fetchall())
