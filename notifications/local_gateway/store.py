"""What has arrived, in memory, the newest last."""

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Protocol

KEPT = 5000


class Owner(Protocol):
    """Whose telephone or letter box it is: shown beside the number, and nothing more."""

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> object: ...


@dataclass(slots=True)
class Item:
    """One message as its receiver got it. `kind`: sms, voice, email; or reply, answer for what goes the other way."""

    id: str
    kind: str
    to: str
    text: str
    subject: str = ""
    code: str = ""
    language: str = "fr"
    received_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    times: int = 1
    with_key: str = ""


class Store:
    """Safe for many threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._items: deque[Item] = deque(maxlen=KEPT)
        self._by_id: dict[str, Item] = {}

    def take(self, item: Item) -> bool:
        """Keep a message; False when its id has come before: then it is only counted."""
        with self._lock:
            known = self._by_id.get(item.id)
            if known is not None:
                known.times += 1
                return False
            if len(self._items) == KEPT:
                del self._by_id[self._items[0].id]
            self._items.append(item)
            self._by_id[item.id] = item
            return True

    def get(self, id_: str) -> Item | None:
        with self._lock:
            return self._by_id.get(id_)

    def all(self) -> list[Item]:
        with self._lock:
            return list(self._items)

    def threads(self) -> list[tuple[str, list[Item]]]:
        """By receiver, whoever was written to last first."""
        found: dict[str, list[Item]] = {}
        for item in self.all():
            mine = found.pop(item.to, [])
            found[item.to] = [*mine, item]
        return list(reversed(found.items()))
