"""The record: numbered without gaps, chained, and closed to the application's own role."""

import json
import subprocess
import sys
from pathlib import Path
from typing import ClassVar
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from journal import selectors
from journal.chain import Cursor, link
from journal.events import Event
from journal.export import extract
from journal.models import Entry, Head
from journal.reactions import on
from journal.services import Note, Record, writing
from journal.verification import verify

pytestmark = pytest.mark.django_db
PROVER = Path(__file__).parents[2] / "docs" / "prove_extract.py"


class Happened(Event, frozen=True):
    kind: ClassVar[str] = "tests.happened"
    what: str


class Followed(Event, frozen=True):
    kind: ClassVar[str] = "tests.followed"
    what: str


class Thing:
    def __init__(self, *audiences: str) -> None:
        self.id, self.audiences = uuid4(), list(audiences)


@on(Happened)
def follow(event: Happened, note: Note, record: Record) -> None:
    if event.what == "chain":
        record(Followed(what="after"), audiences=note.audiences)


def say(what: str, thing: Thing | None = None, **more: object) -> None:
    with writing(None) as record:
        record(Happened(what=what), about=thing or Thing("post"), **more)  # type: ignore[arg-type]


def test_entries_are_numbered_and_chained_in_the_database_as_the_rule_says() -> None:
    before = Head.objects.get()
    say('un accent : é, une tabulation\t, une ligne\n, un guillemet "')
    say("deux")
    entries = list(Entry.objects.filter(seq__gt=before.seq))
    assert [entry.seq for entry in entries] == [before.seq + 1, before.seq + 2]
    previous = bytes(before.hash)
    for entry in entries:
        assert bytes(entry.previous) == previous
        previous = link(previous, entry)
        assert bytes(entry.hash) == previous
    assert verify().broken is None


def test_nested_blocks_are_one_transaction_and_reactions_are_recorded_after_their_cause() -> None:
    start = Head.objects.get().seq
    with writing(None) as outer:
        outer(Happened(what="chain"), audiences=["post"])
        with writing(None) as inner:
            inner(Happened(what="inner"), audiences=["post"])
        assert Head.objects.get().seq == start
    kinds = list(Entry.objects.filter(seq__gt=start).values_list("kind", flat=True))
    assert kinds == ["tests.happened", "tests.happened", "tests.followed"]


def test_an_error_undoes_entries_and_leaves_no_gap() -> None:
    start = Head.objects.get().seq
    with pytest.raises(RuntimeError), writing(None) as record:
        record(Happened(what="never"), audiences=["post"])
        raise RuntimeError
    say("next")
    assert list(Entry.objects.filter(seq__gt=start).values_list("seq", flat=True)) == [start + 1]


@pytest.mark.parametrize("bad", ["", "with space", "comma,", "Upper", "line\nfeed", "post:"])
def test_an_audience_that_is_not_well_formed_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="not an audience"):
        say("x", Thing(bad))


@pytest.mark.parametrize(
    "statement",
    [
        "update journal_entry set data = '{}'",
        "delete from journal_entry",
        "truncate journal_entry",
        "update journal_head set seq = 0",
        (
            "insert into journal_entry (seq, at, kind, audiences, withdraws, data, previous, hash) "
            "values (999999, now(), 'a.b', '{}', '{}', '{}', '', '')"
        ),
        "alter table journal_entry disable trigger all",
        "drop trigger journal_entry_never_changes on journal_entry",
    ],
)
def test_the_application_role_cannot_rewrite_the_record(statement: str) -> None:
    say("kept")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_withdrawal_hides_the_past_from_those_who_lost_sight_and_only_from_them() -> None:
    thing = Thing("commune:21231", "post")
    say("first", thing)
    say("gone", thing, audiences=["post"], withdraws=["post"])
    say("second", thing, audiences=["incident:x"])

    def read(*audiences: str) -> list[str]:
        found = selectors.visible(audiences).filter(about=thing.id)
        return [json.loads(entry.data)["what"] for entry in found]

    assert read("post") == ["gone"]
    assert read("commune:21231") == ["first"]
    assert read("post", "commune:21231") == ["first", "gone"]
    assert read("incident:x") == ["second"]
    assert read() == []


def test_a_cursor_is_known_only_where_its_hash_agrees() -> None:
    say("x")
    here = selectors.head()
    assert selectors.known(here)
    assert selectors.known(Cursor(0, "00000000"))
    assert not selectors.known(Cursor(here.seq, "0badc0de"))
    assert not selectors.known(Cursor(here.seq + 1, here.hash8))
    assert Cursor.parse(str(here)) == here


@pytest.mark.parametrize(
    "bad", ["", "1", "1.", "x.00000000", "1.zzzzzzzz", "-1.00000000", "1.000000000", "²." + "0" * 8]
)
def test_a_cursor_that_is_not_one_is_refused(bad: str) -> None:
    with pytest.raises(ValueError):
        Cursor.parse(bad)


def prove(path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-I", PROVER, path, *more], capture_output=True, text=True)


def test_an_extract_proves_itself_offline_and_any_change_is_seen(tmp_path: Path) -> None:
    thing = Thing("post")
    for what in ("a", "b"):
        say(what, thing)
        say("between")
    lines = list(extract(about=thing.id))
    good = tmp_path / "good.jsonl"
    good.write_text("\n".join(lines) + "\n", encoding="utf-8")
    head = bytes(Head.objects.get().hash).hex()
    assert prove(good).returncode == 0
    assert "2 entries shown" in prove(good, head).stdout
    assert prove(good, "00" * 32).returncode == 1
    tampered = {
        "word": [line.replace('\\"a\\"', '\\"A\\"') for line in lines],
        "left out": [*lines[:2], *lines[3:]],
        "cut": lines[:-1],
        "swapped": [lines[0], lines[2], lines[1], *lines[3:]],
    }
    for how, changed in tampered.items():
        assert changed != lines, how
        bad = tmp_path / f"{how}.jsonl"
        bad.write_text("\n".join(changed) + "\n", encoding="utf-8")
        assert prove(bad).returncode == 1, how


def test_events_refuse_unknown_fields_and_unknown_kinds() -> None:
    from journal.events import decode

    assert decode("tests.happened", '{"what":"x"}') == Happened(what="x")
    with pytest.raises(Exception, match="unknown field"):
        decode("tests.happened", '{"what":"x","phone":"06"}')
    with pytest.raises(KeyError):
        decode("tests.nothing", "{}")
