"""Photos from the field: cleaned like an incident's files, kept beside them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from access.models import Person
from access.selectors import Access
from incidents.services.attaching import IMAGES, Kept, named_by
from interventions import events, selectors
from interventions.models import Photo
from interventions.services.acting import acting
from journal.errors import Invalid, NotFound


def record_photo(
    *, intervention_id: UUID, by: Person, kept: Kept, stage: str, item: str = "", at: datetime | None = None,
    row_id: UUID | None = None,
) -> Photo:  # fmt: skip
    """Make a kept picture part of a mission. Raises Invalid (no picture, unknown stage), NotFound, NotAllowed."""
    with acting("photo", intervention_id=intervention_id, by=by) as change:
        one, when = change.intervention, change.when(at)
        if kept.media_type not in IMAGES:
            raise Invalid(errors={"file": [_("A photo is a JPEG, PNG or WebP picture.")]})
        if stage not in Photo.Stage.values:
            raise Invalid(errors={"stage": [_("Not one of the possible values.")]})
        told = {name: getattr(kept, name) for name in ("media_type", "size", "sha256", "stored_as")}
        made = Photo(
            id=row_id or uuid4(),
            intervention=one,
            by=by,
            at=when,
            entered_at=change.now,
            stage=stage,
            item=item[:40],
            **told,
        )
        made.save(force_insert=True)
        one.photos_count += 1
        change.done(events.Photographed, photo=made.id, stage=stage, sha256=made.sha256, at=when)
    return made


def photo(*, photo_id: UUID, access: Access) -> Photo:
    """A picture of an intervention in sight. Raises NotFound."""
    found = Photo.objects.filter(id=photo_id).first()
    if found is None:
        raise NotFound
    selectors.get(intervention_id=found.intervention_id, access=access)
    return found


@named_by
def _pictured(names: Collection[str]) -> Collection[str]:
    return set(Photo.objects.filter(stored_as__in=names).values_list("stored_as", flat=True))
