"""What the facilitator's page sends."""

from typing import Annotated

import msgspec
from msgspec import Meta

from crisis.exercise.rows import ExerciseRow, InjectRow

NUL_FREE = r"^[^\u0000]*$"


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class OpenBody(Strict, frozen=True):
    scenario: Annotated[str, Meta(max_length=60, pattern=r"^[a-z0-9-]*$")]


class NothingBody(Strict, frozen=True):
    pass


class JumpBody(Strict, frozen=True):
    """Seconds after T+0."""

    to: Annotated[float, Meta(ge=0, le=1e7)]


class ObserveBody(Strict, frozen=True):
    seen: bool
    note: Annotated[str, Meta(max_length=500, pattern=NUL_FREE)] = ""


class ExercisePage(msgspec.Struct, frozen=True):
    results: list[ExerciseRow]


class ExerciseDetail(msgspec.Struct, frozen=True):
    row: ExerciseRow
    injects: list[InjectRow]
