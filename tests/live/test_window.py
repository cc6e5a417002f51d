"""What the window gives, held against the journal's own selectors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast
from uuid import UUID

import msgspec
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from access.events import PasswordChanged
from journal.chain import Cursor
from journal.models import Entry
from journal.selectors import head, visible
from journal.services import writing
from live.window import SLACK, SPAN, Row, Window

NAMES = ("post", "commune:21231", "organisation:a", "public")
OBJECTS = (UUID(int=1), UUID(int=2))
SOME = st.sets(st.sampled_from(NAMES)).map(tuple)
NOTES = st.tuples(st.sampled_from(OBJECTS), SOME, SOME)


class Thing(msgspec.Struct, frozen=True):
    id: UUID
    audiences: tuple[str, ...] = ()


def rows_after(seq: int) -> Sequence[Row]:
    return cast("Sequence[Row]", list(Entry.objects.filter(seq__gt=seq).order_by("seq")))


def write(*notes: tuple[UUID, tuple[str, ...], tuple[str, ...]]) -> None:
    with writing(None) as record:
        for about, audiences, withdraws in notes:
            record(PasswordChanged(), about=Thing(about), audiences=audiences, withdraws=withdraws)


def told(window: Window, audiences: frozenset[str], after: int) -> Iterator[int]:
    """The numbers that a screen would be sent, frame by frame."""
    while after < window.position.seq:
        portion = window.take(audiences, after)
        assert portion.upto.seq > after
        if portion.frame is not None:
            frame: dict[str, Any] = msgspec.json.decode(portion.frame.text)
            assert frame["cursor"] == str(portion.upto)
            assert portion.count == len(frame["entries"]) > 0
            yield from (entry["seq"] for entry in frame["entries"])
        after = portion.upto.seq


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(batches=st.lists(st.lists(NOTES, min_size=1, max_size=5), min_size=1, max_size=6), mine=SOME, data=st.data())
def test_the_window_shows_what_the_selector_shows(
    batches: list[Any], mine: tuple[str, ...], data: st.DataObject
) -> None:
    with transaction.atomic():
        start = head()
        window = Window(start)
        for batch in batches:
            write(*batch)
            window.append(rows_after(window.position.seq))
        after = data.draw(st.integers(start.seq, window.position.seq))
        expected = visible(mine).filter(seq__gt=after).values_list("seq", flat=True) if mine else []
        assert list(told(window, frozenset(mine), after)) == list(expected)
        assert window.position == head()
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_places_are_known_by_number_and_hash() -> None:
    write(*[(OBJECTS[0], ("post",), ())] * 3)
    rows = rows_after(0)
    window = Window.filled(rows[-2:])
    for row in rows:
        place = Cursor.at(row.seq, row.hash)
        assert window.knows(place) == (row.seq >= rows[-3].seq if len(rows) > 2 else True)
        assert not window.knows(Cursor(row.seq, "00000000" if place.hash8 != "00000000" else "11111111"))
    assert not window.knows(Cursor(rows[-1].seq + 1, "00000000"))


@pytest.mark.django_db
def test_it_keeps_the_last_thousand() -> None:
    write(*[(OBJECTS[0], ("post",), ())] * (SPAN + SLACK + 10))
    window = Window(Cursor.at(0, bytes(32)) if head().seq == SPAN + SLACK + 10 else Cursor(0, ""))
    window.append(rows_after(0))
    assert window.position.seq - window.start == SPAN
    seqs = list(told(window, frozenset({"post"}), window.start))
    assert seqs == list(range(window.start + 1, window.position.seq + 1))


@pytest.mark.django_db
def test_people_who_see_the_same_get_the_same_bytes() -> None:
    start = head().seq
    write((OBJECTS[0], ("post",), ()), (OBJECTS[1], ("public",), ()))
    window = Window.filled(rows_after(start))
    one, other = frozenset({"post", "person:1"}), frozenset({"post", "person:2"})
    assert window.take(one, start).frame is window.take(other, start).frame
    assert window.take(frozenset({"police"}), start).frame is None
    assert window.more_waits(10, one, start)
    assert not window.more_waits(10, frozenset({"police"}), start)
    assert not window.more_waits(10_000, one, start)
