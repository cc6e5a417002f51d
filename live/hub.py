"""One hub for each live process: follows the journal, keeps rights fresh, and hands out news.

Its tasks: `_follow` reads the journal (hinted by Redis, and by its own clock each second), `_review` reads rights again
(hinted, and every 5 seconds), `_tick` does what is due now and then, and one listens to Redis.
"""

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
import structlog

from journal import hints
from journal.chain import GENESIS, Cursor
from live import following, hearing, rights
from live.fanout import Fanout, Screen
from live.frames import Close, Look
from live.gate import Gate, Unanswered
from live.lookers import SAY_SECONDS, Presence
from live.outlets import Outlet
from live.presence import audiences_of
from live.rights import Standing, Ticket
from live.window import Row, Window

log = structlog.get_logger(__name__)

POLL_SECONDS = 1.0
REVIEW_SECONDS = 5.0
BLIND_SECONDS = 15.0
TOLD_SECONDS = 5.0
READY_SECONDS = 5.0
RETRY_SECONDS = 0.25
AWAY = (psycopg.Error, TimeoutError, OSError)
ACCESS = "access."

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
        self.ear = hearing.Ear(self._heard)
        self.entries = 0
        self.lag_seconds = 0.0
        self._ready = asyncio.Event()
        self._poked = asyncio.Event()
        self._wanted = asyncio.Event()
        self._suspects: set[UUID] | None = set()  # None: everybody
        self._reviewed_at = self.loop.time()
        self._rounds: list[asyncio.Future[None]] = []
        self._work: set[asyncio.Task[Any]] = set()
        for task in (self._follow(), self._review(), self._tick(), self.ear.listen()):
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
            if not self._concerned(verdict.person.id, since):
                break
        screen = Screen(outlet, ticket, verdict)
        self.fanout.join(screen, cursor)
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

    def _concerned(self, person: UUID, since: int) -> bool:
        """Whether somebody's rights may have changed after a place."""
        return any(line.about == person and line.kind.startswith(ACCESS) for line in self.fanout.window.after(since))

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
                    while True:
                        await self._round(connection)
                        await self._pause()
            except AWAY as error:
                log.warning("the journal cannot be read", error=str(error))
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
        suspects = self._changed_by(rows)
        self.entries += len(rows)
        await self.fanout.tell(rows, suspects)
        self.lag_seconds = (datetime.now(UTC) - rows[-1].at).total_seconds()
        if suspects:
            self._want({screen.person for screen in suspects})
        self._recheck_looks(rows)

    def _changed_by(self, rows: Sequence[Row]) -> list[Screen]:
        """The screens of those whose rights these entries, or the time by now, may have changed."""
        people = self.fanout.people
        suspects = [s for r in rows if r.about in people and r.kind.startswith(ACCESS) for s in people[r.about]]
        return list({*suspects, *self._expired(rows[-1].at)})

    def _expired(self, at: datetime) -> Iterable[Screen]:
        return [s for s in self.fanout.screens if (until := s.standing.access.until) is not None and until <= at]

    def _recheck_looks(self, rows: Sequence[Row]) -> None:
        objects = self.presence.looked_at().intersection(row.about for row in rows if row.about and row.withdraws)
        if objects:
            self._start(self._check_looks(objects))

    async def _check_looks(self, objects: Iterable[UUID]) -> None:
        wanted = list(objects)
        try:
            found = await self.gate.ask(audiences_of, wanted)
        except Unanswered:
            found = {}
        self.presence.check({about: found.get(about, frozenset()) for about in wanted})

    # rights ------------------------------------------------------------------------------------------------------

    def _want(self, people: set[UUID] | None) -> None:
        """Have the rights of these people (None: of everybody) read again now."""
        self._suspects = None if people is None or self._suspects is None else self._suspects | people
        self._wanted.set()

    async def _review(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            people, self._suspects = self._suspects, set()
            began = self.loop.time()
            try:
                await self._judge(people)
            except Unanswered as error:
                log.warning("rights cannot be read", error=str(error))
                self._want(people)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                self._reviewed_at = began if people is None else self._reviewed_at

    async def _judge(self, people: set[UUID] | None) -> None:
        among = self.fanout.people if people is None else people & self.fanout.people.keys()
        screens = [screen for person in among for screen in self.fanout.people[person]]
        if screens:
            asked = [(screen, screen.holds) for screen in screens]
            held = {screen.ticket: screen.standing.person for screen in screens}
            verdicts = await self.gate.ask(rights.review, held)
            for screen, holds in asked:
                self.fanout.judge(screen, verdicts[screen.ticket], holds=holds)
        looked_at = self.presence.looked_at()
        if looked_at:
            await self._check_looks(looked_at)

    # every now and then ------------------------------------------------------------------------------------------

    async def _tick(self) -> None:
        reviewed = told = said = self.loop.time()
        while True:
            await asyncio.sleep(POLL_SECONDS)
            now = self.loop.time()
            self.fanout.close_slow()
            self.presence.forget(now)
            self._fail_closed(now)
            expired = {screen.person for screen in self._expired(datetime.now(UTC))}
            if now - reviewed > REVIEW_SECONDS - POLL_SECONDS:
                reviewed = now
                self._want(None)
            elif expired:
                self._want(expired)
            if now - told >= TOLD_SECONDS:
                told = now
                self.fanout.tell_cursor()
            if now - said >= SAY_SECONDS:
                said = now
                self.presence.say_all()

    def _fail_closed(self, now: float) -> None:
        if now - self._reviewed_at > BLIND_SECONDS and self.fanout.people:
            log.error("rights have not been readable for too long: every screen is closed")
            for screen in self.fanout.screens:
                self.fanout.close(screen, Close.TRY_LATER)

    # hints -------------------------------------------------------------------------------------------------------

    def _heard(self, channel: str, text: str) -> None:
        if channel == hearing.PRESENCE:
            self.presence.heard(text, self.loop.time())
        elif channel == hints.ACCESS:
            self._suspect(text)
        elif channel == hints.JOURNAL:
            if not text.isdigit() or int(text) > self.fanout.window.position.seq:
                self._poked.set()
        else:  # Redis is back: anything may have been missed
            self._poked.set()
            self._want(None)
            self.presence.ask_all()
            self.presence.say_all()

    def _suspect(self, text: str) -> None:
        try:
            person = UUID(text)
        except ValueError:
            return
        if person in self.fanout.people:
            self._want({person})

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
