"""Extracts: a cell's whole record, signed, so that it proves itself offline (docs/prove_extract.py); its log on paper."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop

from access.models import Person
from access.selectors import Access, access_of
from crisis import selectors
from crisis.drafting import clock as told_clock
from crisis.events import Extracted
from crisis.functions import Function
from crisis.models import Cell, Extract, Line
from crisis.services.acting import Change, clock, in_post, label_in_post, lock
from crisis.services.signing import public_key, signed
from crisis.services.stamping import want_stamp
from crisis.workflow import Level
from incidents.services.attaching import path_of, store
from journal.errors import NotFound
from journal.export import extract as entries_of
from journal.printing import pdf
from journal.services import writing

PAGE = Path(__file__).parents[1] / "print" / "log.typ"
COLUMNS = (
    gettext_noop("No."),
    gettext_noop("Event"),
    gettext_noop("Entered"),
    gettext_noop("Text"),
    gettext_noop("By"),
)


def extract(*, cell_id: UUID, by: Person) -> Extract:
    """Take out the record of a cell in sight, up to its last entry, as JSON lines and as a printed log; that it was
    taken, by whom and with which hashes, enters the record. Raises NotFound."""
    cell = selectors.get(cell_id=cell_id, access=access_of(by))
    content = "".join(f"{line}\n" for line in entries_of(about=cell.id, to_the_head=False)).encode()
    heading = json.loads(content.partition(b"\n")[0])
    printed = print_log(cell, heading["ends_with"], by)
    content = _signed(cell, by, content, printed, heading)
    kept: list[str] = []
    try:
        kept += [store(content, ".jsonl"), store(printed, ".pdf")]
        return _record(cell, by, content, printed, kept, heading)
    except BaseException:
        for name in kept:
            path_of(name).unlink(missing_ok=True)
        raise


def _signed(cell: Cell, by: Person, content: bytes, printed: bytes, heading: dict[str, Any]) -> bytes:
    """The extract with the post's signature: whose it is, who took it and when, and which paper goes with it."""
    return signed(
        content, cell=cell.reference, ends_with=heading["ends_with"], pdf_sha256=sha256(printed).hexdigest(),
        taken_by=by.name, taken_at=clock().isoformat(),
    )  # fmt: skip


def _record(
    cell: Cell, by: Person, content: bytes, printed: bytes, kept: list[str], heading: dict[str, Any]
) -> Extract:
    with writing(by) as record:
        locked = lock(cell.id)
        if not access_of(by).sees(locked.audiences):
            raise NotFound
        change = Change(locked, by, record, clock())
        made = Extract(
            cell=locked, first_seq=heading["first"], last_seq=heading["last"], ends_with=heading["ends_with"],
            entries=content.count(b'{"seq"'), stored_as=kept[0], sha256=sha256(content).hexdigest(),
            pdf_stored_as=kept[1], pdf_sha256=sha256(printed).hexdigest(), by=by, at=change.now,
        )  # fmt: skip
        made.save(force_insert=True)
        hashes = {name: getattr(made, name) for name in ("ends_with", "sha256", "pdf_sha256")}
        change.tell(Extracted(extract=made.id, last=made.last_seq, **hashes))
        for what, hash_, stored_as in (("jsonl", made.sha256, kept[0]), ("pdf", made.pdf_sha256, kept[1])):
            want_stamp(change, what=f"{locked.reference} {made.last_seq} {what}", sha256=hash_, stored_as=stored_as)
        return made


def print_log(cell: Cell, ends_with: str, by: Person) -> bytes:
    """The log as PDF: every line, superseded ones struck through and bound to their correction."""
    now = clock()
    lines = list(reversed(selectors.lines(cell=cell, limit=cell.last_line + 1)))
    corrected_by = {line.supersedes_id: line.number for line in lines if line.supersedes_id}
    at = told_clock(now.isoformat(), dated=True)
    signature = gettext_noop(
        "Taken by %(by)s on %(at)s. The record up to here ends with the hash %(hash)s. The post signs with the key %(key)s."
    )
    return pdf(
        PAGE,
        {
            "heading": in_post(gettext_noop("Log")),
            "title": cell.title,
            "reference": cell.reference,
            "level": in_post(gettext_noop("Level: %(level)s"), level=label_in_post(Level, cell.level)),
            "columns": [in_post(name) for name in COLUMNS],
            "lines": [_printed(line, corrected_by) for line in lines],
            "footer": ends_with,
            "signature": in_post(signature, by=by.name, at=at, hash=ends_with, key=public_key()),
        },
        at=now,
    )


def _printed(line: Line, corrected_by: dict[UUID, int]) -> dict[str, object]:
    later = corrected_by.get(line.id)
    note = [
        in_post(gettext_noop("replaced by %(number)s"), number=later) if later else "",
        in_post(gettext_noop("corrects %(number)s"), number=line.supersedes.number) if line.supersedes else "",
        *(f"{one.file.name} sha256:{one.file.sha256}" for one in line.attached.all()),
    ]
    function = label_in_post(Function, line.function)
    return {
        "number": line.number,
        "occurred": told_clock(line.occurred_at.isoformat()),
        "entered": told_clock(line.entered_at.isoformat()),
        "text": line.text,
        "superseded": later,
        "note": " · ".join(filter(None, note)),
        "by": line.by.name if line.by else "OnDijon",
        "source": " · ".join(filter(None, (function, line.source, f"{line.reliability}{line.credibility}"))),
    }


def extract_of(*, cell_id: UUID, extract_id: UUID, access: Access) -> Extract:
    """One that was taken before, of a cell in sight. Raises NotFound."""
    cell = selectors.get(cell_id=cell_id, access=access)
    found = Extract.objects.filter(cell=cell, id=extract_id).first()
    if found is None:
        raise NotFound
    return found
