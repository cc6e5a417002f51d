"""Fast entry, files, what is new, extracts, the archive, and any past instant."""

from hashlib import sha256
from io import BytesIO
from typing import Annotated
from uuid import UUID

import msgspec
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from msgspec import Meta

from access.api.base import Call, View, endpoint
from access.api.serializers import NoQuery
from crisis import replaying, rows, selectors, services
from crisis.api import paper_bodies as papers
from crisis.api import serializers as shapes
from crisis.api.bodies import Instant
from crisis.permissions import Permission, Right
from crisis.services.acting import require
from crisis.services.extracting import extract_of
from crisis.services.filing import file, record_file
from crisis.services.retaining import archive
from incidents.api.files import UploadView, kept_once, serve, single_file
from incidents.services import attaching
from journal.api.answers import answer
from journal.idempotency import Answer


class EntryView(View):
    """The log's one field: a line, or one of the slash words."""

    @endpoint("Enter what was typed", right=Permission.LOG, body=papers.EntryBody, answer=shapes.EntryShape, status=201)
    def post(self, call: Call, cell_id: UUID) -> Answer:
        body = call.body(papers.EntryBody)
        made = services.enter_text(
            cell_id=cell_id, by=call.by, text=body.text, id_=body.id, occurred_at=body.occurred_at
        )
        return answer(shapes.entry_of(made), status=201)


class FilesView(UploadView):
    @endpoint("Bring a photo or PDF into the cell", right=Permission.LOG, upload=True, answer=rows.FileRow, status=201, wraps=False)  # fmt: skip
    def post(self, call: Call, cell_id: UUID) -> Answer:
        key = call.key
        require(call.by, Right.LOG, selectors.get(cell_id=cell_id, access=call.access))
        name, content = single_file(call)
        mark = sha256(f"{cell_id}\n{name}\n".encode() + content).digest()
        kept = attaching.keep(name=name, content=content)

        def work() -> Answer:
            made = record_file(cell_id=cell_id, by=call.by, kept=kept)
            return answer(rows.shaped(rows.FileRow, made), status=201)

        return kept_once(call, key=key, mark=mark, kept=kept, work=work)


class FileView(View):
    @endpoint("The file itself", right=Permission.VIEW, media="application/octet-stream")
    def get(self, call: Call, cell_id: UUID, file_id: UUID) -> HttpResponseBase:
        found = file(cell_id=cell_id, file_id=file_id, access=call.access)
        return serve(call, found.stored_as, name=found.name, media_type=found.media_type, digest=found.sha256)


class NewsView(View):
    @endpoint("What changed since I left", right=Permission.VIEW, answer=services.News)
    def get(self, call: Call, cell_id: UUID) -> Answer:
        call.query(NoQuery)
        return answer(services.news(cell_id=cell_id, by=call.by, access=call.access))


class SeenView(View):
    @endpoint("I have read it", right=Permission.VIEW, body=papers.SeenBody, answer=shapes.SeenShape)
    def post(self, call: Call, cell_id: UUID) -> Answer:
        seq = call.body(papers.SeenBody).seq
        visit = services.seen(cell_id=cell_id, by=call.by, access=call.access, seq=seq)
        return answer(shapes.SeenShape(visit.seq))


class ExtractsView(View):
    @endpoint("Take an extract of the record", right=Permission.VIEW, answer=shapes.ExtractShape, status=201)
    def post(self, call: Call, cell_id: UUID) -> Answer:
        return answer(shapes.extract_shape(services.extract(cell_id=cell_id, by=call.by)), status=201)


class ExtractView(View):
    """`jsonl`: the entries that docs/prove_extract.py proves; `pdf`: the log; `zip`: the whole archive."""

    @endpoint("An extract", right=Permission.VIEW, media="application/octet-stream")
    def get(self, call: Call, cell_id: UUID, extract_id: UUID, form: str) -> HttpResponseBase:
        found = extract_of(cell_id=cell_id, extract_id=extract_id, access=call.access)
        name = f"{found.cell.reference}-{found.last_seq}.{form}"
        if form == "zip":
            packed = BytesIO()
            archive(taken=found, to=packed, by=call.by)
            headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
            return HttpResponse(packed.getvalue(), content_type="application/zip", headers=headers)
        if form == "pdf":
            return serve(call, found.pdf_stored_as, name=name, media_type="application/pdf", digest=found.pdf_sha256)
        return serve(call, found.stored_as, name=name, media_type="application/jsonl", digest=found.sha256)


class ReplayQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`at`: the instant (none: the latest); `lines`: how many of the newest lines to give."""

    at: Instant | None = None
    lines: Annotated[int, Meta(ge=0, le=20_000)] = 200


class ReplayView(View):
    @endpoint("The cell as it was", right=Permission.VIEW, query=ReplayQuery, answer=replaying.Moment)
    def get(self, call: Call, cell_id: UUID) -> Answer:
        asked = call.query(ReplayQuery)
        return answer(replaying.moment(cell_id=cell_id, access=call.access, at=asked.at, lines=asked.lines))


class MarksView(View):
    @endpoint("Its turning points", right=Permission.VIEW, answer=shapes.MarksShape)
    def get(self, call: Call, cell_id: UUID) -> Answer:
        call.query(NoQuery)
        return answer(shapes.MarksShape(replaying.marks(cell_id=cell_id, access=call.access)))
