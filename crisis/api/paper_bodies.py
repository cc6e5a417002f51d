"""What clients send about means, the map, reports and messages."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from crisis import services
from crisis.api.bodies import Count, Function, Instant, Long, Note, Reason, Short, Strict
from crisis.areas import Shape

Lat = Annotated[float, Meta(ge=-90, le=90)]
Lon = Annotated[float, Meta(ge=-180, le=180)]
What = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\u0000]*$")]
Name = Annotated[str, Meta(min_length=1, max_length=120, pattern=r"^[^\u0000]*$")]
# fmt: off
ZoneKind = Literal[
    "flooded", "forecast", "danger", "perimeter", "evacuation", "closed_road", "power_cut", "point", "other",
]
# fmt: on


class OfferBody(Strict, frozen=True, kw_only=True):
    """Either a `person` or the `prefect`."""

    reason: Reason
    person: UUID | None = None
    prefect: bool = False


class OfferAnswerBody(Strict, frozen=True, kw_only=True):
    accept: bool


class LendBody(Strict, frozen=True, kw_only=True):
    """`agreed_by`: who agreed for the lender, by name."""

    lender: UUID
    what: What
    agreed_by: Name
    quantity: Count = 1
    due_back: Instant | None = None


class GiveBackBody(Strict, frozen=True, kw_only=True):
    note: Note = ""


class WishBody(Strict, frozen=True, kw_only=True):
    """`via` intervention needs the `incident`, via organisation the `organisation`."""

    function: Function
    what: What
    via: Literal["intervention", "organisation", "prefecture"]
    quantity: Count = 1
    where: Note = ""
    needed_by: Instant | None = None
    organisation: UUID | None = None
    incident: UUID | None = None

    def wish(self) -> services.Wish:
        return services.Wish(**msgspec.structs.asdict(self))


class WishAnswerBody(Strict, frozen=True, kw_only=True):
    state: Literal["granted", "refused", "withdrawn"]
    answer: Annotated[str, Meta(max_length=500, pattern=r"^[^\u0000]*$")] = ""


class ShapeBody(Strict, frozen=True, kw_only=True):
    """`points` as [lat, lon] in degrees: three or more for a polygon, two or more for a line, one for a circle (with
    `radius_m`) or a point."""

    type: Literal["polygon", "line", "circle", "point"]
    points: Annotated[list[tuple[Lat, Lon]], Meta(min_length=1, max_length=500)]
    radius_m: Annotated[float, Meta(ge=1, le=50_000)] | None = None


class DrawBody(Strict, frozen=True, kw_only=True):
    """`observed` false: foreseen, and then `dated_at` may lie ahead."""

    kind: ZoneKind
    label: Name
    shape: ShapeBody
    observed: bool = True
    dated_at: Instant | None = None
    source: Short = ""

    def drawing(self) -> services.Drawing:
        told = msgspec.structs.asdict(self)
        shape = Shape(type=self.shape.type, points=tuple(self.shape.points), radius_m=self.shape.radius_m)
        return services.Drawing(**{**told, "shape": shape})


class ReportBody(Strict, frozen=True, kw_only=True):
    kind: Literal["situation", "after_action"] = "situation"


class SectionBody(Strict, frozen=True, kw_only=True):
    text: Annotated[str, Meta(max_length=20_000, pattern=r"^[^\u0000]*$")]


class MessageBody(Strict, frozen=True, kw_only=True):
    """Words for the public, and where they are to appear."""

    channel: Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\u0000]*$")]
    text: Annotated[Long, Meta(min_length=1)]


class ProposalBody(Strict, frozen=True, kw_only=True):
    incident: UUID
    why: Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^\u0000]*$")]


class ColourBody(Strict, frozen=True, kw_only=True):
    """A warning of the weather or flood service; `why`: in its words."""

    hazard: Literal["flood", "snow", "heat", "storm"]
    colour: Literal["green", "yellow", "orange", "red"]
    why: Annotated[str, Meta(min_length=1, max_length=400, pattern=r"^[^\u0000]*$")]


class EntryBody(Strict, frozen=True, kw_only=True):
    """What was typed into the one field: see docs/crisis.md. `id` makes a line happen once; `occurred_at` is when it was
    typed, for what was written without network."""

    text: Annotated[str, Meta(min_length=1, max_length=4000, pattern=r"^[^\u0000]*$")]
    id: UUID | None = None
    occurred_at: Instant | None = None


class SeenBody(Strict, frozen=True, kw_only=True):
    """The journal's number up to which it was read; none: all of it."""

    seq: Annotated[int, Meta(ge=0, le=2**62)] | None = None
