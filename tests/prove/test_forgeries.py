"""Changes to extracts and entries: each is a change, and none is left out."""

import json
from collections import Counter

from journal.models import Entry
from prove import _extracts, tamper
from prove._attacks import ATTEMPTS

LINES = [
    json.dumps({"format": "x", "about": "a", "starts_after": "00", "first": 1, "last": 2, "ends_with": "11"}),
    json.dumps({"seq": 1, "at": "t", "kind": "k", "audiences": ["post"], "withdraws": [], "data": "{}", "hash": "aa"}),
    json.dumps({"digest": "bb"}),
]


def test_every_field_of_every_line_is_changed_and_removed() -> None:
    done = Counter(title for title, _lines in _extracts.forgeries(LINES))
    for place, line in enumerate(LINES):
        for name in json.loads(line):
            assert done[f"{name} in line {place}"] >= 1
            assert done[f"{name} removed in line {place}"] == 1
        assert done[f"line {place} left out"] == done[f"line {place} doubled"] == 1


def test_no_forgery_is_the_extract_itself() -> None:
    whole = [json.loads(line) for line in LINES]
    assert all([json.loads(line) for line in forged] != whole for _title, forged in _extracts.forgeries(LINES))


def test_every_column_of_an_entry_has_its_change() -> None:
    assert tamper.COLUMNS.keys() == {field.name for field in Entry._meta.fields}


def test_attempts_are_different_ones() -> None:
    assert (
        len({statements for _title, statements in ATTEMPTS}) == len({title for title, _ in ATTEMPTS}) == len(ATTEMPTS)
    )
