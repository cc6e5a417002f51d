"""One incident with all that hangs on it, as JSON."""

from typing import Any
from uuid import UUID

import msgspec
from django.urls import reverse

from incidents.api.serializers import AttachmentShape, CommentShape, HistoryEntry, MergedShape, ReportShape
from incidents.details import Detail
from incidents.models import Attachment, Comment, Report
from incidents.rows import Named, row_of
from journal.chain import instant
from journal.models import Entry

_REPORT = (
    *("id", "source", "description", "lat", "lon", "address", "occurred_at", "entered_at"),
    *("external_id", "erased_at"),
)
_REPORTER = ("reporter_name", "reporter_phone", "reporter_email")


def body_of(found: Detail) -> dict[str, Any]:
    """The row's members (`reports` being the reports themselves) and the rest of `IncidentDetail`."""
    return {
        **msgspec.structs.asdict(row_of(found.incident)),
        "reports": [report_of(one, found.sees_reporters) for one in found.reports],
        "comments": [comment_of(one) for one in found.comments],
        "attachments": [attachment_of(one) for one in found.attachments],
        "merged": [MergedShape(*one) for one in found.merged],
        "named_people": [Named(one.id, one.name) for one in found.named],
        "watching": found.watching,
        "allowed": found.allowed,
        "history": [history_entry(one, found.names) for one in found.history],
    }


def report_of(report: Report, sees_reporter: bool) -> ReportShape:
    """With the reporter's own details only for those who may see them."""
    names = (*_REPORT, *(_REPORTER if sees_reporter else ()))
    return ReportShape(
        **{name: getattr(report, name) for name in names},
        entered_by=Named(report.entered_by.id, report.entered_by.name),
        first_incident=report.first_incident_id,
    )


def comment_of(comment: Comment) -> CommentShape:
    return CommentShape(comment.id, comment.text, comment.kind, comment.at, Named(comment.by.id, comment.by.name))


def attachment_of(file: Attachment) -> AttachmentShape:
    return AttachmentShape(
        id=file.id,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        at=file.at,
        by=Named(file.by.id, file.by.name),
        url=reverse("api-attachment", args=[file.id]),
    )


def history_entry(entry: Entry, names: dict[UUID, str]) -> HistoryEntry:
    """One line of what happened; `names` of people by id."""
    return HistoryEntry(
        seq=entry.seq,
        at=instant(entry.at),
        kind=entry.kind,
        about=str(entry.about) if entry.about else None,
        by=str(entry.by) if entry.by else None,
        by_name=names.get(entry.by, "") if entry.by else "",
        data=msgspec.Raw(entry.data.encode()),
    )
