"""The facilitator's verbs. Time is the database's; the next inject has a timer, moved at each act."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from access.models import Person
from access.selectors import access_of
from access.services import require_anywhere
from crisis.exercise import events, scenarios, workflow
from crisis.exercise.delivery import deliver
from crisis.exercise.models import Exercise, Inject
from crisis.exercise.permissions import Permission
from crisis.exercise.rows import inject_row, row_of
from crisis.exercise.workflow import Status
from incidents.services.handling import clock
from journal.errors import Conflict, Invalid, NotFound, Stale, WrongState
from journal.exercise import is_exercise
from journal.selectors import head
from journal.services import Record, writing
from notifications import timers

TIMER = "exercise.inject"
NOTE_LIMIT = 500


@dataclass(slots=True)
class Change:
    """An exercise under lock, the instant, and the means to finish."""

    exercise: Exercise
    now: datetime
    record: Record

    def done(self, event: type[events.ExerciseEvent], **specifics: Any) -> Exercise:
        """Save under a new version, set the timer of the next inject, record."""
        self.exercise.version += 1
        self.exercise.save(force_update=True)
        set_timer(self.exercise, self.now)
        self.record(event(row=row_of(self.exercise), **specifics), about=self.exercise)
        return self.exercise

    def stand(self) -> None:
        """Let the scenario's clock stand where it is."""
        self.exercise.position = self.exercise.clock(self.now)
        self.exercise.running_since = None


@contextmanager
def acting(act: str, *, exercise_id: UUID, by: Person | None, version: int | None = None) -> Iterator[Change]:
    """Begin an act. `by` None: the clock itself. Raises NotFound (a real post has no exercises), NotAllowed, Stale,
    WrongState, in that order."""
    with writing(by) as record:
        found = Exercise.objects.select_for_update().filter(id=exercise_id).first() if is_exercise() else None
        if found is None:
            raise NotFound
        if by is not None:
            require_anywhere(access_of(by), Permission.FACILITATE)
        if version is not None and found.version != version:
            raise Stale(current=row_of(found))
        move = workflow.check(found.status, act)
        found.status = move.target or found.status
        yield Change(found, clock(), record)


def open_exercise(*, scenario: str, by: Person) -> Exercise:
    """Take a scenario up, its clock at T+0 and standing. Raises NotFound, NotAllowed, Conflict (another is going on)."""
    if not is_exercise():
        raise NotFound
    with writing(by) as record:
        require_anywhere(access_of(by), Permission.FACILITATE)
        plan = scenarios.get(scenario)
        if Exercise.objects.exclude(status=Status.FINISHED).exists():
            raise Conflict(_("Another exercise is still going on: finish it first."))
        made = Exercise.objects.create(
            scenario=plan.key, title=plan.title, duration=scenarios.span(plan.duration), opened_by=by,
            opened_at=clock(), begins_after=head().seq,
        )  # fmt: skip
        Inject.objects.bulk_create(_inject(made, number, draft) for number, draft in enumerate(plan.injects, 1))
        record(events.Opened(row=row_of(made)), about=made)
    return made


def _inject(exercise: Exercise, number: int, draft: scenarios.InjectDraft) -> Inject:
    incident = draft.incident
    told = None if incident is None else {name: getattr(incident, name) for name in incident.__struct_fields__}
    return Inject(
        exercise=exercise, number=number, at=scenarios.span(draft.at), channel=draft.by, sender=draft.sender,
        receiver=draft.receiver, title=draft.title, text=draft.text, incident=told, colour=draft.colour,
        expected=draft.expected,
        within=scenarios.span(draft.within) if draft.within else None,
    )  # fmt: skip


def start(*, exercise_id: UUID, by: Person, version: int | None = None) -> Exercise:
    """T+0 is now."""
    with acting("start", exercise_id=exercise_id, by=by, version=version) as change:
        change.exercise.started_at = change.exercise.running_since = change.now
        return change.done(events.Started)


def pause(*, exercise_id: UUID, by: Person, version: int | None = None) -> Exercise:
    """The scenario's clock stands; the post goes on."""
    with acting("pause", exercise_id=exercise_id, by=by, version=version) as change:
        change.stand()
        return change.done(events.Paused)


def resume(*, exercise_id: UUID, by: Person, version: int | None = None) -> Exercise:
    with acting("resume", exercise_id=exercise_id, by=by, version=version) as change:
        change.exercise.running_since = change.now
        return change.done(events.Resumed)


