"""Situation and after-action reports: drafted from the record, edited by section, approved by name, frozen, sent."""

from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.models import Person
from crisis import mapping
from crisis.drafting import Section, clock, situation
from crisis.events import ReportChanged
from crisis.folding import State, fold
from crisis.looking_back import after_action, figures
from crisis.models import CellIncident, Report, ReportSection, SectionVersion
from crisis.papers import report_row, section_row
from crisis.services.acting import Change, acting, choice, directs, in_post, label_in_post, words
from crisis.services.logging import act_line
from crisis.services.stamping import want_stamp
from crisis.workflow import Level, LineKind
from incidents.services.attaching import Kept, discard, keep
from journal import selectors as journal
from journal.errors import Conflict, NotFound, Stale, WrongState
from journal.models import Entry
from journal.printing import pdf

PAGE = Path(__file__).parents[1] / "print" / "report.typ"
TEXT_LIMIT = 20_000
_NAMES = {Report.Kind.SITUATION: gettext_noop("Situation report %(number)s"),
          Report.Kind.AFTER_ACTION: gettext_noop("After-action report")}  # fmt: skip


def draft_report(*, cell_id: UUID, by: Person, kind: str = Report.Kind.SITUATION) -> Report:
    """Draft the next report from the record since the last one; an after-action report once the crisis is over.
    Raises Conflict while another draft of its kind is open."""
    with acting("draft", cell_id=cell_id, by=by) as change:
        choice(kind, Report.Kind.values, name="kind")
        _may_draft(change, kind)
        before = Report.objects.filter(cell=change.cell, kind=Report.Kind.SITUATION).order_by("-number").first()
        since, until = (before.until_seq if before else 0), journal.head().seq
        now = state_at(change.cell.id, until)
        report = Report(
            cell=change.cell, number=change.count("last_report"), kind=kind, since_seq=since, until_seq=until,
            picture=_picture(change, now), by=by, at=change.now,
        )  # fmt: skip
        report.save(force_insert=True)
        if kind == Report.Kind.SITUATION:
            drafted = situation(now, state_at(change.cell.id, until, since), change.now)
        else:
            drafted = after_action(now, change.now)
        _sections(change, report, drafted)
        return _tell(change, report, "drafted")


def _may_draft(change: Change, kind: str) -> None:
    if kind == Report.Kind.AFTER_ACTION and change.cell.level not in (Level.RECOVERY, Level.CLOSED):
        raise WrongState(act="draft", status=change.cell.level, allowed_from=[Level.RECOVERY, Level.CLOSED])
    if kind == Report.Kind.SITUATION and change.cell.level == Level.CLOSED:
        raise WrongState(act="draft", status=change.cell.level)
    waiting = Report.objects.filter(cell=change.cell, kind=kind, state=Report.State.DRAFT).first()
    if waiting is not None:
        raise Conflict(_("Report %(number)d is a draft still.") % {"number": waiting.number})


def state_at(cell_id: UUID, until: int, since: int = 0) -> State:
    """A cell's state from the record up to one of the journal's numbers; with `since`, only what changed after it."""
    told = Entry.objects.filter(about=cell_id, seq__gt=since, seq__lte=until, kind__startswith="crisis.")
    return fold(told.order_by("seq").values_list("kind", "data").iterator(chunk_size=2_000))


def _picture(change: Change, now: State) -> dict[str, Any]:
    """Figures and map as of the draft: what is approved is what was drafted, whatever happens meanwhile."""
    linked = CellIncident.objects.filter(cell=change.cell, incident__sensitivity="normal").select_related("incident")
    incidents = [
        {name: getattr(one.incident, name) for name in ("reference", "lat", "lon", "priority")} for one in linked
    ]
    zones = [zone for zone in now["zones"].values() if not zone["removed"]]
    numbers = msgspec.to_builtins(figures(now, change.now))
    return {"figures": numbers, "zones": zones, "incidents": incidents, "level": change.cell.level}


def _sections(change: Change, report: Report, drafted: list[Section]) -> None:
    made = [
        ReportSection(report=report, key=one.key, title=one.title, text=one.text[:TEXT_LIMIT], position=position, at=change.now)
        for position, one in enumerate(drafted)
    ]  # fmt: skip
    ReportSection.objects.bulk_create(made)


def edit_section(
    *, cell_id: UUID, by: Person, report_id: UUID, key: str, text: str, version: int | None = None
) -> ReportSection:
    """Write one section anew. Its own version decides: whoever was slower gets Stale with what stands there now, and
    nothing is overwritten. What it said before is kept."""
    with acting("draft", cell_id=cell_id, by=by) as change:
        report = _report(change, report_id)
        if report.state != Report.State.DRAFT:
            raise WrongState(_("An approved report is frozen."), status=report.state, allowed_from=["draft"])
        section = ReportSection.objects.select_related("by").filter(report=report, key=key).first()
        if section is None:
            raise NotFound
        if version is not None and section.version != version:
            raise Stale(current=section_row(section))
        text = words(text, name="text", needed=False, limit=TEXT_LIMIT)
        told = {"number": section.version, "text": section.text, "by": section.by, "at": section.at}
        SectionVersion(section=section, **told).save(force_insert=True)
        section.text, section.by, section.at, section.version = text, by, change.now, section.version + 1
        section.save(force_update=True)
        report.version += 1  # who approves has to have seen it
        report.save(update_fields=["version"])
        _tell(change, report, "edited")
        return section


