"""Times as EDXL-DE and CAP profiles write them: `2026-11-25T10:04:00+01:00`, no fraction of a second, never `Z`."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/Paris")
PATTERN = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}$"
_FORM = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}\Z", re.ASCII)
EARLIEST, LATEST = 1970, 9000  # years; beyond, arithmetic with offsets overflows


def stamp(instant: datetime) -> str:
    """An instant as text, in local time with its offset."""
    return instant.astimezone(LOCAL).replace(microsecond=0).isoformat()


def whole(instant: datetime) -> datetime:
    """The instant that its text means: whole seconds."""
    return instant.replace(microsecond=0)


def instant(text: str) -> datetime:
    """Read such a text. Raises ValueError for another form, or for a time that does not exist."""
    if not _FORM.match(text):
        raise ValueError("a time is written 2026-11-25T10:04:00+01:00")
    found = datetime.fromisoformat(text)
    if not EARLIEST <= found.year <= LATEST:
        raise ValueError("a time of this century is expected")
    return found