def jump(*, exercise_id: UUID, by: Person, to: float, version: int | None = None) -> Exercise:
    """Set the scenario's clock to `to` seconds after T+0, running or not. Forward, what lies between is due at once
    (skip it first to leave it out); backward, what was played stays played. Raises Invalid beyond the duration."""
    with acting("jump", exercise_id=exercise_id, by=by, version=version) as change:
        exercise, wanted = change.exercise, timedelta(seconds=to)
        if not timedelta() <= wanted <= exercise.duration:
            raise Invalid(errors={"to": [_("The scenario has no such time.")]})
        before = exercise.clock(change.now).total_seconds()
        exercise.position = wanted
        exercise.running_since = change.now if exercise.running_since else None
        return change.done(events.Jumped, from_seconds=before)


def finish(*, exercise_id: UUID, by: Person, version: int | None = None) -> Exercise:
    """The end: nothing more is played, the evaluation is what the journal says."""
    with acting("finish", exercise_id=exercise_id, by=by, version=version) as change:
        change.stand()
        change.exercise.finished_at = change.now
        return change.done(events.Finished)


def play(*, exercise_id: UUID, inject_id: UUID, by: Person, version: int | None = None) -> Exercise:
    """Let an inject happen now, whatever the clock says. Raises WrongState when it has happened or was left out."""
    with acting("play", exercise_id=exercise_id, by=by, version=version) as change:
        inject = _waiting(change.exercise, inject_id)
        _happen(inject, change.now)
        return change.done(events.Played, inject=inject_row(inject))


def skip(*, exercise_id: UUID, inject_id: UUID, by: Person, version: int | None = None) -> Exercise:
    """Leave an inject out. Raises WrongState."""
    with acting("skip", exercise_id=exercise_id, by=by, version=version) as change:
        inject = _waiting(change.exercise, inject_id)
        inject.skipped_at = change.now
        inject.save(update_fields=["skipped_at"])
        return change.done(events.Skipped, inject=inject_row(inject))


def observe(
    *, exercise_id: UUID, inject_id: UUID, by: Person, seen: bool, note: str = "", version: int | None = None
) -> Exercise:
    """Note whether the expected reaction was seen (the first time counts), and a remark of up to 500 characters."""
    with acting("observe", exercise_id=exercise_id, by=by, version=version) as change:
        inject = change.exercise.injects.filter(id=inject_id).first()
        if inject is None:
            raise NotFound
        if len(note) > NOTE_LIMIT:
            raise Invalid(errors={"note": [_("Too long: at most %(limit)d characters.") % {"limit": NOTE_LIMIT}]})
        inject.seen_at = (inject.seen_at or change.now) if seen else None
        inject.note = note.strip()
        inject.save(update_fields=["seen_at", "note"])
        return change.done(events.Observed, inject=inject_row(inject))


def play_due(exercise_id: UUID) -> int:
    """Let everything happen whose time has come, in order; how many. Called by the timer; at once after a jump."""
    played = 0
    with acting("play", exercise_id=exercise_id, by=None) as change:
        if change.exercise.status != Status.RUNNING:
            return 0
        due = change.exercise.clock(change.now)
        for inject in waiting(change.exercise).filter(at__lte=due):
            _happen(inject, change.now)
            change.done(events.Played, inject=inject_row(inject))
            played += 1
        set_timer(change.exercise, change.now)
    return played


def waiting(exercise: Exercise) -> QuerySet[Inject]:
    """What is still to come, in order."""
    return exercise.injects.filter(played_at=None, skipped_at=None).order_by("at", "number")


def set_timer(exercise: Exercise, now: datetime) -> None:
    """A timer for the next inject, while the clock runs. One that fires after the clock was stopped or set back finds
    nothing due; each inject has its own, since a timer that fires cannot set itself anew."""
    upcoming = waiting(exercise).first() if exercise.running_since else None
    if upcoming is not None:
        rest = max(upcoming.at - exercise.clock(now), timedelta())
        timers.start(kind=TIMER, key=f"{TIMER}:{upcoming.id}", due_at=now + rest, about=exercise.id)


def _waiting(exercise: Exercise, inject_id: UUID) -> Inject:
    inject = exercise.injects.filter(id=inject_id).first()
    if inject is None:
        raise NotFound
    if inject.played_at or inject.skipped_at:
        raise WrongState(act="play", status="played" if inject.played_at else "skipped", allowed_from=["waiting"])
    return inject


def _happen(inject: Inject, now: datetime) -> None:
    inject.played_at, inject.made = now, deliver(inject)
    inject.save(update_fields=["played_at", "made"])
