"""What clients send: shapes with their limits, so that the schema says them. Services decide."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from incidents.api.bodies import NUL_FREE, Instant, Key, Lat, Line, Lon, Priority, Reason, Strict, Title
from interventions.services import Ask, Correction

SkillKey = Annotated[str, Meta(max_length=30, pattern=r"^[a-z_-]+$")]
Skills = Annotated[tuple[SkillKey, ...], Meta(max_length=20)]
Minutes = Annotated[int, Meta(ge=1, le=20160)]
CheckIn = Annotated[int, Meta(ge=5, le=480)]
Words = Annotated[str, Meta(max_length=500, pattern=NUL_FREE)]
PauseReason = Literal["access", "weather", "police", "other_network", "parts"]


class AskBody(Strict, frozen=True, kw_only=True):
    """For an `incident`: what is left out is the incident's own. Planned work: category, lat, lon and title."""

    incident: UUID | None = None
    title: Title = ""
    category: Key = ""
    priority: Priority | Literal[""] = ""
    lat: Lat | None = None
    lon: Lon | None = None
    address: Line = ""
    skills: Skills | None = None
    duration_minutes: Minutes | None = None
    window_start: Instant | None = None
    window_end: Instant | None = None
    lone: bool = False
    check_in_minutes: CheckIn = 30

    def ask(self) -> Ask:
        return Ask(**{name: getattr(self, name) for name in self.__struct_fields__})


class EditBody(Strict, frozen=True, kw_only=True):
    title: Annotated[str, Meta(min_length=1, max_length=160, pattern=NUL_FREE)]
    priority: Priority
    skills: Skills
    duration_minutes: Minutes
    address: Line = ""
    window_start: Instant | None = None
    window_end: Instant | None = None
    lone: bool = False
    check_in_minutes: CheckIn = 30

    def correction(self) -> Correction:
        return Correction(**{name: getattr(self, name) for name in self.__struct_fields__})


class AssignBody(Strict, frozen=True, kw_only=True):
    """`start` left out: the crew's first gap. `override`: why this crew although something speaks against it."""

    crew: UUID
    start: Instant | None = None
    override: Words = ""


class ReasonBody(Strict, frozen=True, kw_only=True):
    reason: Reason


class VerifyBody(Strict, frozen=True, kw_only=True):
    """`resolve`: the incident too, when nothing else is under way for it."""

    note: Words = ""
    resolve: bool = False


class FieldBody(Strict, frozen=True, kw_only=True):
    """`at`: when it happened, when that was not just now."""

    at: Instant | None = None


class RefuseBody(FieldBody, frozen=True, kw_only=True):
    reason: Reason


class PauseBody(FieldBody, frozen=True, kw_only=True):
    reason: PauseReason


class FinishBody(FieldBody, frozen=True, kw_only=True):
    """`left_out`: why needed items of the checklist are not ticked."""

    outcome: Reason
    left_out: Words = ""
    minutes_spent: Annotated[int, Meta(ge=0, le=20160)] | None = None


class RowBody(FieldBody, frozen=True, kw_only=True):
    """`id`, made by the client, becomes the row's own."""

    id: UUID | UnsetType = UNSET


class TickBody(RowBody, frozen=True, kw_only=True):
    item: Annotated[str, Meta(min_length=1, max_length=40, pattern=NUL_FREE)]
    done: bool = True


class NoteBody(RowBody, frozen=True, kw_only=True):
    text: Annotated[str, Meta(min_length=1, max_length=2000, pattern=NUL_FREE)]


class MaterialBody(RowBody, frozen=True, kw_only=True):
    label: Annotated[str, Meta(min_length=1, max_length=120, pattern=NUL_FREE)]
    quantity: Annotated[float, Meta(gt=0, lt=1_000_000)]
    unit: Annotated[str, Meta(max_length=12, pattern=NUL_FREE)] = ""
