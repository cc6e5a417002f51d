"""The log: lines with a number of their own, corrected only by a line that stands for them."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.models import Person
from access.selectors import access_of
from crisis.events import Logged
from crisis.functions import Function
from crisis.models import CellFile, CellIncident, Line, LineFile, Member
from crisis.rows import line_row
from crisis.services.acting import LINE_LIMIT, Change, acting, choice, in_post, words
from crisis.workflow import BY_HAND, Credibility, Importance, LineKind, Reliability
from incidents import selectors as incidents
from incidents.models import Incident
from interventions import selectors as interventions
from journal.errors import Conflict, Invalid, WrongState
from territory.wording import fold

AHEAD = timedelta(minutes=10)  # a phone's clock may be off; what is further ahead is a slip
LINKS_LIMIT = 20
_REFERENCE = re.compile(r"\b[A-Z]{1,3}-\d{4}-\d{4,6}(?:-\d+)?\b", re.IGNORECASE)


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody enters. `id`, made by the client, makes it happen once; `occurred_at` is the event's own time."""

    text: str
    id: UUID | None = None
    occurred_at: datetime | None = None
    kind: str = LineKind.INFORMATION
    source: str = ""
    reliability: str = Reliability.F
    credibility: int = Credibility.UNJUDGED
    importance: str = Importance.NORMAL
    incidents: Sequence[UUID] = ()
    interventions: Sequence[UUID] = ()
    mentions: Sequence[str] = ()
    files: Sequence[UUID] = ()


def log(*, cell_id: UUID, by: Person, entry: Words) -> Line:
    """Add a line. The same id again gives the line made before. Raises NotFound, NotAllowed, WrongState, Invalid."""
    with acting("log", cell_id=cell_id, by=by) as change:
        return _known(change, entry) or _enter(change, entry)


def supersede(*, cell_id: UUID, by: Person, number: int, entry: Words) -> Line:
    """Correct line `number` by a new line; the old one stays readable. A line is corrected once: correct the correction."""
    with acting("supersede", cell_id=cell_id, by=by) as change:
        known = _known(change, entry)
        if known is not None:
            return known
        before = Line.objects.filter(cell=change.cell, number=number).first()
        if before is None:
            raise Invalid(errors={"number": [_("No such line.")]})
        if before.kind not in BY_HAND:
            raise WrongState(_("This line was written by an act; do the act again instead."), allowed_from=[*BY_HAND])
        later = Line.objects.filter(supersedes=before).first()
        if later is not None:
            raise Conflict(_("Line %(number)d stands for it already.") % {"number": later.number})
        return _enter(change, entry, supersedes=before)


def _known(change: Change, entry: Words) -> Line | None:
    found = Line.objects.select_related("by", "supersedes").filter(id=entry.id).first() if entry.id else None
    if found is not None and (found.cell_id, found.by_id) != (change.cell.id, change.person.id):
        raise Conflict(_("This id belongs to another line."))
    return found


def _enter(change: Change, entry: Words, supersedes: Line | None = None) -> Line:
    choice(entry.kind, BY_HAND, name="kind")
    choice(entry.reliability, Reliability.values, name="reliability")
    choice(entry.credibility, Credibility.values, name="credibility")
    choice(entry.importance, Importance.values, name="importance")
    for mention in entry.mentions:
        choice(mention, Function.values, name="mentions")
    copied = {name: getattr(entry, name) for name in ("kind", "reliability", "credibility", "importance")}
    return write_line(
        change,
        words(entry.text, name="text", limit=LINE_LIMIT),
        id=entry.id or uuid4(),
        occurred_at=event_time(entry.occurred_at, change.now),
        source=words(entry.source, name="source", needed=False, limit=120),
        supersedes=supersedes,
        incidents=_incidents(change, entry),
        interventions=_interventions(change, entry),
        mentions=sorted(set(entry.mentions)),
        files=_files(change, entry.files),
        **copied,
    )


