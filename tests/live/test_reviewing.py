"""When rights are read again, and what happens when they cannot be."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError

from access.selectors import Access
from journal.chain import GENESIS, Cursor
from live.fanout import Fanout, Screen
from live.frames import Close
from live.lookers import Presence
from live.reviewing import BLIND_SECONDS, Review
from live.rights import Standing
from live.window import Window
from tests.live.test_fanout import Tap, screen, settled, standing


class Answers:
    """A gate whose answers the test decides."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.verdict: Callable[[Any], Any] = lambda ticket: Close.NOT_SIGNED_IN
        self.away = False

    async def ask(self, question: Any, *values: Any) -> Any:
        self.asked.append(values[0])
        if self.away:
            raise OperationalError("away")
        return {ticket: self.verdict(ticket) for ticket in values[0]}


@pytest.fixture
async def house() -> Any:
    fanout, answers = Fanout(Window(Cursor.at(0, GENESIS))), Answers()
    presence = Presence(fanout, lambda text: None)
    review = Review(fanout, answers, presence)  # type: ignore[arg-type]
    task = asyncio.create_task(review.run())
    yield SimpleNamespace(fanout=fanout, gate=answers, review=review)
    task.cancel()


def enter(house: Any, who: Standing | None = None) -> tuple[Screen, Tap]:
    tap = Tap()
    one = screen(tap, who)
    house.fanout.join(one, None)
    house.review.look_ahead([one])
    return one, tap


def until(end: datetime) -> Standing:
    who = standing()
    return Standing(who.person, Access(who.person.id, (), who.access.granted, end))


async def test_everybody_is_checked_in_one_question_and_the_unknown_are_closed(house: Any) -> None:
    taps = [enter(house)[1] for _ in range(5)]
    house.review.want(None)
    await settled()
    assert [len(asked) for asked in house.gate.asked] == [5]
    assert [tap.code for tap in taps] == [Close.NOT_SIGNED_IN] * 5
    assert house.fanout.screens == []


async def test_a_hint_checks_that_person_alone(house: Any) -> None:
    (one, tap), (_other, left) = enter(house), enter(house)
    for text in ("nonsense", str(uuid4()), str(one.person)):
        house.review.suspect(text)
    await settled()
    assert [list(asked) for asked in house.gate.asked] == [[one.ticket]]
    assert (tap.code, left.code) == (Close.NOT_SIGNED_IN, 0)


async def test_everybody_is_checked_every_five_seconds(house: Any) -> None:
    one, _tap = enter(house)
    house.gate.verdict = lambda ticket: one.standing
    start = asyncio.get_running_loop().time()
    for second in range(1, 11):
        house.review.tick(start + second)
        await settled()
    assert len(house.gate.asked) == 2


async def test_rights_that_end_by_themselves_are_checked_then(house: Any) -> None:
    past = until(datetime.now(UTC) - timedelta(seconds=1))
    _one, tap = enter(house, past)
    house.review.tick(asyncio.get_running_loop().time())
    await settled()
    assert tap.code == Close.NOT_SIGNED_IN


async def test_entries_from_after_the_end_of_a_right_make_a_suspect(house: Any) -> None:
    end = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    one, _tap = enter(house, until(end))
    enter(house)
    row = {"about": None, "kind": "test.told"}
    assert house.review.suspects([SimpleNamespace(at=end - timedelta(microseconds=1), **row)]) == []
    assert house.review.suspects([SimpleNamespace(at=end, **row)]) == [one]


async def test_entries_about_a_persons_access_make_a_suspect(house: Any) -> None:
    one, _tap = enter(house)
    at = datetime(2026, 11, 23, tzinfo=UTC)
    rows = [SimpleNamespace(at=at, about=one.person, kind=kind) for kind in ("incidents.declared", "access.duty_ended")]
    assert house.review.suspects(rows[:1]) == []
    assert house.review.suspects(rows) == [one]


async def test_rights_that_cannot_be_read_close_everything_in_the_end(house: Any) -> None:
    house.gate.away = True
    _one, tap = enter(house)
    start = asyncio.get_running_loop().time()
    for second in range(1, int(BLIND_SECONDS)):
        house.review.tick(start + second)
        await settled()
    assert tap.code == 0
    house.review.tick(start + BLIND_SECONDS + 1)
    assert tap.code == Close.TRY_LATER
    assert house.fanout.screens == []
