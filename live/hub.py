"""One hub for each live process: follows the journal, keeps rights fresh, and hands out news.

Its tasks: `_follow` reads the journal (hinted by Redis, and by its own clock each second), `review.run` reads rights
again, `_tick` does what is due now and then, and `ear.listen` hears hints through Redis.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
import structlog

from journal import hints
from journal.chain import GENESIS, Cursor
from live import following, hearing
from live.fanout import Fanout, Screen
from live.frames import Close, Look
from live.gate import Gate, Unanswered
from live.latest import LATEST
from live.lookers import SAY_SECONDS, Presence
from live.outlets import Outlet
from live.presence import audiences_of
from live.reviewing import Review
from live.rights import Standing, Ticket
from live.showing import Showing
from live.window import Row, Window

log = structlog.get_logger(__name__)

POLL_SECONDS = 1.0
TOLD_SECONDS = 5.0
READY_SECONDS = 5.0
RETRY_SECONDS = 0.25
AWAY = (psycopg.Error, TimeoutError, OSError)

_HUBS: "WeakKeyDictionary[asyncio.AbstractEventLoop, Hub]" = WeakKeyDictionary()


class Refused(Exception):
    """A socket that does not get in, and why."""

    def __init__(self, code: Close) -> None:
        super().__init__(code.name)
        self.code = code


class Hub:
    """Follows the journal for all screens of one event loop."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.gate = Gate()
        self.fanout = Fanout(Window(Cursor.at(0, GENESIS)))
        self.presence = Presence(self.fanout, self._say)
        self.showing = Showing(lambda: self.fanout.screens)
        self.review = Review(self.fanout, self.gate, self.presence)
        self.ear = hearing.Ear(self._heard)
        self.entries = 0
        self.lag_seconds = 0.0
        self._ready = asyncio.Event()
        self._poked = asyncio.Event()
        self._away = False
        self._rounds: list[asyncio.Future[None]] = []
        self._work: set[asyncio.Task[Any]] = set()
        for task in (self._follow(), self.review.run(), self._tick(), self.ear.listen()):
            self._start(task)

    @classmethod
    def here(cls) -> "Hub":
        """The hub of the running event loop, started when it is first asked for."""
        loop = asyncio.get_running_loop()
        if loop not in _HUBS:
            _HUBS[loop] = cls()
        return _HUBS[loop]

    @classmethod
    def known(cls) -> "Hub | None":
        return _HUBS.get(asyncio.get_running_loop())

    # screens -----------------------------------------------------------------------------------------------------

    async def enter(self, *, ticket: Ticket, cursor: Cursor | None, outlet: Outlet) -> Screen:
        """Let a screen in and begin to send. Raises Refused."""
        try:
            async with asyncio.timeout(READY_SECONDS):
                await self._ready.wait()
                window = self.fanout.window
                if cursor is not None and cursor.seq >= window.start and not window.knows(cursor):
                    await self.caught_up()  # it may come from a process that was quicker
        except TimeoutError:
            raise Refused(Close.TRY_LATER) from None
        while True:
            since = self.fanout.window.position.seq
            verdict = await self.gate.admit(ticket)
            if not isinstance(verdict, Standing):
                raise Refused(verdict)
            if not self.review.concerned(verdict.person.id, since):
                break
        screen = Screen(outlet, ticket, verdict)
        self.fanout.join(screen, cursor)
        self.review.look_ahead([screen])
        return screen

    def leave(self, screen: Screen) -> None:
        self.fanout.leave(screen)
        self.presence.leave(screen)

    async def look(self, screen: Screen, look: Look) -> None:
        """What a screen shows now, told to those who look at the same."""
        visible = look.doing != "left" and await self._sees(screen, look.about)
        self.presence.look(screen, look, visible=visible)

    async def _sees(self, screen: Screen, about: UUID) -> bool:
        try:
            found = await self.gate.ask(audiences_of, [about])
        except Unanswered:
            return False
        return screen.standing.access.sees(found.get(about, frozenset()))

    # the journal -------------------------------------------------------------------------------------------------

    async def caught_up(self) -> None:
        """Wait until all that is in the journal by now has been read."""
        done = self.loop.create_future()
        self._rounds.append(done)
        self._poked.set()
        await done

    async def _follow(self) -> None:
        while True:
            try:
                async with following.reader() as connection:
                    await self._begin(connection)
                    self._away = False
                    while True:
                        await self._round(connection)
                        await self._pause()
            except AWAY as error:
                if not self._away:
                    log.warning("the journal cannot be read", error=str(error))
                self._away = True
                await asyncio.sleep(RETRY_SECONDS)

    async def _begin(self, connection: following.Reader) -> None:
        if not self._ready.is_set():
            self.fanout.replace(Window.filled(await following.latest(connection)))
            self._ready.set()

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._poked.wait()
        except TimeoutError:
            return

    async def _round(self, connection: following.Reader) -> None:
        self._poked.clear()
        waiting, self._rounds = self._rounds, []
        try:
            while rows := await following.following(connection, self.fanout.window.position):
                await self._take(rows)
                if len(rows) < following.BATCH:
                    break
        except following.Replaced:
            log.error("the journal is another one than before: every screen loads again")
            self.fanout.replace(Window.filled(await following.latest(connection)))
        finally:
            for done in waiting:
                if not done.done():
                    done.set_result(None)

    async def _take(self, rows: Sequence[Row]) -> None:
        suspects = self.review.suspects(rows)
        self.entries += len(rows)
        await self.fanout.tell(rows, suspects)
        self.lag_seconds = (datetime.now(UTC) - rows[-1].at).total_seconds()
        withdrawn = {row.about for row in rows if row.about and row.withdraws}
        if suspects or not withdrawn.isdisjoint(self.presence.looked_at()):
            self.review.want({screen.person for screen in suspects})

    # every now and then ------------------------------------------------------------------------------------------

    async def _tick(self) -> None:
        told = said = self.loop.time()
        while True:
            await asyncio.sleep(POLL_SECONDS)
            now = self.loop.time()
            self.fanout.close_slow()
            self.showing.tell()
            self.presence.forget(now)
            self.review.tick(now)
            if now - told >= TOLD_SECONDS:
                told = now
                self.fanout.tell_cursor()
            if now - said >= SAY_SECONDS:
                said = now
                self.presence.say_all()

    # hints -------------------------------------------------------------------------------------------------------

    def _heard(self, channel: str, text: str) -> None:
        if channel == hearing.PRESENCE:
            self.presence.heard(text, self.loop.time())
        elif channel == LATEST:
            self.showing.heard(text)
        elif channel == hints.ACCESS:
            self.review.suspect(text)
        elif channel == hints.JOURNAL:
            if not text.isdigit() or int(text) > self.fanout.window.position.seq:
                self._poked.set()
        else:  # Redis is back: anything may have been missed
            self._poked.set()
            self.review.want(None)
            self.presence.ask_all()
            self.presence.say_all()

    def _say(self, text: str) -> None:
        self._start(self.ear.say(text))

    # life --------------------------------------------------------------------------------------------------------

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = self.loop.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._work.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.critical("the hub failed; the next socket starts a new one", exc_info=error)
            self.stop()

    def stop(self) -> None:
        """End all work and close every socket; they come back to a new hub."""
        if _HUBS.get(self.loop) is self:
            del _HUBS[self.loop]
        for task in tuple(self._work):
            task.cancel()
        for screen in self.fanout.screens:
            self.fanout.close(screen, Close.TRY_LATER)
        self.gate.stop()
