"""What is added to an incident without changing it: reports (one or a thousand), comments, files."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

import msgspec
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from msgspec import UNSET

from access.api.base import Call, Endpoint, View, endpoint
from access.services import require
from incidents import details, selectors, services
from incidents.api import bodies
from incidents.api import serializers as shapes
from incidents.api.details import attachment_of, comment_of
from incidents.api.views import row_answer
from incidents.models import Incident, Report
from incidents.permissions import Permission
from incidents.rows import IncidentRow
from incidents.services import Draft, attaching
from incidents.services.gathering import Account, add_reports
from incidents.workflow import MOVES
from journal.api.answers import answer
from journal.api.errors import Malformed, UnsupportedMediaType, document
from journal.api.parsing import media_type, shaped
from journal.errors import Invalid, NotFound, Problem
from journal.idempotency import Answer, once

FORM_OVERHEAD = 64 * 1024  # bytes of boundaries and part headers around a file


class ReportsView(View):
    @endpoint(
        "One more report of this incident",
        right=MOVES["report"].permission,
        body=bodies.ReportBody,
        answer=IncidentRow,
        status=201,
    )
    def post(self, call: Call, incident_id: UUID) -> Answer:
        (result,) = add_reports(by=call.by, accounts=[_account(call.body(bodies.ReportBody), incident_id)])
        if isinstance(result, Problem):
            raise result
        return row_answer(result, status=201)


def _account(body: bodies.Told, incident_id: UUID) -> Account:
    known = Account.__struct_fields__
    told = {name: value for name, value in msgspec.structs.asdict(body).items() if value is not UNSET and name in known}
    return Account(**{**told, "incident": incident_id})


class BulkView(View):
    """Up to 1,000 reports a call, each for itself."""

    @endpoint(
        "Many reports at once", right=Permission.REPORT, body=bodies.DocumentedBulkBody, answer=shapes.BulkResults
    )
    def post(self, call: Call) -> Answer:
        raws = call.body(bodies.BulkBody).reports
        items = [_item(raw) for raw in raws]
        known = Report.objects.filter(id__in=[_id(raw) for raw in raws if _id(raw)])
        before: set[UUID | None] = set(known.values_list("id", flat=True))
        outcomes = _carry_out(call, {nr: item for nr, item in enumerate(items) if isinstance(item, bodies.BulkItem)})
        results = []
        for nr, (raw, item) in enumerate(zip(raws, items, strict=True)):
            results.append(_result(_id(raw), outcomes.get(nr, item), before))
            before.add(_id(raw))  # a twin later in the same call was made before
        return answer(shapes.BulkResults(results))


def _item(raw: Any) -> bodies.BulkItem | Problem:
    try:
        item = shaped(raw, bodies.BulkItem)
    except Invalid as invalid:
        return invalid
    if item.incident is None:
        missing = [name for name in ("category", "lat", "lon") if getattr(item, name) in ("", None)]
        if missing:
            return Invalid(errors={name: [_("Needed when no incident is given.")] for name in missing})
    return item


def _id(raw: Any) -> UUID | None:
    try:
        return UUID(raw["id"])
    except (TypeError, KeyError, ValueError, AttributeError):
        return None


def _carry_out(call: Call, items: dict[int, bodies.BulkItem]) -> dict[int, Incident | Problem]:
    # Incidents are locked before the counter of references, as in every transaction that needs both.
    added = {nr: item for nr, item in items.items() if item.incident}
    declared = {nr: item for nr, item in items.items() if not item.incident}
    accounts = [_account(item, item.incident) for item in added.values() if item.incident]
    drafts = [_draft(item) for item in declared.values()]
    outcomes = dict(zip(added, add_reports(by=call.by, accounts=accounts), strict=True))
    if drafts:
        outcomes |= zip(declared, services.declare_many(by=call.by, drafts=drafts), strict=True)
    return outcomes


def _draft(item: bodies.BulkItem) -> Draft:
    told = msgspec.structs.asdict(item)
    del told["incident"]
    return Draft(**told)


def _result(report: UUID | None, outcome: object, before: set[UUID | None]) -> shapes.BulkResult:
    if isinstance(outcome, Incident):
        return shapes.BulkResult(report, 200 if report in before else 201, outcome.id, outcome.reference)
    problem = cast("Problem", outcome)
    return shapes.BulkResult(report, problem.status, problem=document(problem))


class CommentsView(View):
    @endpoint(
        "Say something about it",
        right=MOVES["comment"].permission,
        body=bodies.CommentBody,
        answer=shapes.CommentShape,
        status=201,
    )
    def post(self, call: Call, incident_id: UUID) -> Answer:
        body = call.body(bodies.CommentBody)
        made = services.comment(incident_id=incident_id, by=call.by, text=body.text, kind=body.kind)
        return answer(comment_of(made), status=201)


class AttachmentsView(View):
    """The file is checked and written before the transaction begins, and taken away again when it does not commit."""

    def cap(self, asked: Endpoint) -> int:
        return attaching.CAP_BYTES + FORM_OVERHEAD

    @endpoint(
        "Add a photo or PDF",
        right=MOVES["attach"].permission,
        upload=True,
        answer=shapes.AttachmentShape,
        status=201,
        wraps=False,
    )
    def post(self, call: Call, incident_id: UUID) -> Answer:
        key = call.key
        require(call.access, Permission.ATTACH, selectors.get(incident_id=incident_id, access=call.access))
        name, content = single_file(call)
        mark = sha256(f"{incident_id}\n{name}\n".encode() + content).digest()
        kept = attaching.keep(name=name, content=content)

        def work() -> Answer:
            file = attaching.record_attachment(incident_id=incident_id, by=call.by, kept=kept)
            return answer(attachment_of(file), status=201)

        return kept_once(call, key=key, mark=mark, kept=kept, work=work)


def kept_once(call: Call, *, key: UUID, mark: bytes, kept: attaching.Kept, work: Callable[[], Answer]) -> Answer:
    """Answer a write that makes a kept file part of something, under its key; the file goes when it did not."""
    became_part = False
    try:
        given = once(by=call.by, key=key, mark=mark, work=work)
        became_part = "Idempotency-Replayed" not in given.headers
    finally:
        if not became_part:
            attaching.discard(kept)
    return given


def single_file(call: Call) -> tuple[str, bytes]:
    """The name and bytes of the one part named file. Raises UnsupportedMediaType, Malformed, Invalid."""
    if media_type(call.request) != "multipart/form-data":
        raise UnsupportedMediaType(_("Send multipart/form-data with one part named file."))
    files = call.request.FILES.getlist("file")
    if len(files) != 1 or len(call.request.FILES) != 1:
        raise Malformed(_("Send one part named file."))
    (file,) = files
    if file.size is None or file.size > attaching.CAP_BYTES:
        raise Invalid(errors={"file": [_("Files may have up to 10 MiB.")]})
    return file.name or "", file.read()


class AttachmentView(View):
    @endpoint("The file itself", right=Permission.VIEW, media="application/octet-stream")
    def get(self, call: Call, attachment_id: UUID) -> HttpResponseBase:
        file = details.attachment(attachment_id=attachment_id, access=call.access)
        return serve(call, file.stored_as, name=file.name, media_type=file.media_type, digest=file.sha256)


def serve(call: Call, stored_as: str, *, name: str, media_type: str, digest: str) -> HttpResponseBase:
    """A kept file's bytes to somebody who was found to see it. Raises NotFound when they are gone."""
    tag = f'"{digest}"'
    headers = {
        "ETag": tag,
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if call.request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers=headers)
    try:
        content = attaching.path_of(stored_as).open("rb")
    except FileNotFoundError as gone:
        raise NotFound(_("The file is missing.")) from gone
    inline = media_type in attaching.IMAGES
    return FileResponse(content, as_attachment=not inline, filename=name, content_type=media_type, headers=headers)
