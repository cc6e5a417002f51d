"""After a crisis: the archive, one file that stands without us; and what is not kept for ever.

The record (log, decisions, reports, hashes) is kept. Files brought into a cell, and the words people added to their
answers, are erased when the cell has been closed for `CRISIS_RETENTION_DAYS`; the hashes of the files stay.
"""

import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import IO
from uuid import UUID

from django.conf import settings
from django.db.models.functions import Now

from access.models import Person
from crisis.events import Archived
from crisis.models import Cell, CellFile, Extract, Member, Report, Stamp
from crisis.services.acting import clock
from incidents.services.attaching import path_of
from journal.services import writing

PROVER = Path(__file__).parents[2] / "docs" / "prove_extract.py"
HOW = """OnDijon, archive d'une cellule de crise
extract.jsonl    le journal de la cellule, signé : python3 prove_extract.py extract.jsonl --pdf main-courante.pdf
main-courante.pdf, points/, fichiers/    les documents, leurs empreintes dans manifest.json
jetons/*.tsr     horodatages RFC 3161 : openssl ts -verify -data FICHIER -in JETON -CAfile RACINE
"""


def archive(*, taken: Extract, to: IO[bytes], by: Person) -> int:
    """Write a cell's archive as a zip: the extract with its prover, the log, approved reports, files, time stamps, and a
    manifest of hashes. Returns how many files it holds; that it was taken enters the record."""
    hashes: dict[str, str] = {}
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in _contents(taken):
            hashes[name] = sha256(content).hexdigest()
            zipped.writestr(name, content)
        manifest = {"cell": taken.cell.reference, "ends_with": taken.ends_with, "sha256": hashes}
        zipped.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
    with writing(by) as record:
        Cell.objects.filter(id=taken.cell_id).update(archived_at=clock())
        record(Archived(extract=taken.id, files=len(hashes)), about=taken.cell)
    return len(hashes)


def _contents(taken: Extract) -> Iterator[tuple[str, bytes]]:
    cell = taken.cell
    yield "LISEZMOI.txt", HOW.encode()
    yield "prove_extract.py", PROVER.read_bytes()
    yield "extract.jsonl", path_of(taken.stored_as).read_bytes()
    yield "main-courante.pdf", path_of(taken.pdf_stored_as).read_bytes()
    for report in Report.objects.filter(cell=cell).exclude(sha256=""):
        yield f"points/{report.number:02d}-{report.kind}.pdf", path_of(report.stored_as).read_bytes()
    for file in CellFile.objects.filter(cell=cell, erased_at=None):
        yield f"fichiers/{file.id}-{file.name}", path_of(file.stored_as).read_bytes()
    for stamp in Stamp.objects.filter(cell=cell, token__isnull=False):
        yield f"jetons/{stamp.sha256}.tsr", bytes(stamp.token or b"")


def forget_old() -> int:
    """Erase what a cell closed long ago need not keep; returns how many cells were gone through."""
    before = Now() - timedelta(days=settings.CRISIS_RETENTION_DAYS)
    old = Cell.objects.filter(closed_at__lt=before, files__erased_at=None, files__isnull=False)
    noted = Cell.objects.filter(closed_at__lt=before, members__note__gt="")
    ids: set[UUID] = {*old.values_list("id", flat=True), *noted.values_list("id", flat=True)}
    for cell_id in ids:
        _forget(cell_id)
    return len(ids)


def _forget(cell_id: UUID) -> None:
    with writing(None):
        files = list(CellFile.objects.select_for_update().filter(cell=cell_id, erased_at=None))
        CellFile.objects.filter(id__in=[file.id for file in files]).update(erased_at=Now())
        Member.objects.filter(cell=cell_id).exclude(note="").update(note="")
    for file in files:  # a file left behind by a crash here belongs to an erased row: the next round's sweep takes it
        path_of(file.stored_as).unlink(missing_ok=True)
