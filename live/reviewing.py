"""Keeping rights fresh: read again when hinted, when the journal or the clock says so, and every 5 seconds for all."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from uuid import UUID

import structlog

from live import rights
from live.fanout import Fanout, Screen
from live.frames import Close
from live.gate import Gate, Unanswered
from live.lookers import Presence
from live.presence import audiences_of
from live.window import Row

log = structlog.get_logger(__name__)

REVIEW_SECONDS = 5.0
BLIND_SECONDS = 15.0
RETRY_SECONDS = 0.25
ACCESS = "access."  # entries of these kinds, about a person, may change that person's rights


class Review:
    """Asks, and has the fan-out act on the answers. `run` is a task of the hub's."""

    def __init__(self, fanout: Fanout, gate: Gate, presence: Presence) -> None:
        self._fanout, self._gate, self._presence = fanout, gate, presence
        self._clock = asyncio.get_running_loop().time
        self._wanted = asyncio.Event()
        self._people: set[UUID] | None = set()  # None: everybody
        self._asked_at = self._done_at = self._clock()
        self._soonest: datetime | None = None  # when somebody's rights next change by themselves

    def want(self, people: set[UUID] | None) -> None:
        """Have the rights of these people (None: of everybody) read again now."""
        self._people = None if people is None or self._people is None else self._people | people
        self._wanted.set()

    def suspect(self, text: str) -> None:
        """A hint that somebody's rights changed: the person's id."""
        try:
            person = UUID(text)
        except ValueError:
            return
        if person in self._fanout.people:
            self.want({person})

    async def run(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            people, self._people = self._people, set()
            began = self._clock()
            try:
                await self._review(people)
            except Unanswered as error:
                log.warning("rights cannot be read", error=str(error))
                self.want(people)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                self._done_at = began if people is None else self._done_at

    async def _review(self, people: set[UUID] | None) -> None:
        among = self._fanout.people if people is None else people & self._fanout.people.keys()
        screens = [screen for person in among for screen in self._fanout.people[person]]
        if screens:
            asked = [(screen, screen.holds) for screen in screens]
            held = {screen.ticket: screen.standing.person for screen in screens}
            verdicts = await self._gate.ask(rights.review, held)
            for screen, holds in asked:
                self._fanout.judge(screen, verdicts[screen.ticket], holds=holds)
            self.look_ahead(screens)
        if looked_at := self._presence.looked_at():
            await self._check_looks(looked_at)

    def tick(self, now: float) -> None:
        """Once a second: what is due, and closing everything when rights have been unreadable for 15 seconds."""
        self._soonest = None
        self.look_ahead(self._fanout.screens)
        if now - self._asked_at > REVIEW_SECONDS - 1:
            self._asked_at = now
            self.want(None)
        elif expired := self._expired(datetime.now(UTC)):
            self.want({screen.person for screen in expired})
        if now - self._done_at > BLIND_SECONDS and self._fanout.people:
            log.error("rights have not been readable for too long: every screen is closed")
            for screen in self._fanout.screens:
                self._fanout.close(screen, Close.TRY_LATER)

    # what the journal says ---------------------------------------------------------------------------------------

    def suspects(self, rows: Sequence[Row]) -> list[Screen]:
        """The screens of those whose rights these entries, or the time by now, may have changed."""
        people = self._fanout.people
        concerned = [s for r in rows if r.about in people and r.kind.startswith(ACCESS) for s in people[r.about]]
        return list({*concerned, *self._expired(rows[-1].at)})

    def concerned(self, person: UUID, since: int) -> bool:
        """Whether somebody's rights may have changed after a place."""
        return any(line.about == person and line.kind.startswith(ACCESS) for line in self._fanout.window.after(since))

    def look_ahead(self, screens: Iterable[Screen]) -> None:
        ends = [until for screen in screens if (until := screen.standing.access.until) is not None]
        self._soonest = min([*ends, *([self._soonest] if self._soonest else [])], default=None)

    def _expired(self, at: datetime) -> list[Screen]:
        if self._soonest is None or at < self._soonest:
            return []
        screens = self._fanout.screens
        return [s for s in screens if (until := s.standing.access.until) is not None and until <= at]

    async def _check_looks(self, objects: Collection[UUID]) -> None:
        """Whether those who look at these objects still may."""
        found = await self._gate.ask(audiences_of, objects)
        self._presence.check({about: found.get(about, frozenset()) for about in objects})
