"""Rows of what is drawn and of what is written to be sent: zones, reports, messages."""

from datetime import datetime
from typing import Any

import msgspec

from crisis.areas import Shape, of
from crisis.inside import Inside
from crisis.models import PublicMessage, Report, ReportSection, ZoneVersion
from crisis.rows import Row, named, shaped
from incidents.rows import Named


class ZoneRow(Row, frozen=True, kw_only=True):
    """A zone as of one version. `observed` false: foreseen; `dated_at`: the situation it shows; `removed`: taken off."""

    version: int
    kind: str
    label: str
    observed: bool
    dated_at: datetime
    source: str
    shape: Shape
    inside: Inside | None
    by: Named
    at: datetime
    removed: bool


class SectionRow(Row, frozen=True, kw_only=True):
    key: str
    title: str
    text: str
    version: int
    by: Named | None
    at: datetime


class ReportRow(Row, frozen=True, kw_only=True):
    """`sha256`: of its PDF, once it is approved."""

    number: int
    kind: str
    state: str
    by: Named
    at: datetime
    approved_by: Named | None
    approved_at: datetime | None
    sent_at: datetime | None
    sha256: str
    size: int
    sections: list[SectionRow]
    version: int


class MessageRow(Row, frozen=True, kw_only=True):
    number: int
    channel: str
    text: str
    state: str
    by: Named
    at: datetime
    approved_by: Named | None
    approved_at: datetime | None
    version: int


def zone_row(drawn: ZoneVersion) -> ZoneRow:
    """Load with `select_related("zone", "by")`; the row's id is the zone's."""
    return shaped(
        ZoneRow, drawn, id=drawn.zone_id, version=drawn.number, shape=of(drawn.shape), by=named(drawn.by),
        inside=msgspec.convert(drawn.inside, Inside) if drawn.inside else None,
        removed=drawn.zone.removed_at is not None,
    )  # fmt: skip


def section_row(section: ReportSection) -> SectionRow:
    return shaped(SectionRow, section, by=named(section.by))


def report_row(report: Report) -> ReportRow:
    """Load with `select_related("by", "approved_by")` and `prefetch_related("sections__by")`."""
    sections = [section_row(one) for one in report.sections.all()]
    people: dict[str, Any] = {name: named(getattr(report, name)) for name in ("by", "approved_by")}
    return shaped(ReportRow, report, sections=sections, **people)


def message_row(message: PublicMessage) -> MessageRow:
    people: dict[str, Any] = {name: named(getattr(message, name)) for name in ("by", "approved_by")}
    return shaped(MessageRow, message, **people)
