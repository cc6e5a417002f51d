"""What a crew's phone sends, perhaps hours later: carried out, or kept as a conflict. Nothing is thrown away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from access.models import Person
from access.selectors import access_of
from incidents.services.attaching import Kept
from incidents.services.handling import clock
from interventions import events, selectors
from interventions.models import Crew, Intervention, Photo
from interventions.rows import InterventionRow, row_of
from interventions.services import fielding, pausing, picturing
from interventions.services.acting import OLDEST, checked_words, lock, lock_incident_of
from journal.errors import NotAllowed, NotFound, WrongState
from journal.events import decode
from journal.models import Entry
from journal.services import Record, writing

ACTS: Mapping[str, Callable[..., Intervention]] = {
    **{name: getattr(fielding, name) for name in ("accept", "refuse", "depart", "arrive", "finish", "fail")},
    **{name: getattr(fielding, name) for name in ("tick", "note", "material", "check_in")},
    "hold": pausing.hold,
    "release": pausing.release,
}
OF_AN_ASSIGNMENT = frozenset({"accept", "refuse"})  # an answer to one order is none to the next
WITH_INCIDENT = frozenset({"depart"})  # changes both: the incident is locked first
SAID_LIMIT = 2000


class Why(StrEnum):
    """What an act came too late for."""

    GONE = "gone"  # the mission is not the crew's any more
    STATE = "state"  # cancelled, ended, or done already by a colleague
    AGAIN = "again"  # it was given again meanwhile: the answer was to another order
    OLD = "old"  # more than seven days back: a person looks at it


@dataclass(frozen=True, slots=True)
class Heard:
    """`why`: None when the act was carried out. `row`: the mission as it is now, None when it is out of sight."""

    why: Why | None
    row: InterventionRow | None


class _TooLate(Exception):
    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


def hear(
    *, intervention_id: UUID, by: Person, act: str, at: datetime, words: Mapping[str, Any], assigned_at: datetime | None
) -> Heard:
    """One act of a crew, said at `at` by its phone's clock (a time ahead of ours counts as now). `assigned_at`: the
    order it answers. Raises NotFound for a mission that never was this person's, Invalid for words that cannot stand."""

    def carry_out(when: datetime) -> Intervention:
        return ACTS[act](intervention_id=intervention_id, by=by, at=when, **words)

    order = assigned_at if act in OF_AN_ASSIGNMENT else None
    return _listen(intervention_id, by, act, at, order, carry_out, _said(words))


def hear_photo(
    *, intervention_id: UUID, by: Person, at: datetime, kept: Kept, stage: str, item: str, row_id: UUID
) -> Heard:
    """The same for a picture: one that came too late is kept with the mission all the same, and said to be late."""

    def carry_out(when: datetime) -> Intervention:
        picture = picturing.record_photo(
            intervention_id=intervention_id, by=by, kept=kept, stage=stage, item=item, at=when, row_id=row_id
        )
        return picture.intervention

    heard = _listen(intervention_id, by, "photo", at, None, carry_out, f"{stage} {item}".strip())
    if heard.why is not None:
        told = {name: getattr(kept, name) for name in ("media_type", "size", "sha256", "stored_as")}
        Photo.objects.create(
            id=row_id, intervention_id=intervention_id, by=by, at=min(at, clock()), entered_at=clock(), stage=stage,
            item=item[:40], **told,
        )  # fmt: skip
    return heard


def _listen(
    intervention_id: UUID,
    by: Person,
    act: str,
    at: datetime,
    order: datetime | None,
    carry_out: Callable[[datetime], Intervention],
    said: str,
) -> Heard:
    with writing(by) as record:
        if act in WITH_INCIDENT:
            lock_incident_of(intervention_id)
        one, when = lock(intervention_id), min(at, clock())
        try:
            _check_whose(one, by, when, order)
            return Heard(None, row_of(_try(record, when, carry_out)))
        except _TooLate as late:
            words = checked_words(one, said, name="said", needed=False, limit=SAID_LIMIT)
            record(events.FieldConflict(row=row_of(one), act=act, at=when, said=words), about=one)
            seen = selectors.visible(access_of(by)).filter(id=one.id).exists()
            return Heard(late.why, row_of(one) if seen else None)


def _check_whose(one: Intervention, by: Person, when: datetime, order: datetime | None) -> None:
    mine = set(Crew.objects.filter(Q(leader=by) | Q(members=by)).values_list("id", flat=True))
    if one.crew_id not in mine:
        if not _was_given(one, mine):
            raise NotFound
        raise _TooLate(Why.GONE)
    if when < clock() - OLDEST:
        raise _TooLate(Why.OLD)
    if order is not None and order != one.assigned_at:
        raise _TooLate(Why.AGAIN)


def _was_given(one: Intervention, crews: set[UUID]) -> bool:
    """Whether one of these crews ever had it."""
    entries = Entry.objects.filter(about=one.id, kind=events.Assigned.kind).values_list("kind", "data")
    orders = (decode(kind, data) for kind, data in entries)
    return any(isinstance(order, events.Assigned) and order.row.crew and order.row.crew.id in crews for order in orders)


def _try(record: Record, when: datetime, carry_out: Callable[[datetime], Intervention]) -> Intervention:
    """Carry it out, or leave no trace of the attempt and raise _TooLate."""
    before = len(record.notes)
    try:
        with transaction.atomic():
            return carry_out(when)
    except (WrongState, NotFound, NotAllowed) as problem:
        del record.notes[before:]
        raise _TooLate(Why.STATE if isinstance(problem, WrongState) else Why.GONE) from problem


def _said(words: Mapping[str, Any]) -> str:
    """What an act says, as one line for the record."""
    return " · ".join(str(value) for name, value in words.items() if name != "row_id" and value not in (None, "", True))
