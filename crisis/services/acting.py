"""The one way to change a cell: lock it, check rights again, check version and level; then write and record."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override
from guardian.shortcuts import get_user_perms

from access.models import Person
from access.selectors import Access, access_of
from crisis import workflow
from crisis.events import CellEvent
from crisis.models import Cell
from crisis.permissions import DUTY_FOR, Permission, Right
from crisis.rows import cell_row
from crisis.workflow import Direction
from journal.errors import Conflict, Invalid, NotAllowed, NotFound, Stale
from journal.events import Event
from journal.services import Record, writing

LINE_LIMIT, REASON_LIMIT = 4000, 500


@dataclass(slots=True)
class Change:
    """A cell under lock, and the means to finish."""

    cell: Cell
    by: Person | None
    writer: Record
    now: datetime

    def tell(self, event: Event) -> None:
        """Record what happened in the cell; the cell itself stays as it is."""
        self.writer(event, about=self.cell)

    def done(self, event: type[CellEvent], **specifics: Any) -> Cell:
        """Save the cell under a new version, and record it with its row."""
        self.cell.version += 1
        self.cell.save(force_update=True)
        self.tell(event(cell=cell_row(self.cell), **specifics))
        return self.cell

    def count(self, counter: str) -> int:
        """The cell's next number of this kind: its row is locked, so there are no gaps."""
        number: int = getattr(self.cell, counter) + 1
        setattr(self.cell, counter, number)
        self.cell.save(update_fields=[counter])
        return number

    @property
    def person(self) -> Person:
        """Whoever acts. The house itself writes lines but does not act."""
        if self.by is None:
            raise NotAllowed
        return self.by


@contextmanager
def acting(act: str, *, cell_id: UUID, by: Person, version: int | None = None) -> Iterator[Change]:
    """Begin `act` in a cell. Raises NotFound, NotAllowed, Stale, WrongState, in that order."""
    with writing(by) as record:
        cell = lock(cell_id)
        require(by, workflow.ACTS[act].right, cell)  # read after the wait for the lock: a right lost meanwhile is lost
        if version is not None and cell.version != version:
            raise Stale(current=cell_row(cell))
        workflow.check(cell, act)
        yield Change(cell, by, record, clock())


@contextmanager
def by_itself(cell_id: UUID) -> Iterator[Change]:
    """A timer of the cell's is due. Raises NotFound, Busy.

    It never waits for the cell: whoever holds it may be about to move this very timer, and the two would lock each
    other out. The timer comes back a moment later.
    """
    with writing(None) as record:
        cell = _locked(skip_locked=True).filter(id=cell_id).first()
        if cell is None:
            raise Busy if Cell.objects.filter(id=cell_id).exists() else NotFound
        yield Change(cell, None, record, clock())


class Busy(Conflict):
    """Somebody is writing in the cell just now."""


def lock(cell_id: UUID) -> Cell:
    """The cell, locked until the transaction ends. Raises NotFound when there is none."""
    cell = _locked().filter(id=cell_id).first()
    if cell is None:
        raise NotFound
    return cell


def _locked(*, skip_locked: bool = False) -> QuerySet[Cell]:
    locked = Cell.objects.select_for_update(of=("self",), skip_locked=skip_locked)
    return locked.select_related("director", "level_by", "plan", "organisation")


def require(by: Person, right: Right, cell: Cell) -> Access:
    """Raise NotFound when the cell is out of sight; NotAllowed when no duty carries what the right asks for, or
    somebody is not named on the cell with it."""
    access = access_of(by)
    if not (access.holds(Permission.VIEW) and access.sees(cell.audiences)):
        raise NotFound
    if not access.holds(DUTY_FOR[right]) or right not in named_rights(by, cell):
        raise NotAllowed(permission=str(DUTY_FOR[right]), object=str(cell.id))
    return access


def named_rights(person: Person, cell: Cell) -> frozenset[str]:
    """What somebody is named on a cell with."""
    return frozenset(get_user_perms(person, cell).values_list("codename", flat=True))


def words(text: str, *, name: str, needed: bool = True, limit: int = REASON_LIMIT) -> str:
    """Check a sentence that will stand in the record for good. Raises Invalid when missing or too long."""
    text = text.strip()
    if needed and not text:
        raise Invalid(errors={name: [_("Say it in a few words.")]})
    if len(text) > limit:
        raise Invalid(errors={name: [_("Too long: at most %(limit)d characters.") % {"limit": limit}]})
    if "\x00" in text:
        raise Invalid(errors={name: [_("Contains characters that cannot be stored.")]})
    return text


def choice(value: Any, known: Any, *, name: str) -> Any:
    """The value, or Invalid when it is not one of the known ones."""
    if value not in known:
        raise Invalid(errors={name: [_("Not one of the possible values.")]})
    return value


def clock() -> datetime:
    """The database's clock, which alone decides when something happened."""
    with connection.cursor() as cursor:
        cursor.execute("select statement_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found


def in_post(message: str, **values: Any) -> str:
    """A marked, untranslated text in the post's own language, whatever the reader's: it stays in the record."""
    with override(settings.LANGUAGE_CODE):
        return _(message) % {name: str(value) for name, value in values.items()}


def directs(cell: Cell) -> str:
    """Who directs operations, for the record: the cell's director, or the prefect once the direction was taken over."""
    return in_post(gettext_noop("the prefect")) if cell.direction == Direction.PREFECT else cell.director.name


def label_in_post(choices: Any, value: str) -> str:
    """The name of a level, function … in the post's own language."""
    with override(settings.LANGUAGE_CODE):
        return str(choices(value).label) if value else ""
