"""Cursors of lists in order of a time and an id, as text that means nothing to the client."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _
from msgspec import Meta

from journal.api.errors import Malformed

CURSOR_LIMIT = 200
CursorText = Annotated[str, Meta(max_length=CURSOR_LIMIT)]
PageSize = Annotated[int, Meta(ge=1, le=200)]
Instant = Annotated[datetime, Meta(tz=True)]


def cursor_text(at: datetime, id_: UUID) -> str:
    """Where the page after this row starts."""
    return urlsafe_b64encode(f"{at.isoformat()},{id_}".encode()).decode().rstrip("=")


def cursor_parts(cursor: str) -> tuple[datetime, UUID]:
    """The place that a cursor says. Raises Malformed when we did not make it."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        at, id_ = urlsafe_b64decode(padded.encode("ascii")).decode("ascii").split(",")
        return msgspec.convert(at, Instant), UUID(id_)
    except (ValueError, binascii.Error) as error:
        raise Malformed(errors={"cursor": [_("Not a cursor of this list.")]}) from error
