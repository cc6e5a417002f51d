"""Handing out latest-only news: each second, to the screens that asked for a topic, what changed and they may see."""

from collections import defaultdict
from collections.abc import Callable
from uuid import UUID

import msgspec

from live import frames
from live.fanout import NOT_LEVEL, Screen
from live.frames import Frame, Want
from live.latest import Item, News

MOST = 20_000  # things a topic may change within a second


class Showing:
    """What changed since it was last handed out, by topic; at most one frame a topic and second for each screen.

    A screen that is behind, full or whose rights are being read gets nothing now: what it misses comes with the next
    change, and its page asks for everything when it comes back.
    """

    def __init__(self, screens: Callable[[], list[Screen]]) -> None:
        self._screens = screens
        self._changed: dict[str, dict[UUID, Item]] = defaultdict(dict)
        self._decoder = msgspec.json.Decoder(News)

    def heard(self, text: str) -> None:
        """Take what a web process said; something unreadable is nobody's business."""
        try:
            news = self._decoder.decode(text)
        except ValueError:
            return
        changed = self._changed[news.topic]
        changed.update({item.id: item for item in news.items if item.id in changed or len(changed) < MOST})

    @staticmethod
    def want(screen: Screen, want: Want) -> None:
        screen.topics = frozenset(want.topics)

    def tell(self) -> None:
        """Hand out what changed, once for each distinct set of audiences."""
        changed, self._changed = self._changed, defaultdict(dict)
        for topic, items in changed.items():
            alike: dict[frozenset[str], list[Screen]] = defaultdict(list)
            for screen in self._screens():
                if topic in screen.topics and screen.at != NOT_LEVEL and not screen.held:
                    alike[screen.audiences].append(screen)
            for audiences, members in alike.items():
                frame = _frame(topic, items, audiences)
                for screen in members if frame else ():
                    screen.outlet.offer(frame)  # type: ignore[arg-type]  # not None, as just seen


def _frame(topic: str, items: dict[UUID, Item], audiences: frozenset[str]) -> Frame | None:
    seen = [item.body for item in items.values() if not audiences.isdisjoint(item.audiences)]
    return frames.latest(topic, seen) if seen else None
