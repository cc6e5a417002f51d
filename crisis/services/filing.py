"""Photos and PDF files brought into a cell: cleaned like an incident's, kept beside them, their hash in the record."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from access.models import Person
from access.selectors import Access
from crisis import selectors
from crisis.events import FileAdded
from crisis.models import CellFile, Extract, Report
from crisis.rows import FileRow, shaped
from crisis.services.acting import acting
from incidents.services.attaching import Kept, named_by
from journal.errors import NotFound


def record_file(*, cell_id: UUID, by: Person, kept: Kept) -> CellFile:
    """Make a kept file part of a cell; a line of the log may then attach it. Raises NotFound, NotAllowed, WrongState."""
    with acting("attach", cell_id=cell_id, by=by) as change:
        told = {name: getattr(kept, name) for name in ("name", "media_type", "size", "sha256", "stored_as")}
        made = CellFile(cell=change.cell, by=by, at=change.now, **told)
        made.save(force_insert=True)
        change.tell(FileAdded(file=shaped(FileRow, made)))
        return made


def file(*, cell_id: UUID, file_id: UUID, access: Access) -> CellFile:
    """A file of a cell in sight. Raises NotFound, also when it was erased."""
    cell = selectors.get(cell_id=cell_id, access=access)
    found = CellFile.objects.filter(cell=cell, id=file_id, erased_at=None).first()
    if found is None:
        raise NotFound
    return found


@named_by
def _of_cells(names: Collection[str]) -> Collection[str]:
    files = CellFile.objects.filter(stored_as__in=names, erased_at=None).values_list("stored_as", flat=True)
    reports = Report.objects.filter(stored_as__in=names).values_list("stored_as", flat=True)
    extracts = Extract.objects.filter(Q(stored_as__in=names) | Q(pdf_stored_as__in=names))
    taken = extracts.values_list("stored_as", "pdf_stored_as")
    return {*files, *reports, *(name for pair in taken for name in pair)}
