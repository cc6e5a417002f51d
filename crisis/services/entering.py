"""The log's one field: what was typed becomes the act that it asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from access.models import Person
from crisis.commands import Command, parse
from crisis.drafting import LOCAL
from crisis.models import Action, Decision, Line, Report
from crisis.services.acting import clock
from crisis.services.deciding import Ruling, decide
from crisis.services.logging import Words, log, supersede
from crisis.services.reporting import draft_report
from crisis.services.working import Task, act, inject


@dataclass(frozen=True, slots=True)
class Entered:
    act: str
    line: Line | None = None
    action: Action | None = None
    decision: Decision | None = None
    actions: Sequence[Action] = ()
    report: Report | None = None


def enter_text(
    *, cell_id: UUID, by: Person, text: str, id_: UUID | None = None, occurred_at: datetime | None = None
) -> Entered:
    """Do what was typed (see crisis.commands). Times of day are those of the post's own zone, around `occurred_at` when
    it was typed earlier. Raises Invalid for what cannot be read, and whatever the act raises."""
    typed_at = (occurred_at or clock()).astimezone(LOCAL)
    command = parse(text, now=typed_at)
    told = command.told
    if command.act in ("log", "supersede"):
        number = told.pop("number", 0)
        entry = Words(**{"occurred_at": occurred_at, **told}, id=id_)
        if command.act == "log":
            return Entered(command.act, line=log(cell_id=cell_id, by=by, entry=entry))
        return Entered(command.act, line=supersede(cell_id=cell_id, by=by, number=number, entry=entry))
    return _other(command, {"occurred_at": occurred_at, **told}, cell_id, by)


def _other(command: Command, told: dict[str, Any], cell_id: UUID, by: Person) -> Entered:
    if command.act == "act":
        return Entered(command.act, action=act(cell_id=cell_id, by=by, task=Task(**told)))
    if command.act == "decide":
        return Entered(command.act, decision=decide(cell_id=cell_id, by=by, ruling=Ruling(**told)))
    told.pop("occurred_at")
    if command.act == "inject":
        return Entered(command.act, actions=inject(cell_id=cell_id, by=by, **told))
    return Entered(command.act, report=draft_report(cell_id=cell_id, by=by))
