"""The evaluation sheet: how long things took, read from the journal. Times and counts only, never what was said, so
that whoever judges an exercise needs no place in its cells."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from crisis.exercise.models import Exercise, Inject
from crisis.exercise.rows import ExerciseRow, row_of
from incidents.services.handling import clock
from journal.models import Entry

CELL_OPENED, DECIDED, LINE_WRITTEN = "crisis.opened", "crisis.decided", "crisis.logged"
REPORT, CELL_CLOSED = "crisis.report_changed", "crisis.closed"
ACTION_KINDS = ("crisis.action_added", "crisis.action_changed")
REACTIONS = ("incidents.acknowledged", "incidents.qualified", "incidents.assigned", "incidents.started")
COUNTED = {"lines": LINE_WRITTEN, "decisions": DECIDED}


class InjectMark(msgspec.Struct, frozen=True, kw_only=True):
    """`reaction`: seconds from the inject to the first thing that somebody did about the incident it became.
    `seen`: seconds to the expected reaction as the facilitator saw it. `late`: after the time that was expected."""

    number: int
    title: str
    expected: str
    within: float | None
    played_at: datetime | None
    reaction: float | None
    seen: float | None
    late: bool | None
    note: str


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """All times in seconds after the first inject; None: it did not happen."""

    exercise: ExerciseRow
    first_inject: datetime | None
    to_open: float | None
    to_first_decision: float | None
    to_first_report: float | None
    to_close: float | None
    lines: int
    decisions: int
    reports: int
    actions: int
    late_actions: int
    open_actions: int
    injects: list[InjectMark]


def sheet(exercise: Exercise) -> Sheet:
    """Three queries, whatever the length of the exercise."""
    injects = list(exercise.injects.order_by("at", "number"))
    entries = during(exercise)
    cell = list(entries.filter(kind__startswith="crisis.").values_list("kind", "at", "data"))
    reacted = first_reactions(entries, [inject.made for inject in injects if inject.made])
    begin = min((inject.played_at for inject in injects if inject.played_at), default=None)
    counts = {name: sum(found == kind for found, _at, _data in cell) for name, kind in COUNTED.items()}
    approved = [at for kind, at, data in cell if kind == REPORT and _is_approval(data)]
    return Sheet(
        exercise=row_of(exercise), first_inject=begin,
        to_open=_after(begin, _first(cell, CELL_OPENED)), to_first_decision=_after(begin, _first(cell, DECIDED)),
        to_first_report=_after(begin, min(approved, default=None)), reports=len(approved), to_close=_after(begin, _first(cell, CELL_CLOSED)),
        **counts, **_actions(cell, exercise), injects=[_mark(inject, reacted) for inject in injects],
    )  # fmt: skip


def during(exercise: Exercise) -> Any:
    """The journal from the opening of the exercise to its end."""
    entries = Entry.objects.filter(seq__gt=exercise.begins_after).order_by("seq")
    return entries.filter(at__lte=exercise.finished_at) if exercise.finished_at else entries


def first_reactions(entries: Any, incidents: Iterable[UUID]) -> dict[UUID, datetime]:
    """When somebody first did something about each of these incidents."""
    found: dict[UUID, datetime] = {}
    reactions = entries.filter(kind__in=REACTIONS, about__in=list(incidents))
    for about, at in reactions.values_list("about", "at"):
        found.setdefault(about, at)
    return found


def _is_approval(data: str) -> bool:
    told = msgspec.json.decode(data)
    return bool(told["why"] == "approved" and told["report"]["kind"] == "situation")


def _mark(inject: Inject, reacted: dict[UUID, datetime]) -> InjectMark:
    seen = _after(inject.played_at, inject.seen_at)
    reaction = _after(inject.played_at, reacted.get(inject.made)) if inject.made else None
    within = inject.within.total_seconds() if inject.within else None
    judged = seen if seen is not None else reaction
    late = None if within is None or inject.played_at is None else judged is None or judged > within
    return InjectMark(
        number=inject.number, title=inject.title, expected=inject.expected, within=within,
        played_at=inject.played_at, reaction=reaction, seen=seen, late=late, note=inject.note,
    )  # fmt: skip


def _actions(cell: Iterable[tuple[str, datetime, str]], exercise: Exercise) -> dict[str, int]:
    """Of the cells' actions: all, those that were not done when due, those still open."""
    last: dict[str, dict[str, Any]] = {}
    for kind, _at, data in cell:
        if kind in ACTION_KINDS:
            action = msgspec.json.decode(data)["action"]
            last[action["id"]] = action
    late = sum(_late(action, exercise.finished_at or clock()) for action in last.values())
    still = sum(action["state"] in ("todo", "doing") for action in last.values())
    return {"actions": len(last), "late_actions": late, "open_actions": still}


def _late(action: dict[str, Any], now: datetime) -> bool:
    """Done after it was due, or not done though it is."""
    if not action["due_at"] or action["state"] == "dropped":
        return False
    ended = datetime.fromisoformat(action["ended_at"]) if action["ended_at"] else now
    return ended > datetime.fromisoformat(action["due_at"])


def _first(cell: Iterable[tuple[str, datetime, str]], kind: str) -> datetime | None:
    return next((at for found, at, _data in cell if found == kind), None)


def _after(begin: datetime | None, at: datetime | None) -> float | None:
    return None if begin is None or at is None else (at - begin).total_seconds()
