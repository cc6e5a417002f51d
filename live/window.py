"""The last thousand entries in memory. Everything a screen is sent comes out of here, each frame made once.

Replaying to a screen that comes back, feeding one that reads slowly and telling all of them news are the same act:
`take` what follows a place. The visibility rule is journal.selectors.visible's (a test holds them against each other).
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from journal.chain import GENESIS, Cursor, Line
from journal.wire import encode
from live import frames
from live.frames import Frame

SPAN = 1_000  # a screen that is further behind loads everything again
SLACK = 250
PORTION_BYTES = 48 * 1024
KEPT_FRAMES = 128


class Row(Line):
    """An entry as it was read, with its hashes."""

    previous: bytes
    hash: bytes


@dataclass(slots=True, eq=False)
class Told:
    """One entry: its encoded form, and the audiences that may see it by now."""

    cursor: Cursor
    at: datetime
    kind: str
    about: UUID | None
    wire: str
    audiences: set[str]
    total: int  # characters of this entry and all before it


@dataclass(frozen=True, slots=True)
class Portion:
    """What to send (None: nothing that these audiences see), and the place it leads to."""

    frame: Frame | None
    upto: Cursor
    count: int


class Window:
    """The end of the journal. `position` is the last entry read."""

    def __init__(self, position: Cursor) -> None:
        self.position = position
        self._before = position
        self._lines: list[Told] = []
        self._total = 0
        self._portions: dict[tuple[Set[str], int], Portion] = {}
        self._frames: dict[tuple[int, ...], Frame] = {}

    @classmethod
    def filled(cls, rows: Sequence[Row]) -> "Window":
        """A window over these entries, without a gap and up to the journal's end; none for an empty journal."""
        first = rows[0] if rows else None
        window = cls(Cursor.at(first.seq - 1, first.previous) if first else Cursor.at(0, GENESIS))
        window.append(rows)
        return window

    @property
    def start(self) -> int:
        """The earliest place from which a screen can be brought up to date."""
        return self._before.seq

    def append(self, rows: Sequence[Row]) -> None:
        """Add the entries that follow `position`, in order."""
        for row in rows:
            if row.withdraws:
                self._withdraw(row)
            cursor, wire = Cursor.at(row.seq, row.hash), encode(row)
            self._total += len(wire)
            self._lines.append(Told(cursor, row.at, row.kind, row.about, wire, set(row.audiences), self._total))
            self.position = cursor
        surplus = len(self._lines) - SPAN
        if surplus > SLACK:
            self._before = self._lines[surplus - 1].cursor
            del self._lines[:surplus]
        self._portions.clear()
        self._frames.clear()

    def _withdraw(self, row: Row) -> None:
        for line in self._lines:
            if line.about == row.about:
                line.audiences.difference_update(row.withdraws)

    def knows(self, cursor: Cursor) -> bool:
        """Whether this is a place in this journal from which a screen can go on."""
        if cursor.seq == self._before.seq:
            return cursor == self._before
        place = cursor.seq - self._before.seq - 1
        return 0 <= place < len(self._lines) and self._lines[place].cursor == cursor

    def after(self, seq: int) -> Sequence[Told]:
        """The entries that follow a place."""
        return self._lines[max(seq - self._before.seq, 0) :]

    def take(self, audiences: Set[str], after: int) -> Portion:
        """What these audiences see of the entries after a place, as much as makes one frame of reasonable size."""
        key = (audiences, after)
        found = self._portions.get(key)
        if found is None:
            if len(self._frames) >= KEPT_FRAMES:  # a storm: everyone comes back from another place
                self._portions.clear()
                self._frames.clear()
            found = self._portions[key] = self._portion(audiences, after)
        return found

    def _portion(self, audiences: Set[str], after: int) -> Portion:
        chosen: list[Told] = []
        size, upto = 0, self.position
        for line in self.after(after):
            if line.audiences.isdisjoint(audiences):
                continue
            size += len(line.wire)
            if chosen and size > PORTION_BYTES:
                upto = chosen[-1].cursor
                break
            chosen.append(line)
        return Portion(self._frame(chosen, upto) if chosen else None, upto, len(chosen))

    def _frame(self, chosen: Sequence[Told], upto: Cursor) -> Frame:
        # People differ in audiences far more than in what they see of a handful of entries.
        key = (*(line.cursor.seq for line in chosen), upto.seq)
        found = self._frames.get(key)
        if found is None:
            found = self._frames[key] = frames.entries((line.wire for line in chosen), upto)
        return found

    def more_waits(self, limit: int, audiences: Set[str], after: int) -> bool:
        """Whether more than `limit` characters are still to be sent from a place on."""
        lines = self.after(after)
        if not lines or self._total - lines[0].total + len(lines[0].wire) <= limit:
            return False
        return sum(len(line.wire) for line in lines if not line.audiences.isdisjoint(audiences)) > limit
