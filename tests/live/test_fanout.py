"""Screens that read slowly, fall behind and come back, without a server: the bytes stop at a fake outlet."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import msgspec
import pytest

from access.models import Person
from access.selectors import Access
from journal.chain import GENESIS, Cursor
from live.fanout import Fanout, Screen
from live.frames import Close, Frame, presence
from live.outlets import Stepped
from live.rights import Standing, Ticket
from live.window import Row, Window

POST = ("post",)


class Tap:
    """An outlet that takes as much as it is opened for."""

    def __init__(self, room: int = 10_000) -> None:
        self.left, self.frames, self.code = room, [], 0
        self.opened = asyncio.Event()

    def offer(self, frame: Frame) -> bool:
        if self.left <= 0:
            self.opened.clear()
            return False
        self.left -= 1
        self.frames.append(msgspec.json.decode(frame.text))
        return True

    async def room(self) -> None:
        await self.opened.wait()

    def close(self, code: int) -> None:
        self.code = code

    def open(self, room: int = 10_000) -> None:
        self.left = room
        self.opened.set()

    frames: list[dict[str, Any]]

    @property
    def seqs(self) -> list[int]:
        return [entry["seq"] for frame in self.frames for entry in frame.get("entries", ())]

    @property
    def types(self) -> list[str]:
        return [frame["type"] for frame in self.frames]


def standing(*granted: str) -> Standing:
    person = Person(id=uuid4(), login="x", name="X")
    return Standing(person, Access(person.id, (), frozenset(granted or POST)))


def screen(tap: Any, who: Standing | None = None) -> Screen:
    return Screen(tap, Ticket("session", uuid4().hex), who or standing())


def rows(first: int, number: int, *, size: int = 10, audiences: tuple[str, ...] = POST) -> list[Row]:
    data = msgspec.json.encode({"text": "x" * size}).decode()
    return [
        cast(
            "Row",
            SimpleNamespace(
                seq=seq, at=datetime(2026, 11, 23, tzinfo=UTC), kind="test.told", about=UUID(int=1), by=None,
                audiences=audiences, withdraws=(), data=data, previous=GENESIS, hash=seq.to_bytes(4, "big") * 8,
            ),
        )
        for seq in range(first, first + number)
    ]  # fmt: skip


@pytest.fixture
def fanout() -> Fanout:
    return Fanout(Window(Cursor.at(0, GENESIS)))


async def settled() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


async def test_a_screen_that_stops_reading_bothers_nobody(fanout: Fanout) -> None:
    wall, reader = Tap(room=1), Tap()
    for tap in (wall, reader):
        fanout.join(screen(tap), None)
    for first in range(1, 101, 10):
        await fanout.tell(rows(first, 10), ())
    assert reader.seqs == list(range(1, 101))
    assert wall.types == ["hello"]
    wall.open()
    await settled()
    assert wall.seqs == list(range(1, 101))
    await fanout.tell(rows(101, 1), ())
    assert wall.seqs == reader.seqs == list(range(1, 102))


async def test_a_screen_that_takes_one_frame_at_a_time_gets_each_entry_once(fanout: Fanout) -> None:
    tap = Tap(room=2)
    fanout.join(screen(tap), None)
    for first in range(1, 400, 20):
        await fanout.tell(rows(first, 20, size=4000), ())
        tap.open(1)
        await settled()
    for _ in range(40):
        tap.open(1)
        await settled()
    assert tap.seqs == list(range(1, 401))


async def test_it_is_closed_when_too_much_waits_for_too_long(fanout: Fanout) -> None:
    wall, slow = Tap(room=1), Tap(room=1)
    behind = [screen(wall), screen(slow)]
    for one in behind:
        fanout.join(one, None)
    await fanout.tell(rows(1, 60, size=5000), ())
    fanout.close_slow()
    assert (wall.code, slow.code) == (0, 0)
    slow.open()
    await settled()
    fanout.close_slow()
    assert (wall.code, slow.code) == (Close.SLOW, 0)
    assert fanout.screens == [behind[1]]
    assert fanout.closed[Close.SLOW] == 1


async def test_who_is_over_a_thousand_behind_loads_again(fanout: Fanout) -> None:
    tap = Tap(room=1)
    fanout.join(screen(tap), None)
    for first in range(1, 1501, 250):
        await fanout.tell(rows(first, 250), ())
    tap.open()
    await settled()
    await fanout.tell(rows(1501, 1), ())
    assert tap.types == ["hello", "reset", "entries"]
    assert tap.seqs == [1501]


async def test_a_held_screen_is_told_nothing_until_it_is_judged(fanout: Fanout) -> None:
    who, tap = standing(), Tap()
    one = screen(tap, who)
    fanout.join(one, None)
    await fanout.tell(rows(1, 3), [one])
    assert tap.seqs == []
    fanout.judge(one, who, holds=one.holds - 1)
    assert tap.seqs == []  # that check began before it was held
    fanout.judge(one, who, holds=one.holds)
    assert tap.seqs == [1, 2, 3]
    assert "reset" not in tap.types


async def test_changed_rights_skip_to_the_present(fanout: Fanout) -> None:
    who, tap = standing(), Tap()
    one = screen(tap, who)
    fanout.join(one, None)
    await fanout.tell(rows(1, 3), [one])
    changed = Standing(who.person, Access(who.person.id, (), frozenset({"public"})))
    fanout.judge(one, changed, holds=one.holds)
    assert tap.types == ["hello", "reset"]
    await fanout.tell(rows(4, 1), ())
    await fanout.tell(rows(5, 1, audiences=("public",)), ())
    assert tap.seqs == [5]


async def test_leaving_in_the_middle_of_a_batch_is_harmless(fanout: Fanout) -> None:
    taps = [Tap() for _ in range(3)]
    screens = [screen(tap) for tap in taps]
    for one in screens:
        fanout.join(one, None)
    telling = asyncio.create_task(fanout.tell(rows(1, 100, size=4000), ()))
    await asyncio.sleep(0)
    fanout.leave(screens[1])
    late = Tap()
    fanout.join(screen(late), Cursor.at(0, GENESIS))
    await telling
    assert taps[0].seqs == taps[2].seqs == late.seqs == list(range(1, 101))
    assert 0 < len(taps[1].seqs) < 100
    fanout.leave(screens[1])


async def test_of_several_notes_to_a_full_screen_the_last_counts(fanout: Fanout) -> None:
    tap = Tap(room=1)
    one = screen(tap)
    fanout.join(one, None)
    for _ in range(3):
        fanout.post(one, UUID(int=7), presence(UUID(int=7), ()))
    tap.open()
    await settled()
    assert tap.types == ["hello", "presence"]


async def test_another_journal_means_load_again(fanout: Fanout) -> None:
    tap = Tap()
    fanout.join(screen(tap), None)
    await fanout.tell(rows(1, 3), ())
    fanout.replace(Window(Cursor(1, "00000001")))
    assert tap.frames[-1] == {"type": "reset", "cursor": "1.00000001"}


async def test_who_sees_nothing_is_told_how_far_it_is(fanout: Fanout) -> None:
    tap = Tap()
    fanout.join(screen(tap, standing("public")), None)
    await fanout.tell(rows(1, 3), ())
    assert tap.types == ["hello"]
    fanout.tell_cursor()
    fanout.tell_cursor()
    assert tap.frames[1:] == [{"type": "entries", "entries": [], "cursor": str(fanout.window.position)}]


async def test_any_asgi_server_will_do() -> None:
    sent: list[Any] = []
    room = asyncio.Event()

    async def send(message: Any) -> None:
        if len(sent) >= 2:
            await room.wait()
        sent.append(message.get("text") or message["code"])

    outlet = Stepped(send)
    assert outlet.offer(Frame("one"))
    assert outlet.offer(Frame("two"))
    assert outlet.offer(Frame("three"))  # in the server's hands, still waiting
    assert not outlet.offer(Frame("four"))
    assert sent == ["one", "two"]
    room.set()
    await outlet.room()
    assert outlet.offer(Frame("four"))
    outlet.close(4408)
    assert sent == ["one", "two", "three", "four", 4408]
