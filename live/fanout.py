"""Handing news to screens: the same bytes to all who see the same, each screen exactly once and in order.

A screen is *level* when it has had everything up to the window's position; level screens are told together. Any other
screen is *behind*: it is fed from the window at the pace at which it reads, until it is level. Coming back after a cut,
reading slowly and changing rights are all the same case. Nothing here waits for a screen.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from journal.chain import Cursor
from live import frames
from live.frames import Close, Frame, Look
from live.outlets import Outlet
from live.rights import Standing, Ticket
from live.window import Portion, Row, Window

WAITING_LIMIT = 256 * 1024
NOT_LEVEL = -1


@dataclass(slots=True, eq=False)
class Screen:
    """One socket. `at` is what it has had while it is level, `resume` where it goes on otherwise."""

    outlet: Outlet
    ticket: Ticket
    standing: Standing
    at: int = NOT_LEVEL
    resume: int = 0
    told: int = 0
    stale: bool = False
    held: bool = False
    holds: int = 0
    open: bool = True
    over: int = 0
    feeding: asyncio.Task[None] | None = None
    notes: dict[UUID, Frame] = field(default_factory=dict)
    look: Look | None = None
    topics: frozenset[str] = frozenset()

    @property
    def person(self) -> UUID:
        return self.standing.person.id

    @property
    def audiences(self) -> frozenset[str]:
        return self.standing.access.audiences


class Fanout:
    """The open screens of one process, by what they see and by person."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.people: dict[UUID, set[Screen]] = defaultdict(set)
        self.deliveries = 0
        self.closed: Counter[int] = Counter()
        self._groups: dict[frozenset[str], set[Screen]] = defaultdict(set)
        self._behind: set[Screen] = set()

    @property
    def screens(self) -> list[Screen]:
        return [screen for screens in self.people.values() for screen in screens]

    # coming and going --------------------------------------------------------------------------------------------

    def join(self, screen: Screen, cursor: Cursor | None) -> None:
        """Begin to send: hello, what it missed since its cursor (or `reset`), then everything new."""
        position = self.window.position
        known = cursor is not None and self.window.knows(cursor)
        start = cursor if cursor is not None and known else position
        person = screen.standing.person
        screen.outlet.offer(frames.hello(cursor=start, person=person.id, name=person.name))
        screen.resume = screen.told = start.seq
        screen.stale = cursor is not None and not known
        self.people[screen.person].add(screen)
        self._go(screen)

    def leave(self, screen: Screen) -> None:
        """Forget a screen. Harmless when it is forgotten already."""
        screen.open = False
        self._unlevel(screen)
        self._behind.discard(screen)
        screens = self.people.get(screen.person)
        if screens is not None:
            screens.discard(screen)
            if not screens:
                del self.people[screen.person]

    def close(self, screen: Screen, code: Close) -> None:
        """Forget a screen and tell it why."""
        if screen.open:
            self.leave(screen)
            self.closed[int(code)] += 1
            screen.outlet.close(code)

    # rights ------------------------------------------------------------------------------------------------------

    def hold(self, screen: Screen) -> None:
        """Send nothing until its rights have been read again."""
        screen.held = True
        screen.holds += 1
        self._unlevel(screen)
        self._behind.discard(screen)

    def judge(self, screen: Screen, verdict: Standing | Close, *, holds: int) -> None:
        """Apply what a check of rights found. Changed rights mean that its picture is wrong: it loads again.

        `holds` is the screen's own from before the check: one that was held meanwhile waits for the next check.
        """
        if not screen.open or screen.holds != holds:
            return
        if isinstance(verdict, Close):
            self.close(screen, verdict)
            return
        changed = not screen.standing.same_rights(verdict)
        if changed:
            self._unlevel(screen)
        screen.standing = verdict
        screen.stale = screen.stale or changed
        if changed or screen.held:
            screen.held = False
            self._go(screen)

    # news --------------------------------------------------------------------------------------------------------

    async def tell(self, rows: Sequence[Row], suspects: Iterable[Screen]) -> None:
        """Take entries in and send them on, but not to those whose rights they may have changed."""
        after = self.window.position.seq
        self.window.append(rows)
        for screen in suspects:
            self.hold(screen)
        present = frozenset[str]().union(*(line.audiences for line in self.window.after(after)))
        alike: dict[frozenset[str], list[Screen]] = defaultdict(list)
        for audiences, screens in self._groups.items():
            alike[audiences & present].extend(screens)
        for shared, members in alike.items():
            await self._tell_alike(shared, members, after)

    async def _tell_alike(self, shared: frozenset[str], members: Sequence[Screen], after: int) -> None:
        end = self.window.position.seq
        while after < end:
            portion = self.window.take(shared, after)
            self._hand_out(portion, members, after)
            after = portion.upto.seq
            if after < end:
                await asyncio.sleep(0)

    def _hand_out(self, portion: Portion, members: Sequence[Screen], after: int) -> None:
        # A screen that left, moved or fell behind meanwhile is no longer at `after`, so nothing comes twice.
        frame, upto = portion.frame, portion.upto.seq
        for screen in members:
            if screen.at != after:
                continue
            if frame is None:
                screen.at = upto
            elif screen.outlet.offer(frame):
                screen.at = screen.told = upto
                self.deliveries += portion.count
            else:
                self._fall_behind(screen)

    def replace(self, window: Window) -> None:
        """This is another journal than before (a restored database): everybody loads everything again."""
        self.window = window
        for screen in self.screens:
            self._unlevel(screen)
            screen.stale = True
            self._go(screen)

    def post(self, screen: Screen, about: UUID, frame: Frame) -> None:
        """Send something outside the journal; of several about the same object the last one counts."""
        screen.notes[about] = frame
        if screen.at != NOT_LEVEL:
            self._fall_behind(screen)

    # catching up -------------------------------------------------------------------------------------------------

    def _fall_behind(self, screen: Screen) -> None:
        screen.resume = screen.at
        self._unlevel(screen)
        self._go(screen)

    def _unlevel(self, screen: Screen) -> None:
        if screen.at != NOT_LEVEL:
            screen.resume, screen.at = screen.at, NOT_LEVEL
            members = self._groups[screen.audiences]
            members.discard(screen)
            if not members:
                del self._groups[screen.audiences]
        if screen.feeding is not None and screen.feeding is not asyncio.current_task():
            screen.feeding.cancel()
        screen.feeding = None

    def _go(self, screen: Screen) -> None:
        if screen.feeding is None and not self._advance(screen):
            self._behind.add(screen)
            screen.feeding = asyncio.create_task(self._feed(screen))

    async def _feed(self, screen: Screen) -> None:
        while not self._advance(screen):
            await screen.outlet.room()

    def _advance(self, screen: Screen) -> bool:
        """Send what can be sent now. True when no more is to be done: level, held, or gone."""
        while screen.open and not screen.held:
            sent = self._send_next(screen)
            if not sent:
                return False
            if screen.at != NOT_LEVEL:
                break
        return True

    def _send_next(self, screen: Screen) -> bool:
        """One step towards being level; False when the socket is full."""
        position = self.window.position
        if screen.stale or screen.resume < self.window.start:
            if not screen.outlet.offer(frames.reset(position)):
                return False
            screen.stale, screen.resume, screen.told = False, position.seq, position.seq
        elif screen.resume < position.seq:
            return self._send_portion(screen)
        elif screen.notes:
            about = next(iter(screen.notes))
            if not screen.outlet.offer(screen.notes[about]):
                return False
            del screen.notes[about]
        else:
            self._level(screen)
        return True

    def _send_portion(self, screen: Screen) -> bool:
        portion = self.window.take(screen.audiences, screen.resume)
        if portion.frame is not None:
            if not screen.outlet.offer(portion.frame):
                return False
            screen.told = portion.upto.seq
            self.deliveries += portion.count
        screen.resume = portion.upto.seq
        return True

    def _level(self, screen: Screen) -> None:
        screen.at, screen.feeding, screen.over = screen.resume, None, 0
        self._behind.discard(screen)
        self._groups[screen.audiences].add(screen)

    # every now and then ------------------------------------------------------------------------------------------

    def close_slow(self) -> None:
        """Close those for whom more than 256 KiB wait, now and at the last call: a burst alone makes nobody slow."""
        for screen in tuple(self._behind):
            much = self.window.more_waits(WAITING_LIMIT, screen.audiences, screen.resume)
            screen.over = screen.over + 1 if much or screen.resume < self.window.start else 0
            if screen.over > 1:
                self.close(screen, Close.SLOW)

    def tell_cursor(self) -> None:
        """Tell screens that saw nothing of the latest entries how far they are, so that they come back near the end."""
        position = self.window.position
        frame = frames.entries((), position)
        for screens in self._groups.values():
            for screen in screens:
                if screen.told != position.seq and screen.at == position.seq and screen.outlet.offer(frame):
                    screen.told = position.seq
