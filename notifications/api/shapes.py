"""What the API takes and gives about messages, rotas and drills: shapes only."""

from datetime import date, datetime, time
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from access.models import Person
from journal.api.pages import CursorText, Instant, PageSize
from notifications.models import Contact, Message, Rota
from notifications.shifts import Span

NUL_FREE = r"^[^\u0000]*$"
Reason = Annotated[str, Meta(max_length=200, pattern=NUL_FREE)]
Outside = Literal["sms", "voice", "push", "email"]
Channels = Annotated[list[Outside], Meta(max_length=4)]
Key = Annotated[str, Meta(max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]
LocalTime = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is sent to us has no member that we do not know."""


class DeliveryShape(msgspec.Struct, frozen=True):
    """How it went by one channel; `why` is a code, empty where there is nothing to say."""

    channel: str
    state: str
    why: str
    sent_at: datetime | None
    delivered_at: datetime | None


class MessageShape(msgspec.Struct, frozen=True):
    """`does`: what acknowledging it does, in words, while that is awaited."""

    id: UUID
    subject: str
    body: str
    urgency: str
    about: UUID | None
    url: str
    state: str
    told_at: datetime
    read_at: datetime | None
    wants_ack: bool
    acknowledged_at: datetime | None
    acknowledged_by: str
    does: str
    deliveries: list[DeliveryShape]


class MessagesShape(msgspec.Struct, frozen=True):
    """`next`: cursor of the following page."""

    results: list[MessageShape]
    unread: int
    next: str | None


class MessagesQuery(Strict, frozen=True, kw_only=True):
    cursor: CursorText = ""
    limit: PageSize = 50


class PreferencesShape(msgspec.Struct, frozen=True):
    phone: str
    vital: list[str]
    urgent: list[str]
    normal: list[str]
    quiet_from: str | None
    quiet_until: str | None
    cap: int


class PreferencesBody(Strict, frozen=True, kw_only=True):
    """One's own number and wishes. Channels in the order in which they are tried."""

    phone: Annotated[str, Meta(max_length=30, pattern=NUL_FREE)] = ""
    vital: Channels = msgspec.field(default_factory=lambda: ["sms", "push", "voice", "email"])
    urgent: Channels = msgspec.field(default_factory=lambda: ["push", "sms", "email"])
    normal: Channels = msgspec.field(default_factory=lambda: ["email", "push"])
    quiet_from: LocalTime | None = None
    quiet_until: LocalTime | None = None
    cap: Annotated[int, Meta(ge=1, le=60)] = 6


class SubscriptionBody(Strict, frozen=True, kw_only=True):
    """As a browser gives it: `public` is its p256dh."""

    endpoint: Annotated[str, Meta(max_length=600, pattern=r"^[!-~]+$")]
    public: Annotated[str, Meta(max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]
    auth: Annotated[str, Meta(max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]
    device: Annotated[str, Meta(max_length=200, pattern=NUL_FREE)] = ""


class IdShape(msgspec.Struct, frozen=True):
    id: UUID


class PersonShape(msgspec.Struct, frozen=True):
    id: UUID
    name: str


class RotaShape(msgspec.Struct, frozen=True):
    """`on_call`: whoever is, at the instant that was asked for; null when nobody is."""

    id: UUID
    key: str
    name: str
    organisation: UUID
    version: int
    on_call: PersonShape | None
    ended_at: datetime | None


class RotasShape(msgspec.Struct, frozen=True):
    at: datetime
    results: list[RotaShape]


class AtQuery(Strict, frozen=True, kw_only=True):
    """An instant; none is now."""

    at: Instant | None = None


class SpanQuery(Strict, frozen=True, kw_only=True):
    """Between two instants, at most 92 days apart."""

    since: Instant
    until: Instant


class SpanShape(msgspec.Struct, frozen=True):
    """Nobody (`person` null) is a gap. `by`: the layer, or the reason of the override."""

    start: datetime
    end: datetime
    person: UUID | None
    by: str
    override: UUID | None


class SpansShape(msgspec.Struct, frozen=True):
    results: list[SpanShape]


class LayerBody(Strict, frozen=True, kw_only=True):
    """Times are the wall clock's in Paris. `people` in the order of their turns."""

    name: Annotated[str, Meta(min_length=1, max_length=80, pattern=NUL_FREE)]
    people: Annotated[list[UUID], Meta(min_length=1, max_length=100)]
    starts_on: date
    turn_days: Annotated[int, Meta(ge=1, le=28)] = 7
    handover_at: LocalTime = "08:00"
    weekdays: Annotated[list[Annotated[int, Meta(ge=0, le=6)]], Meta(max_length=7)] = []
    hours_from: LocalTime | None = None
    hours_until: LocalTime | None = None


class RotaBody(Strict, frozen=True, kw_only=True):
    """`key`: what policies name it by, never changed; made from the name when empty."""

    name: Annotated[str, Meta(min_length=1, max_length=120, pattern=NUL_FREE)]
    organisation: UUID
    key: Annotated[str, Meta(max_length=50, pattern=r"^[a-z0-9-]*$")] = ""


class RotaNameBody(Strict, frozen=True, kw_only=True):
    name: Annotated[str, Meta(min_length=1, max_length=120, pattern=NUL_FREE)]


class LayersBody(Strict, frozen=True, kw_only=True):
    """All layers, the one on top first."""

    layers: Annotated[list[LayerBody], Meta(max_length=20)]


class OverrideBody(Strict, frozen=True, kw_only=True):
    person: UUID
    starts_at: Instant
    ends_at: Instant
    reason: Reason = ""


class ShiftBody(Strict, frozen=True, kw_only=True):
    start: Instant
    end: Instant


class SwapBody(Strict, frozen=True, kw_only=True):
    """`give`: one's own shift; `take`: one of theirs in return."""

    asked_to: UUID
    give: ShiftBody
    take: ShiftBody | None = None
    reason: Reason = ""


class SwapAnswerBody(Strict, frozen=True, kw_only=True):
    accept: bool


class SwapShape(msgspec.Struct, frozen=True):
    id: UUID
    state: str


class DrillBody(Strict, frozen=True, kw_only=True):
    """`rotas`: ids; none for all in sight."""

    rotas: Annotated[list[UUID], Meta(max_length=100)] = []
    minutes: Annotated[int, Meta(ge=1, le=120)] = 10


class DrillLineShape(msgspec.Struct, frozen=True):
    """`state`: answered, late, waiting, silent, spared (the shift was over before the call left), or nobody (on call).
    `seconds` until the answer."""

    rota: str
    person: str
    state: str
    channel: str
    seconds: float | None


class DrillShape(msgspec.Struct, frozen=True):
    id: UUID
    ends_at: datetime
    running: bool
    called: int
    reached: int
    unmanned: int
    spared: int
    lines: list[DrillLineShape]


class NothingBody(Strict, frozen=True, kw_only=True):
    """The act needs no words."""


def message_of(message: Message, does: str) -> MessageShape:
    deliveries = [
        DeliveryShape(row.channel, row.state, row.why, row.sent_at, row.delivered_at)
        for row in sorted(message.deliveries.all(), key=lambda row: row.place)
    ]
    return MessageShape(
        message.id, message.subject, message.body, message.urgency, message.about, message.url, message.state,
        message.told_at, message.read_at, message.wants_ack, message.acknowledged_at, message.acknowledged_by, does,
        deliveries,
    )  # fmt: skip


def preferences_of(contact: Contact) -> PreferencesShape:
    return PreferencesShape(
        contact.phone, contact.vital, contact.urgent, contact.normal, _hour(contact.quiet_from),
        _hour(contact.quiet_until), contact.cap,
    )  # fmt: skip


def _hour(at: time | None) -> str | None:
    return f"{at:%H:%M}" if at else None


def rota_of(rota: Rota, person: Person | None) -> RotaShape:
    on_call = PersonShape(person.id, person.name) if person else None
    return RotaShape(rota.id, rota.key, rota.name, rota.organisation_id, rota.version, on_call, rota.ended_at)


def span_of(span: Span) -> SpanShape:
    return SpanShape(span.start, span.end, span.person, span.by, span.override)