def approve_report(*, cell_id: UUID, by: Person, report_id: UUID, version: int | None = None) -> Report:
    """Approve a report in one's own name: it is printed, its hash enters the record, and nothing changes it any more."""
    kept: list[Kept] = []
    try:
        with acting("approve", cell_id=cell_id, by=by) as change:
            return _approve(change, report_id, version, kept)
    except BaseException:
        for one in kept:
            discard(one)
        raise


def _approve(change: Change, report_id: UUID, version: int | None, kept: list[Kept]) -> Report:
    report, by = _report(change, report_id), change.person
    if version is not None and report.version != version:
        raise Stale(current=report_row(report))
    if report.state != Report.State.DRAFT:
        raise WrongState(_("It was approved already."), status=report.state, allowed_from=["draft"])
    file = keep(name=f"{change.cell.reference}.pdf", content=print_report(change, report, by))
    kept.append(file)
    report.state, report.approved_by, report.approved_at = Report.State.APPROVED, by, change.now
    report.stored_as, report.sha256, report.size = file.stored_as, file.sha256, file.size
    report.version += 1
    report.save(force_update=True)
    name = name_of(report)
    act_line(change, LineKind.REPORT, gettext_noop("%(name)s approved by %(by)s."), report, name=name, by=by.name)
    want_stamp(change, what=name, sha256=file.sha256, stored_as=file.stored_as)
    return _tell(change, report, "approved")


def print_report(change: Change, report: Report, by: Person) -> bytes:
    """The report's PDF as it is approved now by somebody."""
    cell, picture = change.cell, report.picture
    facts = [
        (in_post(gettext_noop("Cell")), cell.reference),
        (in_post(gettext_noop("Direction of operations")), directs(cell)),
        (in_post(gettext_noop("Drafted")), clock(report.at.isoformat(), dated=True)),
        (in_post(gettext_noop("Approved")), f"{by.name}, {clock(change.now.isoformat(), dated=True)}"),
    ]
    signature = in_post(gettext_noop("Approved by %(by)s on %(at)s. The hash of this file stands in the record."),
                        by=by.name, at=clock(change.now.isoformat(), dated=True))  # fmt: skip
    content: dict[str, Any] = {
        "heading": name_of(report), "title": cell.title, "reference": cell.reference, "approved_by": by.name,
        "level": in_post(gettext_noop("Level: %(level)s"), level=label_in_post(Level, picture["level"])), "facts": facts,
        "sections": [{"title": one.title, "text": one.text} for one in report.sections.all()],
        "footer": f"{cell.reference} · {name_of(report)}", "signature": signature, **_map_words(picture),
    }  # fmt: skip
    return pdf(PAGE, content, at=change.now, map=mapping.svg(zones=picture["zones"], incidents=picture["incidents"]))


def _map_words(picture: dict[str, Any]) -> dict[str, str]:
    counted = {"zones": len(picture["zones"]), "incidents": len(picture["incidents"])}
    words_ = in_post(gettext_noop("Map of the cell. Zones: %(zones)s, incidents: %(incidents)s."), **counted)
    drawn = "; ".join(zone["label"] for zone in picture["zones"])
    return {"map_words": f"{words_} {drawn}".strip(), "map_caption": words_}


def send_report(*, cell_id: UUID, by: Person, report_id: UUID) -> Report:
    """Send an approved report to the prefecture: the link's room takes it from the record."""
    with acting("approve", cell_id=cell_id, by=by) as change:
        report = _report(change, report_id)
        if report.state != Report.State.APPROVED:
            raise WrongState(act="send", status=report.state, allowed_from=[Report.State.APPROVED])
        report.state, report.sent_at = Report.State.SENT, change.now
        report.version += 1
        report.save(update_fields=["state", "sent_at", "version"])
        act_line(
            change, LineKind.REPORT, gettext_noop("%(name)s sent to the prefecture."), report, name=name_of(report)
        )
        return _tell(change, report, "sent")


def name_of(report: Report) -> str:
    """Its name in the post's own language."""
    return in_post(_NAMES[Report.Kind(report.kind)], number=report.number)


def _report(change: Change, report_id: UUID) -> Report:
    found = Report.objects.select_related("by", "approved_by").filter(cell=change.cell, id=report_id).first()
    if found is None:
        raise NotFound
    return found


def _tell(change: Change, report: Report, why: str) -> Report:
    """Record the report as it is now, sections included."""
    fresh = Report.objects.select_related("by", "approved_by").prefetch_related("sections__by").get(id=report.id)
    change.tell(ReportChanged(report=report_row(fresh), why=why))
    return fresh
