"""What a channel is given, and what it says afterwards."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from journal.exercise import marked


@dataclass(frozen=True, slots=True)
class Browser:
    """A subscription to web push: where to send, and the browser's two keys (base64url)."""

    id: UUID
    endpoint: str
    public: str
    auth: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery, ready to go. `key` is the same in every attempt; `link` is absolute or empty; `code` answers it."""

    key: UUID
    message: UUID
    channel: str
    address: str
    language: str
    urgency: str
    subject: str
    body: str
    link: str
    code: str
    browsers: tuple[Browser, ...] = ()

    def __post_init__(self) -> None:
        """Whatever the channel: in an exercise its first word says so."""
        object.__setattr__(self, "subject", marked(self.subject))


@dataclass(frozen=True, slots=True)
class Outcome:
    """`sent`: the provider has it. `later`: it may have it or not, try again with the same key. `failed`: never so.

    `not_tried`: its provider is left alone just now, which counts as no attempt.
    `why` is a code of `notifications.wording.WHY`, `said` the provider's own words, `gone` browsers that are no more.
    """

    state: Literal["sent", "later", "not_tried", "failed"]
    why: str = ""
    said: str = ""
    reference: str = ""
    gone: tuple[UUID, ...] = ()


def sent(reference: str = "", gone: tuple[UUID, ...] = ()) -> Outcome:
    return Outcome("sent", reference=reference[:120], gone=gone)


def later(why: str, said: object = "") -> Outcome:
    return Outcome("later", why, str(said)[:200])


def not_tried(why: str) -> Outcome:
    return Outcome("not_tried", why)


def failed(why: str, said: object = "", gone: tuple[UUID, ...] = ()) -> Outcome:
    return Outcome("failed", why, str(said)[:200], gone=gone)
