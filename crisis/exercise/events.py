"""What can happen to an exercise. `row` is the exercise as it is after the event, `inject` the inject."""

from typing import ClassVar

from crisis.exercise.rows import ExerciseRow, InjectRow
from journal.events import Event


class ExerciseEvent(Event, frozen=True):
    row: ExerciseRow


class Opened(ExerciseEvent, frozen=True):
    kind: ClassVar[str] = "exercise.opened"


class Started(ExerciseEvent, frozen=True):
    kind: ClassVar[str] = "exercise.started"


class Paused(ExerciseEvent, frozen=True):
    kind: ClassVar[str] = "exercise.paused"


class Resumed(ExerciseEvent, frozen=True):
    kind: ClassVar[str] = "exercise.resumed"


class Jumped(ExerciseEvent, frozen=True):
    kind: ClassVar[str] = "exercise.jumped"
    from_seconds: float


class Finished(ExerciseEvent, frozen=True):
    kind: ClassVar[str] = "exercise.finished"


class InjectEvent(ExerciseEvent, frozen=True):
    inject: InjectRow


class Played(InjectEvent, frozen=True):
    kind: ClassVar[str] = "exercise.inject_played"


class Skipped(InjectEvent, frozen=True):
    kind: ClassVar[str] = "exercise.inject_skipped"


class Observed(InjectEvent, frozen=True):
    kind: ClassVar[str] = "exercise.inject_observed"
