"""EMSI, the emergency management shared information of ISO/TR 22351 (ex TSO): CONTEXT and EVENT always, MISSION and RESOURCE
where they apply. Names and closed lists as the French emergency-services hub publishes them (its `EMSI.schema.json`,
version 24.04.19, without the medical extensions), `RISK_ASSESMENT` and `NCREA` included.

Inside the link it travels as JSON of the same names; `to_xml` and `from_xml` give the standard's own form. Code lists
that partners extend (categories, actors, missions, classes) are checked for their form only, closed lists for their values.
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from prefecture.wire import xml
from prefecture.wire.shapes import NUL_FREE, Lat, Line, Lon, Stamp, Words
from prefecture.wire.times import stamp

Code = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[A-Z0-9][A-Z0-9/_-]*$")]
Codes = Annotated[list[Code], Meta(min_length=1, max_length=20)]
Ids = Annotated[list[Line], Meta(max_length=50)]
FreeText = Annotated[str, Meta(max_length=4000, pattern=NUL_FREE)]
Number = Annotated[int, Meta(ge=0, le=10_000_000)]
EventStatus = Literal["COM", "IPR", "NST", "STOP"]
MissionStatus = Literal["ABO", "NST", "CANCLD", "COM", "IPR", "PAU"]
ResourceStatus = Literal["AVAILB", "UNAV", "MAINTC", "RESRVD", "VIRTUAL", "IN_USE/MOBILE", "IN_USE/ON_SCENE"]
Scale = Literal["1", "2", "3", "4", "5"]


class Origin(xml.Part, frozen=True, kw_only=True):
    ORG_ID: Line
    USER_ID: Words = ""
    NAME: Words = ""


class LinkTo(xml.Part, frozen=True, kw_only=True):
    ID: Line
    LINK_ROLE: Literal["ADDSTO", "SPRSDS"] = "SPRSDS"


class ExternalInfo(xml.Part, frozen=True, kw_only=True):
    FREETEXT: FreeText = ""
    URI: Line
    TYPE: Literal["MANUAL", "MAP", "OTHER", "PHOTO", "WEBSIT"] = "OTHER"


class Context(xml.Part, frozen=True, kw_only=True):
    ID: Line
    MODE: Literal["ACTUAL", "EXERCS"]
    MSGTYPE: Literal["ACK", "ALERT", "CANCEL", "ERROR", "UPDATE"]
    CREATION: Stamp
    LINK: Annotated[list[LinkTo], Meta(max_length=20)] = []
    LEVEL: Literal["STRTGC", "OPR", "TACTCL"] = "OPR"
    SECLASS: Literal["CONFID", "RESTRC", "SECRET", "TOPSRT", "UNCLAS", "UNMARK"] = "RESTRC"
    FREETEXT: FreeText = ""
    ORIGIN: Origin
    EXTERNAL_INFO: Annotated[list[ExternalInfo], Meta(max_length=20)] = []
    URGENCY: Literal["URGENT", "NOT_URGENT"] = "NOT_URGENT"


class EventType(xml.Part, frozen=True, kw_only=True):
    CATEGORY: Codes
    ACTOR: Codes
    LOCTYPE: Codes
    ENV: Code | None = None


class Coordinates(xml.Part, frozen=True, kw_only=True):
    LAT: Lat
    LONG: Lon
    HEIGHT: float | None = None


class Position(xml.Part, frozen=True, kw_only=True):
    LOC_ID: Words = ""
    NAME: Words = ""
    TYPE: Literal["POINT", "CIRCLE", "SURFACE", "GRID", "POLYGON", "ELLIPSE"] = "POINT"
    HEIGHT_ROLE: Words = ""
    COORDSYS: Literal["EPSG-4326"] = "EPSG-4326"
    COORD: Annotated[list[Coordinates], Meta(min_length=1, max_length=1000)]
    ADDRESS: Ids = []


class EventGeo(xml.Part, frozen=True, kw_only=True):
    DATIME: Stamp
    TYPE: Code | None = None
    WEATHER: Annotated[list[Code], Meta(max_length=20)] = []
    FREETEXT: FreeText = ""
    POSITION: Position | None = None


class Casualties(xml.Part, frozen=True, kw_only=True):
    CONTEXT: Literal["ESTIM", "FINAL", "INIT", "OBS", "PREDICT"]
    DATIME: Stamp
    DECONT: Number | None = None
    TRIAGERED: Number | None = None
    TRIAGEYELLOW: Number | None = None
    TRIAGEGREEN: Number | None = None
    TRIAGEBLACK: Number | None = None
    MISSING: Number | None = None


class Evacuation(xml.Part, frozen=True, kw_only=True):
    DATIME: Stamp
    DISPLACED: Number | None = None
    EVACUATED: Number | None = None


class Reference(xml.Part, frozen=True, kw_only=True):
    ORG_ID: Line
    OTHER_EVENT_ID: Annotated[list[Line], Meta(min_length=1, max_length=50)]


class Event(xml.Part, frozen=True, kw_only=True):
    ID: Line
    NAME: Words = ""
    MAIN_EVENT_ID: Words = ""
    ETYPE: EventType | None = None
    SOURCE: Literal["COMFOR", "HUMDED", "HUMOBS", "SENSOR"] = "COMFOR"
    SCALE: Scale | None = None
    CERTAINTY: Annotated[int, Meta(ge=0, le=100)] | None = None
    DECL_DATIME: Stamp | None = None
    OCC_DATIME: Stamp | None = None
    OBS_DATIME: Stamp | None = None
    STATUS: EventStatus | None = None
    RISK_ASSESMENT: Literal["NCREA", "DECREA", "STABLE"] | None = None
    REFERENCE: Annotated[list[Reference], Meta(max_length=20)] = []
    CASUALTIES: Annotated[list[Casualties], Meta(max_length=20)] = []
    EVAC: Annotated[list[Evacuation], Meta(max_length=20)] = []
    EGEO: Annotated[list[EventGeo], Meta(max_length=50)] = []
    CAUSE: Literal["ACC", "DEL", "NAT"] | None = None
    FREETEXT: FreeText = ""


class Mission(xml.Part, frozen=True, kw_only=True):
    TYPE: Code
    FREETEXT: FreeText = ""
    ID: Line
    ORG_ID: Line
    NAME: Words = ""
    STATUS: MissionStatus
    START_TIME: Stamp | None = None
    END_TIME: Stamp | None = None
    RESOURCE_ID: Ids = []
    PARENT_MISSION_ID: Ids = []
    CHILD_MISSION_ID: Ids = []
    MAIN_MISSION_ID: Words = ""
    POSITION: Position | None = None
    PRIORITY: Literal["0", "1", "2", "3", "4", "5"] | None = None


class ResourceType(xml.Part, frozen=True, kw_only=True):
    RCLASS: Codes
    CAPABILITY: Annotated[list[Code], Meta(max_length=20)] = []
    CHARACTERISTICS: Ids = []


class ResourceGeo(xml.Part, frozen=True, kw_only=True):
    DATIME: Stamp | None = None
    TYPE: Literal["ASP", "CUR", "INC", "STG", "TGT"]
    FREETEXT: FreeText = ""
    ID: Words = ""
    POSITION: Annotated[list[Position], Meta(max_length=20)] = []


class ContactOf(xml.Part, frozen=True, kw_only=True):
    TYPE: Literal["PSTADD", "EMLADD", "IPADD", "FTPADD", "WWWADD", "PHNADD", "FAXADD", "PMRADD"]
    DETAIL: Line


class Resource(xml.Part, frozen=True, kw_only=True):
    RTYPE: ResourceType
    ID: Line
    ORG_ID: Line
    NAME: Words = ""
    FREETEXT: FreeText = ""
    RGEO: Annotated[list[ResourceGeo], Meta(max_length=20)] = []
    QUANTITY: Number | None = None
    UM: Code | None = None
    STATUS: ResourceStatus | None = None
    NATIONALITY: Annotated[str, Meta(pattern=r"^[A-Z]{2}$")] | None = None
    CONTACTS: Annotated[list[ContactOf], Meta(max_length=10)] = []


class Emsi(xml.Part, frozen=True, kw_only=True):
    CONTEXT: Context
    EVENT: Event
    MISSION: Annotated[list[Mission], Meta(max_length=200)] = []
    RESOURCE: Annotated[list[Resource], Meta(max_length=500)] = []


# Our categories in the standard's own list: the longest beginning counts. The list has nothing for "other".
CATEGORIES = {
    "": "PSW", "public_safety.bomb_threat": "PSW/PKG", "public_safety.suspicious_object": "PSW/PKG",
    "public_safety.demonstration": "PSW/DEM", "public_safety.person_in_danger": "PSW/MIS", "public_safety.lost_child": "PSW/MIS",
    "roads": "TRP", "roads.accident": "TRP/COL", "roads.collapse": "GND/SUB", "roads.oil_spill": "POL/CHM",
    "traffic_signals": "TRP", "mobility": "TRP", "buildings.fire_alarm": "FIR/UKN", "buildings.intrusion_alarm": "PSW/ALM",
    "water.main_burst": "FLD", "water.quality": "POL/BIO", "water.river_pollution": "POL/CHM", "weather": "PSW/WNG",
    "weather.flooding": "FLD/FLS", "hazard": "PSW", "hazard.fire": "FIR", "hazard.bin_fire": "FIR/CLA",
    "hazard.gas_leak": "EXP/GAS", "hazard.chemical": "POL/CHM", "hazard.explosive": "EXP/AMM", "crisis.major_flood": "FLD/PLN",
    "crisis.industrial_accident": "EXP/UKN", "crisis.mass_casualty": "HLT", "crisis.public_health": "HLT/EPI",
}  # fmt: skip
ACTORS = {"roads": "VEH", "traffic_signals": "VEH", "mobility": "VEH", "buildings": "BEV"}  # by branch; else people


def type_of(category: str) -> EventType:
    """What kind of event a category of ours (`branch.leaf`) is, in the standard's codes."""
    known = [one for one in CATEGORIES if not one or category == one or category.startswith(f"{one}.")]
    actor = ACTORS.get(category.partition(".")[0], "PPL")
    return EventType(CATEGORY=[CATEGORIES[max(known, key=len)]], ACTOR=[actor], LOCTYPE=["URB"])


def at_point(*, lat: float, lon: float, name: str = "") -> Position:
    """WGS 84 degrees."""
    return Position(NAME=name[:200], COORD=[Coordinates(LAT=lat, LONG=lon)])


def of_point(*, lat: float, lon: float, name: str, at: datetime) -> EventGeo:
    """Where it is (WGS 84 degrees), seen at this instant."""
    return EventGeo(DATIME=stamp(at), TYPE="GEN/EVENT", POSITION=at_point(lat=lat, lon=lon, name=name))


def to_xml(document: Emsi) -> bytes:
    """The document as XML in UTF-8, elements in the standard's order. Raises InvalidMessage."""
    return xml.write(document, "EMSI")


def from_xml(raw: bytes) -> Emsi:
    """Read an EMSI document of at most 256 KiB. Raises InvalidMessage."""
    return xml.read(raw, Emsi, "EMSI")
