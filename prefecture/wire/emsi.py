"""EMSI, the emergency management shared information of ISO/TR 22351 (ex TSO): CONTEXT and EVENT always, MISSION and RESOURCE
where they apply. Names are spelled as the standard spells them, `RISK_ASSESMENT` and `NCREA` included.

Inside the link it travels as JSON of the same names; `to_xml` and `from_xml` give the standard's own form. Code lists
that partners extend (categories, classes) are checked for their form only, closed lists for their values.
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from prefecture.wire import xml
from prefecture.wire.shapes import NUL_FREE, Lat, Line, Lon, Stamp, Words
from prefecture.wire.times import stamp

Code = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[A-Z0-9][A-Z0-9/_-]*$")]
Codes = Annotated[list[Code], Meta(max_length=20)]
Ids = Annotated[list[Line], Meta(max_length=50)]
FreeText = Annotated[str, Meta(max_length=4000, pattern=NUL_FREE)]
Number = Annotated[int, Meta(ge=0, le=10_000_000)]
MissionStatus = Literal["ABO", "CANCLD", "COMPLT", "INPROG", "NST", "PAUSED", "PLANND", "PND"]


class Origin(xml.Part, frozen=True, kw_only=True):
    ORG_ID: Line
    USER_ID: Line = ""
    NAME: Words = ""


class LinkTo(xml.Part, frozen=True, kw_only=True):
    ID: Line
    LINK_ROLE: Literal["ADDSTO", "SPRSDS"] = "SPRSDS"


class Context(xml.Part, frozen=True, kw_only=True):
    ID: Line
    MODE: Literal["ACTUAL", "EXERCS"]
    MSGTYPE: Literal["ALERT", "UPDATE", "CANCEL", "CONVEY"]
    CREATION: Stamp
    LINK: Annotated[list[LinkTo], Meta(max_length=20)] = []
    LEVEL: Literal["STRTGC", "OPRTNL", "TACTCL"] = "OPRTNL"
    SECLASS: Literal["CONFID", "RESTRC", "SECRET", "TOPSRT", "UNCLAS", "UNMARK"] = "UNMARK"
    FREETEXT: FreeText = ""
    ORIGIN: Origin
    URGENCY: Literal["URGENT", "NOT_URGENT"] = "NOT_URGENT"


class EventType(xml.Part, frozen=True, kw_only=True):
    CATEGORY: Annotated[list[Code], Meta(min_length=1, max_length=20)]
    ACTOR: Codes = []
    LOCTYPE: Codes = []
    ENV: Code | None = None


class Coordinates(xml.Part, frozen=True, kw_only=True):
    LAT: Lat
    LON: Lon
    HEIGHT: float | None = None


class Position(xml.Part, frozen=True, kw_only=True):
    LOC_ID: Words = ""
    NAME: Words = ""
    TYPE: Literal["POINT", "CURVE", "MULTIP", "POLYGON", "SURFACE"] = "POINT"
    COORDSYS: Literal["EPSG-4326"] = "EPSG-4326"
    COORD: Annotated[list[Coordinates], Meta(min_length=1, max_length=1000)]


class EventGeo(xml.Part, frozen=True, kw_only=True):
    DATIME: Stamp
    TYPE: Codes = []
    WEATHER: Codes = []
    FREETEXT: FreeText = ""
    POSITION: Position | None = None


class Casualties(xml.Part, frozen=True, kw_only=True):
    CONTEXT: Literal["ESTIM", "FINAL", "INIT", "OBS", "PREDICT"]
    DATIME: Stamp
    DECON: Number = 0
    TRIAGERED: Number = 0
    TRIAGEYELLOW: Number = 0
    TRIAGEGREEN: Number = 0
    TRIAGEBLACK: Number = 0
    MISSING: Number = 0


class Evacuation(xml.Part, frozen=True, kw_only=True):
    DATIME: Stamp
    DISPLACED: Number = 0
    EVACUATED: Number = 0


class Reference(xml.Part, frozen=True, kw_only=True):
    ORG_ID: Line
    OTHER_EVENT_ID: Annotated[list[Line], Meta(min_length=1, max_length=50)]


class Event(xml.Part, frozen=True, kw_only=True):
    ID: Line
    NAME: Words = ""
    MAIN_EVENT_ID: Words = ""
    ETYPE: EventType | None = None
    SOURCE: Literal["COMFOR", "HUMDED", "HUMOBS", "SENSOR"] = "COMFOR"
    SCALE: Annotated[int, Meta(ge=1, le=5)] | None = None
    CERTAINTY: Annotated[int, Meta(ge=0, le=100)] | None = None
    DECL_DATIME: Stamp | None = None
    OCC_DATIME: Stamp | None = None
    OBS_DATIME: Stamp | None = None
    STATUS: MissionStatus | None = None
    RISK_ASSESMENT: Literal["NCREA", "DECREA", "STABLE"] | None = None
    REFERENCE: Annotated[list[Reference], Meta(max_length=20)] = []
    CASUALTIES: Annotated[list[Casualties], Meta(max_length=20)] = []
    EVAC: Annotated[list[Evacuation], Meta(max_length=20)] = []
    EGEO: Annotated[list[EventGeo], Meta(max_length=50)] = []
    CAUSE: Literal["ACC", "DEL", "NAT"] | None = None
    FREETEXT: FreeText = ""


class Mission(xml.Part, frozen=True, kw_only=True):
    TYPE: Codes = []
    FREETEXT: FreeText = ""
    ID: Line
    ORG_ID: Line
    NAME: Words = ""
    STATUS: MissionStatus
    START_TIME: Stamp | None = None
    END_TIME: Stamp | None = None
    RESOURCE_ID: Ids = []
    POSITION: Position | None = None
    PRIORITY: Annotated[int, Meta(ge=0, le=5)] | None = None


class ResourceType(xml.Part, frozen=True, kw_only=True):
    CLASS: Annotated[list[Code], Meta(min_length=1, max_length=20)]
    CAPABILITY: Codes = []


class Resource(xml.Part, frozen=True, kw_only=True):
    RTYPE: ResourceType
    ID: Line
    ORG_ID: Line
    NAME: Words = ""
    FREETEXT: FreeText = ""
    QUANTITY: Number | None = None
    UM: Code | None = None
    STATUS: Literal["AVAILB", "UNAV", "MAINTC", "RESRVD", "VIRTUAL", "IN_USE/MOBILE", "IN_USE/ON_SCENE"] | None = None


class Emsi(xml.Part, frozen=True, kw_only=True):
    CONTEXT: Context
    EVENT: Event
    MISSION: Annotated[list[Mission], Meta(max_length=200)] = []
    RESOURCE: Annotated[list[Resource], Meta(max_length=500)] = []


# Our branches of categories in the standard's own list.
CATEGORIES = {
    "public_safety": "ASB", "roads": "TRP", "lighting": "PSW", "traffic_signals": "TRP", "buildings": "PSW",
    "water": "PSW", "cleanliness": "POL", "green_spaces": "GND", "weather": "OTH", "mobility": "TRP",
    "hazard": "FIR", "crisis": "OTH", "other": "OTH",
}  # fmt: skip


def of_point(*, lat: float, lon: float, name: str, at: datetime) -> EventGeo:
    """Where it is (WGS 84 degrees), seen at this instant."""
    return EventGeo(DATIME=stamp(at), POSITION=Position(NAME=name[:200], COORD=[Coordinates(LAT=lat, LON=lon)]))


def to_xml(document: Emsi) -> bytes:
    """The document as XML in UTF-8, elements in the standard's order. Raises InvalidMessage."""
    return xml.write(document, "EMSI")


def from_xml(raw: bytes) -> Emsi:
    """Read an EMSI document of at most 256 KiB. Raises InvalidMessage."""
    return xml.read(raw, Emsi, "EMSI")
