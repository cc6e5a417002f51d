"""One shift leaves the post to the next: written and signed by who goes, countersigned by who comes."""

import json
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from access.models import Person
from access.selectors import access_of
from access.services import require_anywhere
from incidents import events, handing
from incidents.models import Handover, Report
from incidents.permissions import Permission
from incidents.services.acting import clock, refuse_personal
from journal.errors import Conflict, Invalid, NotFound
from journal.services import writing

NOTES_LIMIT = 4000


def leave_shift(*, by: Person, notes: str) -> Handover:
    """Sign the post over to the next shift, with what stands open now. Raises NotAllowed, Invalid, Conflict while the
    one before has not been taken."""
    with writing(by) as record:
        require_anywhere(access_of(by), Permission.SHIFT)
        if len(notes) > NOTES_LIMIT or "\x00" in notes:
            raise Invalid(errors={"notes": [_("Too long: at most %(limit)d characters.") % {"limit": NOTES_LIMIT}]})
        with override("fr"):  # the record has one language
            sections = msgspec.to_builtins(handing.record_of())
        notes = notes.strip()
        _refuse_reporters(notes, sections)
        made = Handover(notes=notes, picture=sections, left_by=by, left_at=clock())
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError as waiting:
            raise Conflict(_("The hand-over before this one has not been taken yet.")) from waiting
        numbers = {section["key"]: len(section["lines"]) for section in sections}
        left = events.ShiftLeft(
            handover=made.id,
            notes=notes,
            digest=digest(made),
            open=numbers["urgent"],
            unacknowledged=numbers["waiting"],
        )
        record(left, about=made)
    return made


def take_shift(*, handover_id: UUID, by: Person) -> Handover:
    """Countersign: the next shift has read it. The same person again changes nothing. Raises NotAllowed, NotFound,
    Conflict for who left it, or when somebody else has taken it."""
    with writing(by) as record:
        require_anywhere(access_of(by), Permission.SHIFT)
        found = Handover.objects.select_for_update(of=("self",)).select_related("left_by", "taken_by")
        handover = found.filter(id=handover_id).first()
        if handover is None:
            raise NotFound
        if handover.taken_by_id == by.id:
            return handover
        if handover.taken_by_id is not None:
            raise Conflict(_("Somebody has taken this hand-over already."))
        if handover.left_by_id == by.id:
            raise Conflict(_("It takes two: somebody of the next shift has to sign."))
        handover.taken_by, handover.taken_at = by, clock()
        handover.save(update_fields=["taken_by", "taken_at"])
        record(events.ShiftTaken(handover=handover.id, digest=digest(handover)), about=handover)
    return handover


def digest(handover: Handover) -> str:
    """sha256 over notes and picture as both have signed them, in hexadecimal."""
    signed = json.dumps([handover.notes, handover.picture], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(signed.encode()).hexdigest()


def _refuse_reporters(notes: str, sections: list[dict[str, Any]]) -> None:
    """Notes stand in the record for good: none of the listed incidents' reporters may be named in them."""
    if not notes:
        return
    ids = {line["id"] for section in sections for line in section["lines"] if line["id"]}
    names = Report.objects.filter(incident__in=ids).values_list("reporter_name", "reporter_phone", "reporter_email")
    refuse_personal(notes, [part for row in names for part in row], name="notes")
