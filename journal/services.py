"""Writing: one transaction, its entries numbered and chained at its very end."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol
from uuid import UUID

import msgspec
from django.db import transaction

from journal import hints
from journal.durability import committing
from journal.events import Event
from journal.reactions import reactions_to
from journal.statements import prepared

_FEW = 4  # entries
AUDIENCE = re.compile(r"[a-z_]+(:[0-9a-zA-Z_-]+)*\Z")


class Somebody(Protocol):
    @property
    def id(self) -> UUID: ...


class Thing(Protocol):
    """What an entry is about: an id, and who may see it."""

    @property
    def id(self) -> UUID: ...
    @property
    def audiences(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Note:
    """One entry before it has its number."""

    event: Event
    about: UUID | None
    by: UUID | None
    audiences: tuple[str, ...]
    withdraws: tuple[str, ...]


@dataclass(slots=True)
class Record:
    """Collects the entries of one transaction. Call it to record; `by` is whoever opened the innermost block."""

    by: UUID | None
    notes: list[Note] = field(default_factory=list)

    def __call__(
        self,
        event: Event,
        *,
        about: Thing | None = None,
        audiences: Iterable[str] | None = None,
        withdraws: Iterable[str] = (),
    ) -> None:
        """Record `event`. Audiences default to those of `about`; raises ValueError for one that is not well formed."""
        reach = audiences if audiences is not None else (about.audiences if about is not None else ())
        note = Note(event, about.id if about is not None else None, self.by, _names(reach), _names(withdraws))
        self.notes.append(note)


_current: ContextVar[Record | None] = ContextVar("journal_record", default=None)


@contextmanager
def writing(by: Somebody | None) -> Iterator[Record]:
    """Open a write by somebody (None: the house itself). Blocks nest: the outermost one is the transaction.

    On leaving the outermost block the reactions run, then the journal's head is taken, the entries are chained and
    the transaction commits; so the head is locked last and for the shortest time. An error anywhere undoes it all.
    When the block has ended, what it wrote is on the disk (see `journal.durability`), and only then hints are sent.
    """
    outer = _current.get()
    if outer is not None:
        before, outer.by = outer.by, by.id if by else None
        try:
            with transaction.atomic(savepoint=False):
                yield outer
        finally:
            outer.by = before
        return
    record = Record(by.id if by else None)
    token = _current.set(record)
    try:
        with committing() as commit:
            yield record
            _react(record)
            if record.notes:
                _append(record.notes, commit.choose())
    finally:
        _current.reset(token)


def _react(record: Record) -> None:
    # The list grows while it is walked: what a reaction records is itself reacted to.
    for note in record.notes:
        for reaction in reactions_to(note.event):
            record.by = note.by
            reaction(note.event, note, record)


def _append(notes: Sequence[Note], besides: str) -> None:
    columns: tuple[Sequence[Any], ...] = (
        [note.event.kind for note in notes],
        [note.about for note in notes],
        [note.by for note in notes],
        [",".join(note.audiences) for note in notes],
        [",".join(note.withdraws) for note in notes],
        [msgspec.json.encode(note.event).decode() for note in notes],
    )
    if len(notes) <= _FEW:  # bound one by one: making the text of six arrays costs more than all the rest here
        sql, values = _appending(len(notes)), [value for column in columns for value in column]
    else:
        sql, values = _appending(None), list(columns)
    last, _nothing = prepared(f"{sql}, {besides}", values).fetchone() or (None, None)
    transaction.on_commit(lambda: hints.publish(hints.JOURNAL, str(last)), robust=True)


@cache
def _appending(how_many: int | None) -> str:
    types = ("text", "uuid", "uuid", "text", "text", "text")
    bound = [
        f"%s::{type_}[]" if how_many is None else f"array[{', '.join([f'%s::{type_}'] * how_many)}]" for type_ in types
    ]
    return f"select journal_append({', '.join(bound)})"


def _names(audiences: Iterable[str]) -> tuple[str, ...]:
    names = tuple(sorted(set(audiences)))
    for name in names:
        if not AUDIENCE.match(name):
            raise ValueError(f"not an audience: {name!r}")
    return names
