"""Public alerts as CAP 1.2 (OASIS, July 2010): read strictly, written exactly.

Beyond the schema, the standard's own rules: an Update, Cancel, Ack or Error names what it refers to; Restricted and
Private say to whom; times carry their offset and never `Z`; a polygon has four points or more and is closed; a
circle lies on the earth; identifiers hold no space, comma, `<` or `&`.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from prefecture.wire import xml
from prefecture.wire.capgeo import check_circle, check_polygon
from prefecture.wire.errors import InvalidMessage
from prefecture.wire.times import instant

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
Identifier = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\s,<&\u0000]+$")]
Short = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\u0000]*\S[^\u0000]*$")]
Long = Annotated[str, Meta(min_length=1, max_length=10_000, pattern=r"^[^\u0000]*\S[^\u0000]*$")]
Uri = Annotated[str, Meta(min_length=1, max_length=2000, pattern=r"^[^\s\u0000]+$")]
Time = Annotated[str, Meta(min_length=1, max_length=40)]
Decimal = Annotated[str, Meta(max_length=24, pattern=r"^[+-]?\d{1,9}(\.\d{1,9})?$")]
# fmt: off
Category = Literal[
    "Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other",
]
# fmt: on
Response = Literal["Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"]
REFERRING = ("Update", "Cancel", "Ack", "Error")


class Pair(xml.Part, frozen=True, kw_only=True):
    valueName: str
    value: str


class Resource(xml.Part, frozen=True, kw_only=True):
    resourceDesc: Short
    mimeType: Short
    size: Annotated[int, Meta(ge=0, le=10**12)] | None = None
    uri: Uri | None = None
    derefUri: Annotated[str, Meta(max_length=150_000, pattern=r"^[A-Za-z0-9+/=\s]+$")] | None = None
    digest: Annotated[str, Meta(max_length=128, pattern=r"^[0-9A-Fa-f]+$")] | None = None


class Area(xml.Part, frozen=True, kw_only=True):
    areaDesc: Short
    polygon: Annotated[list[str], Meta(max_length=50)] = []
    circle: Annotated[list[str], Meta(max_length=50)] = []
    geocode: Annotated[list[Pair], Meta(max_length=200)] = []
    altitude: Decimal | None = None
    ceiling: Decimal | None = None


class Info(xml.Part, frozen=True, kw_only=True):
    language: Annotated[str, Meta(max_length=20, pattern=r"^[A-Za-z0-9-]+$")] = "en-US"
    category: Annotated[list[Category], Meta(min_length=1, max_length=12)]
    event: Short
    responseType: Annotated[list[Response], Meta(max_length=9)] = []
    urgency: Literal["Immediate", "Expected", "Future", "Past", "Unknown"]
    severity: Literal["Extreme", "Severe", "Moderate", "Minor", "Unknown"]
    certainty: Literal["Observed", "Likely", "Possible", "Unlikely", "Unknown"]
    audience: Short | None = None
    eventCode: Annotated[list[Pair], Meta(max_length=50)] = []
    effective: Time | None = None
    onset: Time | None = None
    expires: Time | None = None
    senderName: Short | None = None
    headline: Short | None = None
    description: Long | None = None
    instruction: Long | None = None
    web: Uri | None = None
    contact: Short | None = None
    parameter: Annotated[list[Pair], Meta(max_length=50)] = []
    resource: Annotated[list[Resource], Meta(max_length=20)] = []
    area: Annotated[list[Area], Meta(max_length=50)] = []


class Alert(xml.Part, frozen=True, kw_only=True):
    identifier: Identifier
    sender: Identifier
    sent: Time
    status: Literal["Actual", "Exercise", "System", "Test", "Draft"]
    msgType: Literal["Alert", "Update", "Cancel", "Ack", "Error"]
    source: Short | None = None
    scope: Literal["Public", "Restricted", "Private"]
    restriction: Short | None = None
    addresses: Short | None = None
    code: Annotated[list[Short], Meta(max_length=20)] = []
    note: Long | None = None
    references: Annotated[str, Meta(max_length=4000)] | None = None
    incidents: Short | None = None
    info: Annotated[list[Info], Meta(max_length=10)] = []


def parse(raw: bytes) -> Alert:
    """Read an alert of at most 256 KiB. Raises InvalidMessage with a sentence that names the element."""
    alert = xml.read(raw, Alert, "alert", NAMESPACE)
    check(alert)
    return alert


def emit(alert: Alert) -> bytes:
    """The alert as XML in UTF-8. Raises InvalidMessage when it breaks the standard's rules: nothing wrong leaves."""
    try:
        msgspec.convert(msgspec.to_builtins(alert), Alert)
    except msgspec.ValidationError as error:
        raise InvalidMessage(f"CAP: {error}") from error
    check(alert)
    return xml.write(alert, "alert", NAMESPACE)


def references(alert: Alert) -> list[tuple[str, str, str]]:
    """(sender, identifier, sent) of each message it refers to. Raises InvalidMessage."""
    found = []
    for reference in (alert.references or "").split():
        parts = reference.split(",")
        if len(parts) != 3 or not all(parts):
            raise InvalidMessage("CAP: a reference is written sender,identifier,sent")
        _time("references", parts[2])
        found.append((parts[0], parts[1], parts[2]))
    return found


def check(alert: Alert) -> None:
    """The rules that no schema says. Raises InvalidMessage."""
    _time("sent", alert.sent)
    named = references(alert)
    if alert.msgType in REFERRING and not named:
        raise InvalidMessage(f"CAP: a message of type {alert.msgType} says what it refers to")
    if alert.msgType == "Error" and not alert.note:
        raise InvalidMessage("CAP: an Error says why in its note")
    if alert.scope == "Restricted" and not alert.restriction:
        raise InvalidMessage("CAP: a Restricted alert has its restriction")
    if alert.scope == "Private" and not alert.addresses:
        raise InvalidMessage("CAP: a Private alert has its addresses")
    if alert.msgType in ("Alert", "Update") and not alert.info:
        raise InvalidMessage("CAP: an alert without an info block says nothing")
    for info in alert.info:
        _check_info(info)


def _check_info(info: Info) -> None:
    for name in ("effective", "onset", "expires"):
        if getattr(info, name) is not None:
            _time(name, getattr(info, name))
    for area in info.area:
        for polygon in area.polygon:
            check_polygon(polygon)
        for circle in area.circle:
            check_circle(circle)
        if area.ceiling is not None and area.altitude is None:
            raise InvalidMessage("CAP: a ceiling needs an altitude")


def _time(name: str, text: str) -> None:
    try:
        instant(text)
    except ValueError as error:
        raise InvalidMessage(f"CAP: {name}: {error}") from error
