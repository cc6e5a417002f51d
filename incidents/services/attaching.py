"""Photos and files: what their bytes say they are, without what a camera hides in them, under a name nobody can guess."""

import os
import secrets
import time
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from uuid import UUID

import filetype
from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from access.models import Person
from incidents import events
from incidents.models import Attachment
from incidents.services.acting import acting, clock
from journal.errors import Invalid

CAP_BYTES = 10 * 1024 * 1024
CAP_PIXELS = 50_000_000
NAME_LIMIT = 120
QUALITY = 88
LEFT_BEHIND_SECONDS = 24 * 3600
SWEEP_BATCH = 1_000
IMAGES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "application/pdf": ".pdf"}

# Our own cap is checked before any pixel is decoded; Pillow's would only warn.
Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A file on the disk that no row speaks of yet."""

    name: str
    media_type: str
    size: int
    sha256: str
    stored_as: str


def attach(*, incident_id: UUID, by: Person, name: str, content: bytes) -> Attachment:
    """Add a photo or PDF (up to 10 MiB, 50 megapixels). Raises Invalid, NotFound, NotAllowed."""
    kept = keep(name=name, content=content)
    recorded = False
    try:
        made = record_attachment(incident_id=incident_id, by=by, kept=kept)
        recorded = True
    finally:
        if not recorded:
            discard(kept)
    return made


def keep(*, name: str, content: bytes) -> Kept:
    """Check and clean the bytes and put them on the disk, outside any transaction. Raises Invalid with the reason."""
    if not content:
        raise _refused(_("The file is empty."))
    if len(content) > CAP_BYTES:
        raise _refused(_("Files may have up to %(cap)d MiB.") % {"cap": CAP_BYTES // 1024**2})
    media_type = filetype.guess_mime(content)
    if media_type not in ENDINGS:
        raise _refused(_("Only JPEG, PNG and WebP pictures and PDF files are taken."))
    if media_type in IMAGES:
        content = _clean_picture(content, IMAGES[media_type])
    stored_as = store(content, ENDINGS[media_type])
    return Kept(_file_name(name, ENDINGS[media_type]), media_type, len(content), sha256(content).hexdigest(), stored_as)


def record_attachment(*, incident_id: UUID, by: Person, kept: Kept) -> Attachment:
    """Make a kept file part of an incident. Raises NotFound, NotAllowed."""
    with acting("attach", incident_id=incident_id, by=by) as change:
        made = Attachment(
            incident=change.incident,
            by=by,
            at=clock(),
            name=kept.name,
            media_type=kept.media_type,
            size=kept.size,
            sha256=kept.sha256,
            stored_as=kept.stored_as,
        )
        made.save(force_insert=True)
        change.done(events.Attached, attachment=made.id, media_type=made.media_type, sha256=made.sha256)
    return made


def discard(kept: Kept) -> None:
    """Take a file off the disk that became part of nothing."""
    path_of(kept.stored_as).unlink(missing_ok=True)


def named_by(owner: Callable[[Collection[str]], Collection[str]]) -> Callable[[Collection[str]], Collection[str]]:
    """Register a room that keeps files here as well: `owner(names)` says which of these its rows speak of."""
    _OWNERS.append(owner)
    return owner


def _attached(names: Collection[str]) -> Collection[str]:
    return set(Attachment.objects.filter(stored_as__in=names).values_list("stored_as", flat=True))


_OWNERS: list[Callable[[Collection[str]], Collection[str]]] = [_attached]


def sweep() -> int:
    """Remove files that a killed process left behind: older than a day and of no row. Returns how many."""
    folder, before = path_of(""), time.time() - LEFT_BEHIND_SECONDS
    old = [path for path in folder.glob("*/*") if path.stat().st_mtime < before]
    gone = 0
    for start in range(0, len(old), SWEEP_BATCH):
        named = {path.relative_to(folder).as_posix(): path for path in old[start : start + SWEEP_BATCH]}
        known = {name for owner in _OWNERS for name in owner(named.keys())}
        for stored_as in named.keys() - known:
            named[stored_as].unlink(missing_ok=True)
            gone += 1
    return gone


def path_of(stored_as: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "attachments" / stored_as


def _refused(reason: str) -> Invalid:
    return Invalid(reason, errors={"file": [reason]})


def _clean_picture(content: bytes, format_: str) -> bytes:
    """The same picture upright, without EXIF, position, comments or colour profile."""
    try:
        with Image.open(BytesIO(content), formats=[format_]) as picture:
            if picture.width * picture.height > CAP_PIXELS:
                raise _refused(_("Pictures may have up to %(cap)d megapixels.") % {"cap": CAP_PIXELS // 1_000_000})
            upright = ImageOps.exif_transpose(picture)
            clean = upright.convert(_mode(upright, format_))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as broken:
        raise _refused(_("The picture is damaged.")) from broken
    clean.info = {}
    out = BytesIO()
    clean.save(out, format_, **({} if format_ == "PNG" else {"quality": QUALITY}))
    return out.getvalue()


def _mode(picture: Image.Image, format_: str) -> str:
    see_through = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    return "RGBA" if see_through and format_ != "JPEG" else "L" if picture.mode in ("1", "L") else "RGB"


def store(content: bytes, ending: str) -> str:
    """Put bytes of our own on the disk, durably; the name a row may keep them by."""
    token = secrets.token_hex(24)
    stored_as = f"{token[:2]}/{token[2:]}{ending}"
    path = path_of(stored_as)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())  # the row that will name it is durable; so must it be
    return stored_as


def _file_name(name: str, ending: str) -> str:
    """The sender's name for it, harmless and with the right ending."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(char for char in last if unicodedata.category(char)[0] not in "CZ" or char == " ")
    stem = plain.rpartition(".")[0] if "." in plain.strip(".") else plain
    return f"{stem.strip(' .')[: NAME_LIMIT - len(ending)] or 'document'}{ending}"
