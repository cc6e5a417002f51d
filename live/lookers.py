"""Who looks at what, right now. Never stored: each live process tells the others, and silence is forgotten.

Only somebody who may see an object can look at it (live.presence knows how each room's are protected), and only those
who look at it are told who else does.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from uuid import UUID, uuid4

import msgspec

from live import frames
from live.fanout import Fanout, Screen
from live.frames import Doing, Look, Looker

SAY_SECONDS = 10.0
FORGET_SECONDS = 25.0


class Saying(msgspec.Struct, frozen=True):
    """What one process tells the others. `people` are those who look at `about` through it; no `about`: tell me all."""

    process: UUID
    about: UUID | None = None
    people: tuple[Looker, ...] = ()


class Presence:
    """The lookers of this process, and what the others said of theirs."""

    def __init__(self, fanout: Fanout, say: Callable[[str], None]) -> None:
        self._me = uuid4()
        self._fanout, self._say_text = fanout, say
        self._here: dict[UUID, set[Screen]] = defaultdict(set)
        self._there: dict[UUID, dict[UUID, tuple[float, tuple[Looker, ...]]]] = defaultdict(dict)
        self._decoder = msgspec.json.Decoder(Saying)

    def looked_at(self) -> frozenset[UUID]:
        return frozenset(self._here)

    def look(self, screen: Screen, look: Look, *, visible: bool) -> None:
        """A screen shows something else now. An object that this person may not see is as if it did not exist."""
        before = screen.look
        if before is not None and before.about != look.about:
            self.leave(screen)
        if look.doing == "left" or not visible or not screen.open:
            self.leave(screen)
        elif before != look:
            screen.look = look
            self._here[look.about].add(screen)
            self._changed(look.about)

    def leave(self, screen: Screen) -> None:
        """A screen shows nothing any more."""
        if screen.look is None:
            return
        about, screen.look = screen.look.about, None
        self._here[about].discard(screen)
        if not self._here[about]:
            del self._here[about]
        self._changed(about)

    def check(self, audiences: Mapping[UUID, frozenset[str]]) -> None:
        """Take away those who may not see any more what they look at."""
        for about, seen_by in audiences.items():
            for screen in tuple(self._here.get(about, ())):
                if not screen.held and seen_by.isdisjoint(screen.audiences):  # a held one is checked again soon
                    self.leave(screen)

    def heard(self, text: str, now: float) -> None:
        """Take what another process said; something unreadable is nobody's business."""
        try:
            said = self._decoder.decode(text)
        except ValueError:
            return
        if said.process == self._me:
            return
        if said.about is None:
            self.say_all()
            return
        others = self._there[said.about]
        before = others.pop(said.process, (0.0, ()))[1]
        if said.people:
            others[said.process] = (now, said.people)
        if before != said.people:
            self._tell(said.about)

    def ask_all(self) -> None:
        self._say(Saying(self._me))

    def say_all(self) -> None:
        for about in self._here:
            self._say(Saying(self._me, about, self._lookers_here(about)))

    def forget(self, now: float) -> None:
        """Drop what processes said that have been silent since."""
        for about, others in list(self._there.items()):
            silent = [process for process, (at, _people) in others.items() if now - at > FORGET_SECONDS]
            for process in silent:
                del others[process]
            if silent:
                self._tell(about)
            if not others:
                del self._there[about]

    def _changed(self, about: UUID) -> None:
        self._say(Saying(self._me, about, self._lookers_here(about)))
        self._tell(about)

    def _say(self, saying: Saying) -> None:
        self._say_text(msgspec.json.encode(saying).decode())

    def _tell(self, about: UUID) -> None:
        screens = self._here.get(about)
        if not screens:
            return
        elsewhere = (people for _at, people in self._there.get(about, {}).values())
        frame = frames.presence(about, _merged([self._lookers_here(about), *elsewhere]))
        for screen in tuple(screens):
            self._fanout.post(screen, about, frame)

    def _lookers_here(self, about: UUID) -> tuple[Looker, ...]:
        shown = [(screen, screen.look) for screen in self._here.get(about, ())]
        people = [(screen.standing.person, look.doing) for screen, look in shown if look is not None]
        return _merged([tuple(Looker(person.id, person.name, Doing(doing)) for person, doing in people)])


def _merged(groups: Iterable[tuple[Looker, ...]]) -> tuple[Looker, ...]:
    """Each person once, by name; whoever edits on one screen edits."""
    people: dict[UUID, Looker] = {}
    for looker in (looker for group in groups for looker in group):
        if looker.id not in people or looker.doing is Doing.EDITING:
            people[looker.id] = looker
    return tuple(sorted(people.values(), key=lambda looker: (looker.name, looker.id)))
