"""Two people in a cell at the same instant: really committed, on connections of their own."""

from functools import partial

import pytest

from access.roles import Role
from crisis import services
from crisis.models import Cell, Decision, Line
from crisis.services.guarding import faults
from journal.errors import Conflict, NotAllowed, NotFound, Stale
from tests import cast
from tests.crisis import world
from tests.incidents.test_races import at_once

pytestmark = pytest.mark.usefixtures("committed")


def test_numbers_have_no_gap_under_many_writers() -> None:
    cell = world.opened()
    people = [cast.person(Role.CRISIS_MEMBER) for _ in range(5)]
    for person in people:
        world.join(cell, person, "planning")
    before = Line.objects.filter(cell=cell).count()

    def write(number: int) -> None:
        for turn in range(6):
            services.log(cell_id=cell.id, by=people[number], entry=services.Words(text=f"ligne {number}.{turn}"))

    at_once(*[partial(write, number) for number in range(5)])
    numbers = list(Line.objects.filter(cell=cell).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, before + 31))
    cell.refresh_from_db()
    assert cell.last_line == before + 30
    assert list(faults(cell)) == []


def test_two_editors_of_one_section_never_overwrite_each_other() -> None:
    cell = world.opened()
    people = [cast.person(Role.CRISIS_MEMBER) for _ in range(4)]
    for person in people:
        world.join(cell, person, "planning")
    report = services.draft_report(cell_id=cell.id, by=cell.director)
    edit = partial(services.edit_section, cell_id=cell.id, report_id=report.id, key="outlook", version=1)
    results = at_once(*[partial(edit, by=by, text=by.name) for by in people])
    assert [type(result) for result in results if isinstance(result, Exception)] == [Stale] * 3


def test_one_level_change_wins() -> None:
    cell = world.opened()
    by = cell.director
    change = partial(services.set_level, cell_id=cell.id, by=by, level="crisis", reason="cote", version=cell.version)
    results = at_once(change, change, change)
    assert sum(isinstance(result, Cell) for result in results) == 1
    assert Decision.objects.filter(cell=cell).count() == 1


def test_two_open_the_same_communal_cell_and_one_does() -> None:
    people = [world.director() for _ in range(3)]
    results = at_once(*[partial(world.opened, by, plan="pcs-21231") for by in people])
    assert sum(isinstance(result, Cell) for result in results) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 2
    assert Cell.objects.get().reference.endswith("-001")


def test_somebody_removed_while_writing_either_wrote_before_or_not_at_all() -> None:
    cell, writer = world.opened(), cast.person(Role.CRISIS_MEMBER)
    for turn in range(8):
        member = world.join(cell, writer, "planning")
        results = at_once(
            partial(services.remove, cell_id=cell.id, by=cell.director, member_id=member.id),
            partial(services.log, cell_id=cell.id, by=writer, entry=services.Words(text=f"vu {turn}")),
        )
        wrote = Line.objects.filter(cell=cell, text=f"vu {turn}").exists()
        assert wrote == (not isinstance(results[1], NotFound | NotAllowed)), results
