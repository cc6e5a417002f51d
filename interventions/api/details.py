"""Everything that hangs on one intervention, for somebody who may see it: as many queries as kinds of things."""

from typing import Any
from uuid import UUID

import msgspec
from django.urls import reverse

from access.selectors import Access
from incidents.api.details import history_entry
from incidents.details import HISTORY, names_of
from incidents.rows import Named
from interventions import selectors
from interventions.api import serializers as shapes
from interventions.models import Intervention, Photo
from interventions.rows import ChecklistItem, row_of
from journal.selectors import history


def detail(*, intervention_id: UUID, access: Access) -> tuple[Intervention, dict[str, Any]]:
    """The intervention and the members of `InterventionDetail`. Raises NotFound, also when it is out of sight."""
    one = selectors.get(intervention_id=intervention_id, access=access)
    entries = list(history(about=one.id, audiences=access.audiences).reverse()[:HISTORY])[::-1]
    names = names_of([*(entry.by for entry in entries), one.verified_by_id])
    return one, {
        **msgspec.structs.asdict(row_of(one)),
        **_said(one),
        "checklist": msgspec.convert(one.checklist, list[ChecklistItem]),
        "pauses": [shapes.PauseShape(each.reason, each.from_at, each.to_at) for each in one.pauses.all()],
        "minutes_spent": one.minutes_spent,
        "check_in_minutes": one.check_in_minutes,
        "verified_by": Named(one.verified_by_id, names.get(one.verified_by_id, "")) if one.verified_by_id else None,
        "allowed": selectors.allowed(access=access, intervention=one),
        "history": [history_entry(entry, names) for entry in entries],
    }


def _said(one: Intervention) -> dict[str, Any]:
    """What the crew said: three queries, people included."""
    notes, photos = one.notes.select_related("by"), one.photos.select_related("by")
    return {
        "notes": [shapes.NoteShape(each.id, each.text, each.at, Named(each.by.id, each.by.name)) for each in notes],
        "photos": [photo_shape(each) for each in photos],
        "materials": [
            shapes.MaterialShape(
                each.id, each.label, str(each.quantity), each.unit, each.at, Named(each.by.id, each.by.name)
            )
            for each in one.materials.select_related("by")
        ],
    }


def photo_shape(photo: Photo) -> shapes.PhotoShape:
    plain = {name: getattr(photo, name) for name in ("id", "stage", "item", "media_type", "size", "at")}
    return shapes.PhotoShape(
        **plain, by=Named(photo.by.id, photo.by.name), url=reverse("api-intervention-photo", args=[photo.id])
    )
