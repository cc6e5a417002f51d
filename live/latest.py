"""News of which only the newest counts, and which is too frequent for the journal: where vehicles are.

Never stored here, and lost while Redis is away: a screen then asks the room's own address again from time to time.
Light on purpose: every process imports it; handing out is live.showing, in live processes alone.
"""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from journal import hints

LATEST = "latest"


class Item(msgspec.Struct, frozen=True):
    """One thing as it is now: `body` is the JSON that screens get, an object."""

    id: UUID
    audiences: Sequence[str]
    body: msgspec.Raw


class News(msgspec.Struct, frozen=True):
    topic: str
    items: Sequence[Item]


def publish(topic: str, items: Sequence[Item]) -> bool:
    """Tell every live process, at best effort; call it after the commit. False when Redis did not take it."""
    return not items or hints.publish(LATEST, msgspec.json.encode(News(topic, items)).decode())
