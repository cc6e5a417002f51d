"""Photos of a mission: sent by the crew, served only through the access check."""

from hashlib import sha256
from uuid import UUID

from django.http.response import HttpResponseBase

from access.api.base import Call, View, endpoint
from access.services import require
from incidents.api.files import UploadView, kept_once, serve, single_file
from incidents.services import attaching
from interventions import selectors
from interventions.api import serializers as shapes
from interventions.api.bodies import FieldBody
from interventions.api.details import photo_shape
from interventions.permissions import Permission
from interventions.services.picturing import photo, record_photo
from interventions.workflow import MOVES
from journal.api.answers import answer
from journal.api.parsing import shaped
from journal.idempotency import Answer


class PhotoForm(FieldBody, frozen=True, kw_only=True):
    """The parts beside `file`: before or after the work, and the checklist item that it proves."""

    stage: str = "after"
    item: str = ""
    id: UUID | None = None


class PhotosView(UploadView):
    @endpoint(
        "Add a photo: parts file, stage, item, at, id",
        right=MOVES["photo"].permission,
        upload=True,
        answer=shapes.PhotoShape,
        status=201,
        wraps=False,
    )
    def post(self, call: Call, intervention_id: UUID) -> Answer:
        key = call.key
        require(call.access, Permission.WORK, selectors.get(intervention_id=intervention_id, access=call.access))
        name, content = single_file(call)
        form = shaped(dict(call.request.POST.items()), PhotoForm)
        mark = sha256(f"{intervention_id}\n{name}\n{form}\n".encode() + content).digest()
        kept = attaching.keep(name=name, content=content)

        def work() -> Answer:
            made = record_photo(
                intervention_id=intervention_id, by=call.by, kept=kept, stage=form.stage, item=form.item, at=form.at,
                row_id=form.id,
            )  # fmt: skip
            return answer(photo_shape(made), status=201)

        return kept_once(call, key=key, mark=mark, kept=kept, work=work)


class PhotoView(View):
    @endpoint("The picture itself", right=Permission.VIEW, media="application/octet-stream")
    def get(self, call: Call, photo_id: UUID) -> HttpResponseBase:
        found = photo(photo_id=photo_id, access=call.access)
        return serve(call, found.stored_as, name=f"{found.stage}.jpg", media_type=found.media_type, digest=found.sha256)
