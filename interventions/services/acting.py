"""The one way to change an intervention: lock, check rights again, check version and state; then write and record."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from access.models import Person
from access.selectors import Access, access_of
from access.services import require
from incidents.services.acting import lock as lock_incident
from incidents.services.acting import words as spoken
from incidents.services.handling import clock
from interventions import workflow
from interventions.events import InterventionEvent, Withdrawn
from interventions.models import Intervention
from interventions.rows import RELATED, row_of
from journal.errors import Invalid, NotFound, Stale
from journal.services import Record, writing

AHEAD = timedelta(minutes=5)  # clocks differ a little; an act further in the future is a mistake
OLDEST = timedelta(days=7)  # a phone that was without network for longer is looked at by a person
REASON_LIMIT = 500


@dataclass(slots=True)
class Change:
    """An intervention under lock, and the means to finish: `done` saves and records it."""

    intervention: Intervention
    by: Person
    access: Access
    move: workflow.Move
    writer: Record
    now: datetime
    audiences_before: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.audiences_before = frozenset(self.intervention.audiences)

    def done(self, event: type[InterventionEvent], **specifics: Any) -> Intervention:
        """Apply the move's target, save under a new version, and record; those who lose sight of it are told."""
        one = self.intervention
        if self.move.target is not None:
            one.status = self.move.target
        one.audiences = one.compute_audiences()
        one.version += 1
        one.save(force_update=True)
        tell_withdrawal(one, self.audiences_before, self.writer)
        self.writer(event(row=row_of(one), **specifics), about=one)
        return one

    def when(self, at: datetime | None) -> datetime:
        """The field's time of an act, ours when it says none. Raises Invalid for one that cannot be."""
        if at is None:
            return self.now
        if at > self.now + AHEAD or at < self.now - OLDEST:
            raise Invalid(errors={"at": [_("This time lies in the future, or more than seven days back.")]})
        return min(at, self.now)

    def words(self, text: str, *, name: str, needed: bool = True, limit: int = REASON_LIMIT) -> str:
        """A sentence for the record: see incidents.services.acting.words. Raises Invalid."""
        return checked_words(self.intervention, text, name=name, needed=needed, limit=limit)


def checked_words(one: Intervention, text: str, *, name: str, needed: bool = True, limit: int = REASON_LIMIT) -> str:
    """Trimmed; raises Invalid when missing, too long, or when it names one of the incident's reporters."""
    if one.incident is not None:
        return spoken(one.incident, text, name=name, needed=needed, limit=limit)
    text = text.strip()
    if needed and not text:
        raise Invalid(errors={name: [_("Say why in a few words.")]})
    if len(text) > limit:
        raise Invalid(errors={name: [_("Too long: at most %(limit)d characters.") % {"limit": limit}]})
    return text


def tell_withdrawal(one: Intervention, before: frozenset[str], writer: Record) -> None:
    """Tell those who no longer see it; call it before the entry that says what happened."""
    lost = before.difference(one.audiences)
    if lost:
        writer(Withdrawn(), about=one, audiences=lost, withdraws=lost)


@contextmanager
def acting(act: str, *, intervention_id: UUID, by: Person, version: int | None = None) -> Iterator[Change]:
    """Begin `act` on an intervention. Raises NotFound, NotAllowed, Stale, WrongState, in that order."""
    with writing(by) as record:
        one = lock(intervention_id)
        access = access_of(by)  # read after the wait for the lock: a right lost meanwhile is lost
        require(access, workflow.MOVES[act].permission, one)
        if version is not None and one.version != version:
            raise Stale(current=row_of(one))
        move = workflow.check(one, act)
        yield Change(one, by, access, move, record, clock())


def lock(intervention_id: UUID) -> Intervention:
    """The intervention, locked until the transaction ends; ask `require` next. Raises NotFound when there is none."""
    locked = Intervention.objects.select_for_update(of=("self",))
    one = locked.select_related(*RELATED, "category").filter(id=intervention_id).first()
    if one is None:
        raise NotFound
    return one


def lock_incident_of(intervention_id: UUID) -> None:
    """For acts that change both: an incident is always locked before its interventions."""
    incident = Intervention.objects.filter(id=intervention_id).values_list("incident_id", flat=True).first()
    if incident is not None:
        lock_incident(incident)
