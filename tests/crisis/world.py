"""Cells for tests, opened through the services; people named on them by function."""

import json
from typing import Any
from uuid import UUID

from access.models import Person
from access.roles import Role
from crisis import services
from crisis.areas import Shape
from crisis.functions import GUEST
from crisis.models import Cell, Member
from crisis.services.acting import Change, clock
from crisis.services.calling import GUEST_LIMIT, enrol, name_by_functions
from crisis.workflow import MemberState
from journal.models import Entry
from journal.services import writing
from prove._things_crisis import inside
from prove._world import PNG
from tests import cast


def director(**fields: Any) -> Person:
    return cast.person(Role.CRISIS_DIRECTOR, **fields)


def opened(by: Person | None = None, *, plan: str = "flood", level: str = "alert", **fields: Any) -> Cell:
    """A running cell, directed by whoever opens it."""
    told = {"facts": "L'Ouche monte à Plombières", **fields}
    return services.open_cell(by=by or director(), opening=services.Opening(plan=plan, level=level, **told))


def join(cell: Cell, person: Person, function: str) -> Member:
    """Name somebody on a cell, whatever their duties: bypassing what calling checks, so that tests can go past it."""
    with writing(None) as record:
        cell = Cell.objects.select_related("director").get(id=cell.id)
        change = Change(cell, cell.director, record, clock())
        until = clock() + GUEST_LIMIT if function == GUEST else None
        return enrol(change, function, person=person, state=MemberState.PRESENT, until=until)


def direct(cell: Cell, person: Person) -> None:
    """Make somebody the director, straight in the database."""
    Member.objects.filter(cell=cell, function="operations_director").update(ended_at=clock())
    before = cell.director
    Cell.objects.filter(id=cell.id).update(director=person)
    join(cell, person, "operations_director")
    with writing(None) as record:
        name_by_functions(Change(cell, person, record, clock()), before)


def at_level(cell: Cell, level: str) -> Cell:
    """The cell at any level, bypassing the transitions."""
    closed = clock() if level == "closed" else None
    Cell.objects.filter(id=cell.id).update(level=level, closed_at=closed)
    cell.refresh_from_db()
    return cell


def told(cell: Cell | UUID, kind: str) -> list[dict[str, Any]]:
    """What the journal says of this kind about a cell, oldest first."""
    about = cell if isinstance(cell, UUID) else cell.id
    entries = Entry.objects.filter(about=about, kind=f"crisis.{kind}").order_by("seq")
    return [json.loads(one.data) for one in entries]


def everything(cell: Cell) -> dict[str, str]:
    """One of everything that an address may name in a cell, by the name of its part."""
    return {"cell_id": str(cell.id), "key": "outlook", **inside(cell, cell.director, PNG)}


POINT = Shape(type="point", points=((47.32, 5.04),))
