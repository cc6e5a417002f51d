"""A person's own saved filters. They say nothing about incidents, so they are not in the journal."""

from uuid import UUID
from zlib import crc32

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from access.models import Person
from incidents.models import SavedFilter
from journal.errors import Conflict, Invalid, NotFound, Stale
from journal.services import writing

MOST = 50


def save_filter(*, by: Person, name: str, query: str) -> SavedFilter:
    """Keep a list's query string under a name. Raises Invalid at the fifty-first, Conflict for a name in use."""
    with writing(by):
        if SavedFilter.objects.filter(person=by).count() >= MOST:
            raise Invalid(errors={"name": [_("There are fifty already: delete one first.")]})
        return _saved(SavedFilter(person=by, name=name.strip(), query=query))


def change_filter(*, filter_id: UUID, by: Person, name: str, query: str, version: int) -> SavedFilter:
    """Rename or narrow otherwise. Raises NotFound (also another's), Stale, Conflict, Invalid."""
    with writing(by):
        found = own_filter(filter_id=filter_id, by=by)
        if filter_version(found) != version:
            raise Stale
        found.name, found.query = name.strip(), query
        return _saved(found)


def delete_filter(*, filter_id: UUID, by: Person) -> None:
    """Raises NotFound, also for another's."""
    with writing(by):
        own_filter(filter_id=filter_id, by=by).delete()


def own_filter(*, filter_id: UUID, by: Person) -> SavedFilter:
    found = SavedFilter.objects.filter(id=filter_id, person=by).first()
    if found is None:
        raise NotFound
    return found


def filter_version(saved: SavedFilter) -> int:
    """Changes whenever its content does."""
    return crc32(f"{saved.name}\n{saved.query}".encode()) % 10**9


def _saved(saved: SavedFilter) -> SavedFilter:
    if not saved.name:
        raise Invalid(errors={"name": [_("Give it a name.")]})
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError as taken:
        raise Conflict(_("You have a filter of this name already.")) from taken
    return saved
