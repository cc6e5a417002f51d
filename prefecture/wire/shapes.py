"""The small pieces that every schema of the link is made of."""

from typing import Annotated

import msgspec
from msgspec import Meta

from prefecture.wire.times import PATTERN

NUL_FREE = r"^[^\u0000]*$"
Stamp = Annotated[str, Meta(pattern=PATTERN, max_length=25)]
Line = Annotated[str, Meta(min_length=1, max_length=200, pattern=NUL_FREE)]
Words = Annotated[str, Meta(max_length=200, pattern=NUL_FREE)]
Text = Annotated[str, Meta(max_length=4000, pattern=NUL_FREE)]
LongText = Annotated[str, Meta(min_length=1, max_length=20_000, pattern=NUL_FREE)]
Lat = Annotated[float, Meta(ge=-90, le=90)]
Lon = Annotated[float, Meta(ge=-180, le=180)]


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, rename="camel"):
    """What travels has no member that the other side does not know."""
