"""What follows on the link from what happens in the rooms below."""

from typing import Any
from uuid import UUID

from crisis import events as crisis
from crisis.models import Action, Cell, MeansRequest, Report
from crisis.workflow import ActionState
from journal.reactions import on
from journal.services import Note, Record
from prefecture.models import Instruction
from prefecture.services import cells, drafting
from prefecture.services.acknowledging import finish
from prefecture.services.describing import situation
from prefecture.services.sending import send
from prefecture.wire.kinds import Kind
from prefecture.wire.times import stamp

CUT = 19_000  # characters of a report's text; the whole is the cell's PDF


def tell(kind: Kind, cell: UUID, payload: dict[str, Any], *, about: UUID | None = None) -> None:
    """The cell's own act is the approval; the message leaves in the same transaction."""
    seen = [one for one in cells.seen_by(cell) if one != "prefecture"]
    send(kind=kind, payload=payload, by=None, crisis=cell, about=about, audiences=seen)


@on(crisis.Opened)
def activated(event: crisis.Opened, note: Note, record: Record) -> None:
    cell = event.cell
    told = {
        "title": cell.title, "plan": cell.plan, "level": cell.level, "openedAt": stamp(cell.opened_at),
        "director": cell.director.name, "grounds": event.facts[:4000],
        "communes": [cell.commune] if cell.commune else [],
    }  # fmt: skip
    tell(Kind.CRISIS_ACTIVATION, cell.id, told)


@on(crisis.LevelChanged)
def level_changed(event: crisis.LevelChanged, note: Note, record: Record) -> None:
    cell = event.cell
    told = {
        "title": cell.title, "levelBefore": event.before, "level": cell.level, "decidedAt": stamp(cell.level_since),
        "decidedBy": cell.level_by.name, "grounds": event.reason[:4000],
    }  # fmt: skip
    tell(Kind.LEVEL_CHANGE, cell.id, told)


@on(crisis.Closed)
def closed(event: crisis.Closed, note: Note, record: Record) -> None:
    cell = event.cell
    told = {
        "title": cell.title, "closedAt": stamp(cell.closed_at or cell.level_since), "decidedBy": cell.level_by.name,
        "summary": event.reason or cell.title,
    }  # fmt: skip
    tell(Kind.CLOSURE, cell.id, told)


@on(crisis.ReportChanged)
def report_sent(event: crisis.ReportChanged, note: Note, record: Record) -> None:
    """A report that somebody approved and sends: its sections as text, the cell as EMSI."""
    if event.why != "sent" or note.about is None:
        return
    report = event.report
    sections = [f"{one.title}\n{one.text.strip()}" for one in report.sections if one.text.strip()]
    cell = Cell.objects.select_related("plan").get(id=note.about)
    told = {
        "number": max(1, report.number), "title": cell.title, "text": "\n\n".join(sections)[:CUT] or cell.title,
        "emsi": situation(cell, number=report.number, kind=Report.Kind(report.kind)),
    }  # fmt: skip
    tell(Kind.SITUATION_REPORT, cell.id, told, about=report.id)


@on(crisis.MeansRequested)
def means_requested(event: crisis.MeansRequested, note: Note, record: Record) -> None:
    request = event.request
    if request.via != MeansRequest.Via.PREFECTURE or note.about is None:
        return
    needed = {"neededBy": stamp(request.needed_by)} if request.needed_by else {}
    resource = {"what": request.what, "quantity": request.quantity, "place": request.where, **needed}
    tell(Kind.RESOURCE_REQUEST, note.about, {"title": request.what, "resources": [resource]}, about=request.id)


@on(crisis.Drawn)
def drawn(event: crisis.Drawn, note: Note, record: Record) -> None:
    """A zone to evacuate may hold more people than a threshold."""
    if note.about is not None:
        drafting.consider_zone(cell_id=note.about, zone=event.zone, record=record)


@on(crisis.ActionChanged)
def carried_out(event: crisis.ActionChanged, note: Note, record: Record) -> None:
    """The cell's action that an instruction became is done: so is the instruction. One that was dropped leaves it open."""
    if event.action.state != ActionState.DONE:
        return
    open_ = Instruction.objects.select_for_update().filter(action=event.action.id, status=Instruction.Status.OPEN)
    for one in open_:
        finish(one, Action.objects.select_related("by").get(id=event.action.id).by, record)
