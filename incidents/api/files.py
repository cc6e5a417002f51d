"""Files on their way in and out, for every room that keeps some: read under a cap, kept once, served to who may see them."""

from collections.abc import Callable
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from access.api.base import Call, Endpoint, View
from incidents.services import attaching
from journal.api.errors import Malformed, UnsupportedMediaType
from journal.api.parsing import media_type
from journal.errors import Invalid, NotFound
from journal.idempotency import Answer, once

FORM_OVERHEAD = 64 * 1024  # bytes of boundaries and part headers around a file


class UploadView(View):
    """The file is checked and written before the transaction begins, and taken away again when it does not commit."""

    def cap(self, asked: Endpoint) -> int:
        return attaching.CAP_BYTES + FORM_OVERHEAD


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
