"""What the two rooms say to each other: one closed schema for each use case of the domain. Unknown fields are refused."""

from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from prefecture.wire.emsi import Emsi
from prefecture.wire.shapes import Line, LongText, Stamp, Strict, Text, Words

Level = Literal["standby", "watch", "pre_alert", "alert", "crisis", "recovery", "closed"]
Insee = Annotated[str, Meta(pattern=r"^[0-9AB]{5}$")]
Communes = Annotated[list[Insee], Meta(max_length=60)]
Count = Annotated[int, Meta(ge=0, le=10_000_000)]
Xml = Annotated[str, Meta(min_length=1, max_length=200_000, pattern=r"^[^\u0000]*$")]


class Kind(StrEnum):
    CRISIS_ACTIVATION = "crisis_activation"
    LEVEL_CHANGE = "level_change"
    SITUATION_REPORT = "situation_report"
    INCIDENT_REPORT = "incident_report"
    MEASURE_TAKEN = "measure_taken"
    RESOURCE_REQUEST = "resource_request"
    PUBLIC_ALERT_REQUEST = "public_alert_request"
    CLOSURE = "closure"
    COD_ACTIVATION = "cod_activation"
    DIRECTION_TRANSFER = "direction_transfer"
    INSTRUCTION = "instruction"
    SITUATION_REQUEST = "situation_request"
    RESOURCE_RESPONSE = "resource_response"
    RELAYED_ALERT = "relayed_alert"
    LINK_TEST = "link_test"
    ACK = "ack"
    ERROR = "error"


class Step(StrEnum):
    """RC-REF of the hub: RECU, INTEGRE, CONSULTE."""

    RECEIVED = "received"
    INTEGRATED = "integrated"
    READ = "read"


class CrisisActivation(Strict, frozen=True, kw_only=True):
    title: Line
    plan: Line
    level: Level
    opened_at: Stamp
    director: Line
    grounds: Text = ""
    communes: Communes = []


class LevelChange(Strict, frozen=True, kw_only=True):
    title: Line
    level_before: Level
    level: Level
    decided_at: Stamp
    decided_by: Line
    grounds: Text = ""


class SituationReport(Strict, frozen=True, kw_only=True):
    number: Annotated[int, Meta(ge=1, le=9999)]
    title: Line
    text: LongText
    emsi: Emsi | None = None


class IncidentReport(Strict, frozen=True, kw_only=True):
    reference: Line
    title: Line
    text: Text = ""
    emsi: Emsi


class MeasureTaken(Strict, frozen=True, kw_only=True):
    """`answers`: the message (an instruction, a request) that it answers."""

    title: Line
    text: LongText
    authority: Line
    taken_at: Stamp
    communes: Communes = []
    answers: UUID | None = None


class Resource(Strict, frozen=True, kw_only=True):
    what: Line
    quantity: Count
    place: Words = ""
    needed_by: Stamp | None = None


class ResourceRequest(Strict, frozen=True, kw_only=True):
    title: Line
    resources: Annotated[list[Resource], Meta(min_length=1, max_length=50)]
    grounds: Text = ""


class PublicAlertRequest(Strict, frozen=True, kw_only=True):
    """`cap`: the alert as we would have it, CAP 1.2."""

    title: Line
    grounds: Text
    cap: Xml


class Closure(Strict, frozen=True, kw_only=True):
    title: Line
    closed_at: Stamp
    decided_by: Line
    summary: LongText = ""


class CodActivation(Strict, frozen=True, kw_only=True):
    level: Line
    officer: Line
    activated_at: Stamp
    text: Text = ""
    phone: Annotated[str, Meta(max_length=30, pattern=r"^[0-9 +().]*$")] = ""


class DirectionTransfer(Strict, frozen=True, kw_only=True):
    """Who directs operations from then on (DOS)."""

    from_authority: Line
    to_authority: Line
    effective_at: Stamp
    grounds: Text = ""


class Instruction(Strict, frozen=True, kw_only=True):
    """`due_at`: until when it is to be carried out."""

    number: Line
    text: LongText
    authority: Line
    due_at: Stamp


class SituationRequest(Strict, frozen=True, kw_only=True):
    text: LongText
    due_at: Stamp | None = None


class ResourceResponse(Strict, frozen=True, kw_only=True):
    answers: UUID
    decision: Literal["granted", "partly", "refused"]
    text: LongText
    resources: Annotated[list[Resource], Meta(max_length=50)] = []


class RelayedAlert(Strict, frozen=True, kw_only=True):
    cap: Xml


class LinkTest(Strict, frozen=True, kw_only=True):
    pass


class Ack(Strict, frozen=True, kw_only=True):
    """Of one distribution of the other side. `by`: for `read`, the person who has read it, by name and function."""

    acknowledges: UUID
    step: Literal["integrated", "read"]
    at: Stamp
    by: Words = ""


class Error(Strict, frozen=True, kw_only=True):
    """The message could be stored and not be dealt with. `refers`: its distributionID."""

    refers: UUID
    code: Annotated[int, Meta(ge=100, le=999)]
    detail: Words = ""


BODIES: dict[Kind, type[Strict]] = {
    Kind.CRISIS_ACTIVATION: CrisisActivation,
    Kind.LEVEL_CHANGE: LevelChange,
    Kind.SITUATION_REPORT: SituationReport,
    Kind.INCIDENT_REPORT: IncidentReport,
    Kind.MEASURE_TAKEN: MeasureTaken,
    Kind.RESOURCE_REQUEST: ResourceRequest,
    Kind.PUBLIC_ALERT_REQUEST: PublicAlertRequest,
    Kind.CLOSURE: Closure,
    Kind.COD_ACTIVATION: CodActivation,
    Kind.DIRECTION_TRANSFER: DirectionTransfer,
    Kind.INSTRUCTION: Instruction,
    Kind.SITUATION_REQUEST: SituationRequest,
    Kind.RESOURCE_RESPONSE: ResourceResponse,
    Kind.RELAYED_ALERT: RelayedAlert,
    Kind.LINK_TEST: LinkTest,
    Kind.ACK: Ack,
    Kind.ERROR: Error,
}
FROM_POST = frozenset(
    [
        *(Kind.CRISIS_ACTIVATION, Kind.LEVEL_CHANGE, Kind.SITUATION_REPORT, Kind.INCIDENT_REPORT, Kind.MEASURE_TAKEN),
        *(Kind.RESOURCE_REQUEST, Kind.PUBLIC_ALERT_REQUEST, Kind.CLOSURE),
    ]
)
FROM_PREFECTURE = frozenset(
    [
        *(Kind.COD_ACTIVATION, Kind.DIRECTION_TRANSFER, Kind.INSTRUCTION, Kind.SITUATION_REQUEST),
        *(Kind.RESOURCE_RESPONSE, Kind.RELAYED_ALERT),
    ]
)
BOTH_WAYS = frozenset([Kind.LINK_TEST, Kind.ACK, Kind.ERROR])
UNNUMBERED = BOTH_WAYS  # they take no number in the sequence and are never acknowledged


def body_of(kind: str, value: Any) -> Strict:
    """A body from plain values. Raises msgspec.ValidationError; KeyError for an unknown kind."""
    return msgspec.convert(value, BODIES[Kind(kind)])
