"""The envelope: EDXL-DE 2.0 as the French emergency-services hub profiles it, in JSON, closed at every level.

    {"distributionID", "senderID", "dateTimeSent", "dateTimeExpires", "distributionStatus", "distributionKind",
     "descriptor": {"language", "explicitAddress": {"explicitAddressScheme", "explicitAddressValue"}},
     "content": [{"jsonContent": {"embeddedJsonContent": {"message": {…}}}}]}

The message is typed by its `kind`, with a `body` of that kind (see `kinds`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, reduce
from hashlib import sha256
from operator import or_
from typing import Annotated, Any, Literal, TypeVar, cast
from uuid import UUID

import msgspec
from msgspec import Meta

from journal.api.errors import Malformed
from journal.api.parsing import parse_json
from prefecture.wire.errors import InvalidMessage
from prefecture.wire.kinds import BODIES, UNNUMBERED, Kind
from prefecture.wire.shapes import Line, Stamp, Strict
from prefecture.wire.times import instant, stamp

CAP_BYTES = 256 * 1024
T = TypeVar("T")
SCHEME: Literal["cod-link"] = "cod-link"
PAGE_BYTES = 4 * 1024 * 1024  # of messages in one page of a replay
GENERAL = UUID(int=0)  # the channel of what belongs to no crisis
Party = Annotated[str, Meta(min_length=3, max_length=100, pattern=r"^[a-z0-9][a-z0-9.-]*$")]
DistributionKind = Literal["Report", "Update", "Cancel", "Ack", "Error"]


class ExplicitAddress(Strict, frozen=True, kw_only=True):
    explicitAddressScheme: Literal["cod-link"]
    explicitAddressValue: Party


class Descriptor(Strict, frozen=True, kw_only=True):
    language: Literal["fr-FR"]
    explicitAddress: ExplicitAddress


class Role(Strict, frozen=True, kw_only=True):
    name: Line
    URI: Party


_HEAD: list[Any] = [
    ("messageId", UUID),
    ("sentAt", Stamp),
    ("sender", Role),
    ("recipient", Annotated[list[Role], Meta(min_length=1, max_length=1)]),
    ("crisisId", UUID | None, None),
    ("sequence", Annotated[int, Meta(ge=1, le=2**31 - 1)] | None, None),
    ("supersedes", UUID | None, None),
]


def _message_of(kind: Kind) -> type[Strict]:
    """`{"kind": "instruction", "messageId": …, "body": {…}}`."""
    name = f"{BODIES[kind].__name__}Message"
    options: dict[str, Any] = {"frozen": True, "kw_only": True, "forbid_unknown_fields": True}
    made = msgspec.defstruct(
        name, [*_HEAD, ("body", BODIES[kind])], tag_field="kind", tag=str(kind), module=__name__, **options
    )
    return cast("type[Strict]", made)


MESSAGES: dict[Kind, Any] = {kind: _message_of(kind) for kind in Kind}
Message: Any = reduce(or_, MESSAGES.values())


class Embedded(Strict, frozen=True, kw_only=True):
    message: Message


class JsonContent(Strict, frozen=True, kw_only=True):
    embeddedJsonContent: Embedded


class Content(Strict, frozen=True, kw_only=True):
    jsonContent: JsonContent


class Envelope(Strict, frozen=True, kw_only=True):
    """One distribution. `distributionID` is also the call's Idempotency-Key."""

    distributionID: UUID
    senderID: Party
    dateTimeSent: Stamp
    dateTimeExpires: Stamp
    distributionStatus: Literal["Actual", "Exercise"]
    distributionKind: DistributionKind
    descriptor: Descriptor
    content: Annotated[list[Content], Meta(min_length=1, max_length=1)]


@dataclass(frozen=True)
class Parcel:
    """An envelope with the bytes it came in or leaves in, which are what is hashed, kept and compared."""

    envelope: Envelope
    raw: bytes

    @property
    def message(self) -> Any:
        return self.envelope.content[0].jsonContent.embeddedJsonContent.message

    @property
    def kind(self) -> Kind:
        return Kind(self.message.__struct_config__.tag)

    @property
    def crisis(self) -> UUID:
        return self.message.crisisId or GENERAL

    @property
    def sent_at(self) -> datetime:
        return instant(self.envelope.dateTimeSent)

    @property
    def expires_at(self) -> datetime:
        return instant(self.envelope.dateTimeExpires)

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of the body (32 bytes)."""
        return sha256(self.raw).digest()


def chained(previous: bytes, digest: bytes) -> bytes:
    """The ledger's hash after one more message of a channel; both sides compute it over the same bytes."""
    return sha256(previous + digest).digest()


