"""What clients send: shapes with their limits, so that the schema says them. Services decide."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from crisis import services

NUL_FREE = r"^[^\u0000]*$"
Instant = Annotated[datetime, Meta(tz=True)]
Short = Annotated[str, Meta(max_length=120, pattern=NUL_FREE)]
Title = Annotated[str, Meta(max_length=160, pattern=NUL_FREE)]
Note = Annotated[str, Meta(max_length=200, pattern=NUL_FREE)]
Reason = Annotated[str, Meta(min_length=1, max_length=500, pattern=NUL_FREE)]
Long = Annotated[str, Meta(max_length=2000, pattern=NUL_FREE)]
Grounds = Annotated[str, Meta(min_length=1, max_length=2000, pattern=NUL_FREE)]
Text = Annotated[str, Meta(min_length=1, max_length=4000, pattern=NUL_FREE)]
Key = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[a-zA-Z0-9_.-]*$")]
Ids = Annotated[list[UUID], Meta(max_length=20)]
Count = Annotated[int, Meta(ge=1, le=100_000)]
Number = Annotated[int, Meta(ge=1, le=2_000_000_000)]
# fmt: off
Level = Literal["standby", "watch", "pre_alert", "alert", "crisis", "recovery", "closed"]
Function = Literal[
    "operations_director", "incident_commander", "municipal_actions_lead", "intermunicipal_coordinator",
    "logbook_secretary", "situation_mapping", "planning", "field_operations", "logistics", "population_alert",
    "shelter_support", "sensitive_sites", "communication", "municipal_police", "mobility_transit",
    "networks_utilities", "legal_finance", "prefecture_liaison",
]
ByHand = Literal["information", "message", "request"]
LineKind = Literal[
    "information", "message", "request", "opening", "level", "decision", "action", "member", "situation", "report", "closing",
]
# fmt: on
Reliability = Literal["A", "B", "C", "D", "E", "F"]
Credibility = Annotated[int, Meta(ge=1, le=6)]
Importance = Literal["normal", "important", "vital"]
ActionState = Literal["todo", "doing", "done", "dropped"]


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is sent to us has no member that we do not know."""


class NothingBody(Strict, frozen=True, kw_only=True):
    """The act needs no words."""


class ReasonBody(Strict, frozen=True, kw_only=True):
    reason: Reason


class CalledBody(Strict, frozen=True, kw_only=True):
    person: UUID
    function: Function


class OpenBody(Strict, frozen=True, kw_only=True):
    """No director: whoever opens. `my_function`: of whoever opens, when somebody else directs."""

    plan: Key
    level: Level
    facts: Grounds
    title: Title = ""
    director: UUID | None = None
    my_function: Function = "logbook_secretary"
    incidents: Ids = []
    members: Annotated[list[CalledBody], Meta(max_length=60)] = []
    suggestion: UUID | None = None

    def opening(self) -> services.Opening:
        plain = {name: value for name, value in msgspec.structs.asdict(self).items() if name != "members"}
        called = [services.Called(person=one.person, function=one.function) for one in self.members]
        return services.Opening(**plain, members=called)


class LevelBody(Strict, frozen=True, kw_only=True):
    level: Level
    reason: Reason


class BriefingBody(Strict, frozen=True, kw_only=True):
    """Every so many minutes, the next one at a time or one interval from now."""

    every: Annotated[int, Meta(ge=10, le=1440)]
    next_at: Instant | None = None


class LineBody(Strict, frozen=True, kw_only=True):
    """`id`, made by the client, makes it happen once; `occurred_at` is when it happened, not when it was sent."""

    text: Text
    id: UUID | None = None
    occurred_at: Instant | None = None
    kind: ByHand = "information"
    source: Short = ""
    reliability: Reliability = "F"
    credibility: Credibility = 6
    importance: Importance = "normal"
    incidents: Ids = []
    interventions: Ids = []
    mentions: Annotated[list[Function], Meta(max_length=18)] = []
    files: Ids = []

    def words(self) -> services.Words:
        known = services.Words.__struct_fields__
        told = msgspec.structs.asdict(self)
        return services.Words(**{name: told[name] for name in known})


class SupersedeBody(LineBody, frozen=True, kw_only=True):
    """A correction: the whole line as it should read, and the number of the one it stands for."""

    number: Number


class TaskBody(Strict, frozen=True, kw_only=True):
    """`owner`: a member of the cell; `owner_name`: a crew, or somebody without an account."""

    text: Reason
    function: Function
    owner: UUID | None = None
    owner_name: Short = ""
    due_at: Instant | None = None

    def task(self) -> services.Task:
        told = msgspec.structs.asdict(self)
        return services.Task(**{name: told[name] for name in services.Task.__struct_fields__ if name in told})


class ActBody(TaskBody, frozen=True, kw_only=True):
    """`occurred_at`: when it was said, not when it was sent."""

    decision: UUID | None = None
    occurred_at: Instant | None = None


class AdvanceBody(Strict, frozen=True, kw_only=True):
    """What is not given stays as it is."""

    state: ActionState | UnsetType = UNSET
    progress: Note | UnsetType = UNSET
    owner: UUID | UnsetType | None = UNSET
    owner_name: Short | UnsetType = UNSET
    due_at: Instant | UnsetType | None = UNSET


class DecideBody(Strict, frozen=True, kw_only=True):
    """`authority`: in whose name; empty: the direction of operations. `check_due`: when to look at the outcome.
    `occurred_at`: when it was decided, not when it was sent."""

    what: Reason
    grounds: Grounds
    authority: Title = ""
    rejected: Long = ""
    check_due: Instant | None = None
    actions: Annotated[list[TaskBody], Meta(max_length=20)] = []
    occurred_at: Instant | None = None

    def ruling(self) -> services.Ruling:
        plain = {name: value for name, value in msgspec.structs.asdict(self).items() if name != "actions"}
        return services.Ruling(**plain, actions=[one.task() for one in self.actions])


class CheckBody(Strict, frozen=True, kw_only=True):
    achieved: bool
    outcome: Grounds


class CallBody(Strict, frozen=True, kw_only=True):
    """Either `person`, or the `name` of somebody without an account."""

    function: Function
    person: UUID | None = None
    name: Short = ""


class InviteBody(Strict, frozen=True, kw_only=True):
    person: UUID
    until: Instant


class AnswerBody(Strict, frozen=True, kw_only=True):
    """`minutes`: with `coming` only."""

    state: Literal["coming", "present", "remote", "declined", "left"]
    minutes: Annotated[int, Meta(ge=0, le=1440)] | None = None
    note: Note = ""


class InjectBody(Strict, frozen=True, kw_only=True):
    """No items: the whole card."""

    card: Key
    items: Annotated[list[Key], Meta(max_length=100)] | None = None


class LinkBody(Strict, frozen=True, kw_only=True):
    incident: UUID