def event_time(told: datetime | None, now: datetime) -> datetime:
    """When it happened. Raises Invalid without a zone or in the future."""
    if told is None:
        return now
    if told.tzinfo is None:
        raise Invalid(errors={"occurred_at": [_("Give the time with its zone.")]})
    if told > now + AHEAD:
        raise Invalid(errors={"occurred_at": [_("This lies in the future.")]})
    return min(told, now)


def _few(ids: Sequence[UUID], name: str) -> list[UUID]:
    if len(ids) > LINKS_LIMIT:
        raise Invalid(errors={name: [_("At most %(limit)d.") % {"limit": LINKS_LIMIT}]})
    return sorted(set(ids))


def _incidents(change: Change, entry: Words) -> list[UUID]:
    """Incidents that exist, and those of the cell or in the writer's sight whose reference the text names; a line holds
    their ids alone, so it shows nothing of them."""
    wanted = _few(entry.incidents, "incidents")
    if wanted and Incident.objects.filter(id__in=wanted).count() != len(wanted):
        raise Invalid(errors={"incidents": [_("No such incident.")]})
    ours = CellIncident.objects.filter(cell=change.cell).values("incident_id")
    seen = incidents.visible(access_of(change.person)).values("id")
    return _named(wanted, entry.text, lambda: Incident.objects.filter(Q(id__in=ours) | Q(id__in=seen)))


def _interventions(change: Change, entry: Words) -> list[UUID]:
    wanted = _few(entry.interventions, "interventions")
    return _named(wanted, entry.text, lambda: interventions.visible(access_of(change.person)))


def _named(wanted: list[UUID], text: str, seen: Callable[[], QuerySet[Any]]) -> list[UUID]:
    """With those among the seen whose references stand in the text."""
    references = {found.upper() for found in _REFERENCE.findall(text)}
    if not references:
        return wanted
    found = seen().filter(reference__in=references).values_list("id", flat=True)
    return sorted({*wanted, *found})[:LINKS_LIMIT]


def _files(change: Change, ids: Sequence[UUID]) -> list[CellFile]:
    wanted = _few(ids, "files")
    found = list(CellFile.objects.filter(cell=change.cell, id__in=wanted)) if wanted else []
    if len(found) != len(wanted):
        raise Invalid(errors={"files": [_("No such file in this cell.")]})
    return found


def write_line(change: Change, text: str, *, files: Sequence[CellFile] = (), **fields: Any) -> Line:
    """Inside a change: the next line of the log, whoever acts being its author."""
    line = Line(
        **{"occurred_at": change.now, "function": function_of(change), **fields},
        cell=change.cell,
        number=change.count("last_line"),
        entered_at=change.now,
        by=change.by,
        text=text,
        search=fold(f"{text} {fields.get('source', '')} {fields.get('reference', '')}"),
    )
    line.save(force_insert=True)
    LineFile.objects.bulk_create([LineFile(line=line, file=file) for file in files])
    change.tell(Logged(line=line_row(line)))
    return line


def act_line(
    change: Change, kind: str, message: str, about: Any = None, *, occurred_at: datetime | None = None, **values: Any
) -> Line:
    """The line that an act writes by itself, in the post's own language; `message` is an untranslated text, `occurred_at`
    the act's own time when it was done without network."""
    text = in_post(message, **values)
    refers: dict[str, Any] = {}
    if about is not None:
        refers = {"refers_to": about.id, "reference": getattr(about, "reference", "")}
    return write_line(
        change, text, kind=kind, source=in_post(gettext_noop("cell")), reliability="A", credibility=1,
        occurred_at=occurred_at or change.now, **refers,
    )  # fmt: skip


def function_of(change: Change) -> str:
    """The function that whoever acts holds in the cell: the first taken up, when there are several."""
    if change.by is None:
        return ""
    held = Member.objects.filter(cell=change.cell, person=change.by, ended_at=None).order_by("called_at", "id")
    return held.values_list("function", flat=True).first() or ""