START = bytes(32)


def read(raw: bytes) -> Parcel:
    """Read a distribution of at most 256 KiB. Raises InvalidMessage, never anything else."""
    if len(raw) > CAP_BYTES:
        raise InvalidMessage("the body is larger than 256 KiB")
    try:
        envelope = msgspec.convert(parse_json(raw), Envelope)
    except Malformed as error:
        raise InvalidMessage(error.detail) from error
    except msgspec.ValidationError as error:
        raise InvalidMessage(str(error)) from error
    parcel = Parcel(envelope, raw)
    _check(parcel)
    return parcel


def fitting(rows: Iterable[T], size: Callable[[T], int]) -> list[T]:
    """As many of the rows, from the first on, as a page of a replay holds; one at least."""
    kept, total = list[T](), 0
    for row in rows:
        total += size(row)
        if kept and total > PAGE_BYTES:
            break
        kept.append(row)
    return kept


def write(envelope: Envelope) -> Parcel:
    """The envelope as bytes. Raises InvalidMessage when it breaks the contract: nothing wrong leaves."""
    return read(msgspec.json.encode(envelope))


def _check(parcel: Parcel) -> None:
    envelope, message = parcel.envelope, parcel.message
    try:
        sent, expires = parcel.sent_at, parcel.expires_at
        instant(message.sentAt)
        _check_times(message.body)
    except ValueError as error:
        raise InvalidMessage(str(error)) from error
    if expires <= sent:
        raise InvalidMessage("dateTimeExpires is not after dateTimeSent")
    wanted = {Kind.ACK: "Ack", Kind.ERROR: "Error"}.get(parcel.kind)
    if (envelope.distributionKind if envelope.distributionKind in ("Ack", "Error") else None) != wanted:
        raise InvalidMessage("distributionKind and the message's kind do not go together")
    if (parcel.kind in UNNUMBERED) != (message.sequence is None):
        raise InvalidMessage("a message has a sequence number, an acknowledgement, error or test has none")
    if (envelope.distributionKind in ("Update", "Cancel")) != (message.supersedes is not None):
        raise InvalidMessage("an Update or Cancel names what it supersedes, nothing else does")


def _check_times(value: Any) -> None:
    """Every time inside is one that exists. Raises ValueError."""
    if isinstance(value, list):
        for one in value:
            _check_times(one)
    elif isinstance(value, msgspec.Struct):
        for field in msgspec.structs.fields(value):
            found = getattr(value, field.name)
            if isinstance(found, str) and field.type in (Stamp, Stamp | None):
                instant(found)
            elif isinstance(found, list | msgspec.Struct):
                _check_times(found)


def address(*, sender: str, sender_name: str, recipient: str, recipient_name: str) -> dict[str, Any]:
    """`sender` and `recipient` of a message."""
    return {"sender": Role(name=sender_name, URI=sender), "recipient": [Role(name=recipient_name, URI=recipient)]}


def compose(
    *, distribution: UUID, message: UUID, kind: Kind, body: Strict, sent: datetime, expires: datetime, exercise: bool,
    parties: dict[str, Any], crisis: UUID = GENERAL, sequence: int | None = None, supersedes: UUID | None = None,
    cancels: bool = False,
) -> Parcel:  # fmt: skip
    """A distribution ready to leave. Raises InvalidMessage."""
    head = {"messageId": message, "sentAt": stamp(sent), "sequence": sequence, "supersedes": supersedes, **parties}
    inner = MESSAGES[kind](**head, crisisId=None if crisis == GENERAL else crisis, body=body)
    how = {Kind.ACK: "Ack", Kind.ERROR: "Error"}.get(kind) or (
        "Cancel" if cancels else "Update" if supersedes else "Report"
    )
    return write(
        Envelope(
            distributionID=distribution,
            senderID=parties["sender"].URI,
            dateTimeSent=stamp(sent),
            dateTimeExpires=stamp(expires),
            distributionStatus="Exercise" if exercise else "Actual",
            distributionKind=cast("DistributionKind", how),
            descriptor=Descriptor(
                language="fr-FR",
                explicitAddress=ExplicitAddress(
                    explicitAddressScheme=SCHEME, explicitAddressValue=parties["recipient"][0].URI
                ),
            ),
            content=[Content(jsonContent=JsonContent(embeddedJsonContent=Embedded(message=inner)))],
        )
    )
