"""The crew's phone: one picture to work from, and everything it kept while it had no network, one item a call."""

from hashlib import sha256
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _
from msgspec import Meta

from access.api.base import Call, View, endpoint
from access.api.serializers import NoQuery
from incidents.api.bodies import NUL_FREE, Instant, Strict
from incidents.api.files import UploadView, kept_once, single_file
from incidents.services import attaching
from interventions.api import bodies
from interventions.api.acts import words_of
from interventions.field import FieldPicture, picture
from interventions.permissions import Permission
from interventions.rows import InterventionRow
from interventions.services.consenting import keep_position, share_position
from interventions.services.hearing import Heard, hear, hear_photo
from journal.api.answers import answer, nothing
from journal.api.parsing import shaped
from journal.errors import NotAllowed
from journal.idempotency import Answer

Act = Literal[
    "accept", "refuse", "depart", "arrive", "finish", "fail", "hold", "release", "tick", "note", "material", "check_in"
]
BODIES: dict[str, type[bodies.FieldBody]] = {
    "refuse": bodies.RefuseBody,
    "fail": bodies.RefuseBody,
    "finish": bodies.FinishBody,
    "hold": bodies.PauseBody,
    "tick": bodies.TickBody,
    "note": bodies.NoteBody,
    "material": bodies.MaterialBody,
}


class ItemBody(Strict, frozen=True, kw_only=True):
    """One queued act. `at`: when it was said, by the phone's clock. `person`: who said it, who must be who sends it.
    `body`: the act's own words, as its own address takes them. `assigned_at`: the order that is accepted or refused."""

    intervention: UUID
    act: Act
    at: Instant
    person: UUID | None = None
    assigned_at: Instant | None = None
    body: dict[str, Any] = {}


class PhotoItem(Strict, frozen=True, kw_only=True):
    """The parts beside `file`; `id`, made by the phone, becomes the photo's own."""

    intervention: UUID
    at: Instant
    id: UUID
    person: UUID | None = None
    stage: Literal["before", "after"] = "after"
    item: Annotated[str, Meta(max_length=40, pattern=NUL_FREE)] = ""


class ConsentBody(Strict, frozen=True, kw_only=True):
    given: bool
    at: Instant | None = None
    person: UUID | None = None


class HeardShape(msgspec.Struct, frozen=True):
    """`conflict`: it came too late and is kept in the record as such; `why`: `gone` (no longer this crew's), `state`,
    `again` (given anew meanwhile), `old`. `row`: the mission as it is now, null when it is out of sight."""

    result: Literal["done", "conflict"]
    why: Literal["gone", "state", "again", "old"] | None
    row: InterventionRow | None


def _heard(heard: Heard) -> Answer:
    why: Any = str(heard.why) if heard.why else None
    return answer(HeardShape("conflict" if why else "done", why, heard.row))


def _same_person(call: Call, said_by: UUID | None) -> None:
    """What one person said is never sent in another's name by a phone that changed hands. Raises NotAllowed."""
    if said_by is not None and said_by != call.by.id:
        raise NotAllowed(_("Somebody else said this; it waits for them."), permission=str(Permission.WORK))


class FieldView(View):
    @endpoint("My crews' missions of today, with all that a phone needs", right=Permission.WORK, answer=FieldPicture)
    def get(self, call: Call) -> Answer:
        call.query(NoQuery)
        return answer(picture(person=call.by, access=call.access))

    @endpoint("Something the crew did, maybe a while ago", right=Permission.WORK, body=ItemBody, answer=HeardShape)
    def post(self, call: Call) -> Answer:
        item = call.body(ItemBody)
        _same_person(call, item.person)
        words = words_of(shaped(item.body, BODIES.get(item.act, bodies.FieldBody)))
        words.pop("at", None)
        return _heard(
            hear(
                intervention_id=item.intervention, by=call.by, act=item.act, at=item.at, words=words,
                assigned_at=item.assigned_at,
            )
        )  # fmt: skip


class FieldPhotosView(UploadView):
    """As the photos of an intervention, but one that comes too late is kept and called a conflict."""

    @endpoint(
        "A photo the crew took, maybe a while ago: parts file, intervention, at, id, stage, item, person",
        right=Permission.WORK,
        upload=True,
        answer=HeardShape,
        wraps=False,
    )
    def post(self, call: Call) -> Answer:
        key = call.key
        name, content = single_file(call)
        form = shaped(dict(call.request.POST.items()), PhotoItem)
        _same_person(call, form.person)
        mark = sha256(f"field\n{form}\n".encode() + content).digest()
        kept = attaching.keep(name=name, content=content)

        def work() -> Answer:
            return _heard(
                hear_photo(
                    intervention_id=form.intervention, by=call.by, at=form.at, kept=kept, stage=form.stage,
                    item=form.item, row_id=form.id,
                )
            )  # fmt: skip

        return kept_once(call, key=key, mark=mark, kept=kept, work=work)


class ConsentView(View):
    @endpoint(
        "Let my phone say where it is while I am on shift, or no more",
        right=Permission.WORK,
        body=ConsentBody,
        status=204,
    )
    def post(self, call: Call) -> Answer:
        body = call.body(ConsentBody)
        _same_person(call, body.person)
        if body.given:
            share_position(by=call.by, at=body.at)
        else:
            keep_position(by=call.by, at=body.at)
        return nothing()
