"""Whoever changes the record past the application is found out. Done as the server's superuser."""

import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from crisis import services
from crisis.models import Cell, Finding
from crisis.services import guarding
from notifications.models import Message
from ondijon.stack.pytest_plugin import DATABASE
from tests.crisis import world

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def cell() -> Cell:
    made = world.opened()
    for text in ("Une", "Deux", "Trois"):
        services.log(cell_id=made.id, by=made.director, entry=services.Words(text=text))
    services.decide(cell_id=made.id, by=made.director, ruling=services.Ruling(what="fermer", grounds="crue"))
    made.refresh_from_db()
    return made


@pytest.fixture
def superuser() -> Iterator[psycopg.Connection[Any]]:
    assert os.environ["ONDIJON_TEST_SUPERUSER_URL"]
    with psycopg.connect(DATABASE.superuser, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        yield connection


LINE = "where cell_id = %(cell)s and number = 5"
INSERT = """insert into crisis_line select (jsonb_populate_record(
    l, jsonb_build_object('id', gen_random_uuid(), 'number', 99, 'supersedes_id', null))).* from crisis_line l {LINE}"""
CHANGES = {
    "a word": ("update crisis_line set text = text || '!' {LINE}", "line 5"),
    "a time": ("update crisis_line set occurred_at = occurred_at - interval '1 hour' {LINE}", "line 5"),
    "its author": ("update crisis_line set by_id = null {LINE}", "line 5"),
    "its reliability": ("update crisis_line set reliability = 'A' {LINE}", "line 5"),
    "deleted": ("delete from crisis_line {LINE}", "line 5"),
    "the last one deleted": ("delete from crisis_line where cell_id = %(cell)s and number = 7", "line 7"),
    "swapped": ("update crisis_line set number = 11 - number + 100 where cell_id = %(cell)s and number in (5, 6)", "line 106"),
    "inserted": (INSERT, "line 99"),
    "a decision": ("update crisis_decision set grounds = 'autre' where cell_id = %(cell)s", "decision 1"),
    "a decision deleted": ("delete from crisis_decision where cell_id = %(cell)s", "decision 1"),
    "an entry of the journal": ("update journal_entry set data = replace(data, 'Deux', 'Dix') where about = %(cell)s", "entry"),
    "an entry deleted": ("delete from journal_entry where seq = (select max(seq) - 1 from journal_entry where about = %(cell)s)", "entry"),
    "the journal's end": ("update journal_head set seq = seq - 1", "entry"),
}  # fmt: skip


def test_a_whole_record_has_no_fault(cell: Cell) -> None:
    assert guarding.guard_all() == 0


@pytest.mark.parametrize("title", CHANGES)
def test_each_change_is_found_and_told_once(cell: Cell, superuser: psycopg.Connection[Any], title: str) -> None:
    order, named = CHANGES[title]
    superuser.execute(order.replace("{LINE}", LINE).encode(), {"cell": cell.id})
    found = list(guarding.faults(cell))
    assert any(what.startswith(named) for what, _why in found), found
    if (
        named == "entry"
    ):  # a broken journal is told on the day by verify_journal as well; nothing is appended to it here
        return
    assert guarding.guard(cell.id) == len(set(found))
    assert guarding.guard(cell.id) == 0
    assert Finding.objects.filter(cell=cell).count() == len(set(found))
    assert Message.objects.filter(person=cell.director, key__startswith="crisis.broken:").exists()
