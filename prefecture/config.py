"""The link's configuration, read from the settings each time it is asked: who, where, with which keys."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings

from prefecture.wire import envelope
from prefecture.wire.signing import Checker, Signer, peer_keys, private_key


@dataclass(frozen=True)
class Us:
    """The two names in every envelope."""

    ours: str
    our_name: str
    theirs: str
    their_name: str

    @property
    def outgoing(self) -> dict[str, Any]:
        return envelope.address(
            sender=self.ours, sender_name=self.our_name, recipient=self.theirs, recipient_name=self.their_name
        )


def us() -> Us:
    return Us(
        ours=settings.PREFECTURE_OUR_ID,
        our_name=settings.PREFECTURE_OUR_NAME,
        theirs=settings.PREFECTURE_PEER_ID,
        their_name=settings.PREFECTURE_PEER_NAME,
    )


def is_set_up() -> bool:
    """Whether messages can leave at all."""
    return bool(settings.PREFECTURE_URL and settings.PREFECTURE_KEY)


def signer() -> Signer | None:
    """Our key, or None where the link is not set up. Raises ValueError for a key that is none."""
    return _signer(settings.PREFECTURE_KEY_ID, settings.PREFECTURE_KEY) if settings.PREFECTURE_KEY else None


@cache
def _signer(key_id: str, key: str) -> Signer:
    return Signer(key_id, private_key(key))


def checker() -> Checker:
    """The other side's keys. Raises ValueError."""
    return _checker(tuple(settings.PREFECTURE_PEER_KEYS))


@cache
def _checker(lines: tuple[str, ...]) -> Checker:
    return Checker(tuple(peer_keys(list(lines))))
