"""News about reaching people. Subjects are the post's own words; no number, no address, no answer's text."""

from datetime import datetime
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


class RotaChanged(Event, frozen=True):
    """`what`: added, renamed, ended, layers, override, override_dropped, swap_proposed, swap_accepted, swap_refused,
    swap_withdrawn. `people`: whom it concerns; the times are those of the shift concerned."""

    kind: ClassVar[str] = "notifications.rota_changed"
    rota: str
    what: str
    people: list[UUID] = []
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    name: str = ""
    name_before: str = ""


class DrillStarted(Event, frozen=True):
    kind: ClassVar[str] = "notifications.drill_started"
    drill: UUID
    rotas: list[str]


class DrillEnded(Event, frozen=True):
    """`reached` of `called` people answered; `spared` were not called, their shift being over; `unmanned` rotas had
    nobody on call."""

    kind: ClassVar[str] = "notifications.drill_ended"
    drill: UUID
    called: int
    reached: int
    unmanned: int
    spared: int = 0


class ContactChanged(Event, frozen=True):
    """How somebody is reached; never to what. `what`: preferences, browser_added, browser_removed, calendar,
    calendar_closed."""

    kind: ClassVar[str] = "notifications.contact_changed"
    what: str


class AlarmRaised(Event, frozen=True):
    """Something of the house itself is late or silent; see `Alarm`."""

    kind: ClassVar[str] = "notifications.alarm_raised"
    alarm: int
    key: str
    of: str
    count: int
    oldest: datetime


class AlarmCleared(Event, frozen=True):
    kind: ClassVar[str] = "notifications.alarm_cleared"
    alarm: int
    key: str
    of: str
