"""What the facilitator's page shows of an exercise and its injects; events carry the same."""

from datetime import datetime
from uuid import UUID

import msgspec

from crisis.exercise.models import Exercise, Inject


class ExerciseRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`position` and `duration` in seconds of the scenario; it moves on by itself while `running_since` is set."""

    id: UUID
    scenario: str
    title: str
    status: str
    position: float
    running_since: datetime | None
    duration: float
    opened_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    version: int


class InjectRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`at` and `within` in seconds."""

    id: UUID
    number: int
    at: float
    channel: str
    sender: str
    receiver: str
    title: str
    text: str
    expected: str
    within: float | None
    played_at: datetime | None
    skipped_at: datetime | None
    made: UUID | None
    seen_at: datetime | None
    note: str


_PLAIN = ("id", "scenario", "title", "status", "running_since", "opened_at", "started_at", "finished_at", "version")
_INJECT = (
    *("id", "number", "channel", "sender", "receiver", "title", "text", "expected"),
    *("played_at", "skipped_at", "made", "seen_at", "note"),
)


def row_of(exercise: Exercise) -> ExerciseRow:
    return ExerciseRow(
        **{name: getattr(exercise, name) for name in _PLAIN},
        position=exercise.position.total_seconds(),
        duration=exercise.duration.total_seconds(),
    )


def inject_row(inject: Inject) -> InjectRow:
    return InjectRow(
        **{name: getattr(inject, name) for name in _INJECT},
        at=inject.at.total_seconds(),
        within=None if inject.within is None else inject.within.total_seconds(),
    )
