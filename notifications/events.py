"""News about reaching people. Subjects are the post's own words; no number, no address, no answer's text."""

from typing import ClassVar
from uuid import UUID

from journal.events import Event


class Told(Event, frozen=True):
    """Somebody is told something; their open screens show it."""

    kind: ClassVar[str] = "notifications.told"
    message: UUID
    subject: str
    urgency: str
    url: str
    wants_ack: bool


class Acknowledged(Event, frozen=True):
    kind: ClassVar[str] = "notifications.acknowledged"
    message: UUID
    key: str
    channel: str


class Unreached(Event, frozen=True):
    """No channel got through to somebody; `channels` were tried."""

    kind: ClassVar[str] = "notifications.unreached"
    message: UUID
    key: str
    person: UUID
    channels: list[str]
