"""What is added to an incident without changing it: reports (one or a thousand), comments, files."""

from hashlib import sha256
from typing import Any, cast
from uuid import UUID

import msgspec
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from msgspec import UNSET

from access.api.base import Call, View, endpoint
from access.services import require
from incidents import details, selectors, services
from incidents.api import bodies
from incidents.api import serializers as shapes
from incidents.api.details import attachment_of, comment_of
from incidents.api.files import UploadView, kept_once, serve, single_file
from incidents.api.views import row_answer
from incidents.models import Incident, Report
from incidents.permissions import Permission
from incidents.rows import IncidentRow
from incidents.services import Draft, attaching
from incidents.services.gathering import Account, add_reports
from incidents.workflow import MOVES
from journal.api.answers import answer
from journal.api.errors import document
from journal.api.parsing import shaped
from journal.errors import Invalid, Problem
from journal.idempotency import Answer


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


class AttachmentsView(UploadView):
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


class AttachmentView(View):
    @endpoint("The file itself", right=Permission.VIEW, media="application/octet-stream")
    def get(self, call: Call, attachment_id: UUID) -> HttpResponseBase:
        file = details.attachment(attachment_id=attachment_id, access=call.access)
        return serve(call, file.stored_as, name=file.name, media_type=file.media_type, digest=file.sha256)
