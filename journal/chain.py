"""The hash chain, as `journal_append` computes it in the database (migration 0002): one place to read the rule.

hash = sha256(previous hash ‖ sha256(canonical entry)), the canonical entry being these fields joined by line feeds in UTF-8:
seq, at (UTC, microseconds, `Z`), kind, about, by, audiences (comma-joined), withdraws (comma-joined), data.
Only `data` may be long and it comes last; no other field can hold a line feed or a comma.
The inner digest lets an extract prove its place in the chain without showing the entries between its lines.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Protocol
from uuid import UUID

GENESIS = bytes(32)


class Line(Protocol):
    """What is needed of an entry to hash or send it."""

    @property
    def seq(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def kind(self) -> str: ...
    @property
    def about(self) -> UUID | None: ...
    @property
    def by(self) -> UUID | None: ...
    @property
    def audiences(self) -> Sequence[str]: ...
    @property
    def withdraws(self) -> Sequence[str]: ...
    @property
    def data(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the journal: the last entry seen and the first 8 hex digits of its hash. `0.00000000` is the start."""

    seq: int
    hash8: str

    def __str__(self) -> str:
        return f"{self.seq}.{self.hash8}"

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Read `seq.hash8`. Raises ValueError."""
        seq, dot, hash8 = text.partition(".")
        if not (dot and seq.isascii() and seq.isdigit() and len(seq) < 19 and len(hash8) == 8):
            raise ValueError("a cursor is written seq.hash8")
        int(hash8, 16)
        return cls(int(seq), hash8.lower())

    @classmethod
    def at(cls, seq: int, hash_: bytes | memoryview) -> "Cursor":
        return cls(seq, bytes(hash_)[:4].hex())


def instant(at: datetime) -> str:
    """UTC with microseconds: `2026-11-23T03:12:45.123456Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical(line: Line) -> bytes:
    """The bytes that are hashed for one entry."""
    about, by = (str(value) if value else "" for value in (line.about, line.by))
    audiences, withdraws = ",".join(line.audiences), ",".join(line.withdraws)
    parts = (str(line.seq), instant(line.at), line.kind, about, by, audiences, withdraws, line.data)
    return "\n".join(parts).encode()


def digest(line: Line) -> bytes:
    """What an extract shows of an entry that it leaves out (32 bytes)."""
    return sha256(canonical(line)).digest()


def link(previous: bytes, line: Line) -> bytes:
    """The hash of an entry that follows `previous` (32 bytes each)."""
    return sha256(bytes(previous) + digest(line)).digest()
