"""PostgreSQL's built-in `polygon` type as a Django field: no PostGIS."""

import re
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from territory.geometry import POLYGON_SCALE, Ring, polygon_text

_PAIR = re.compile(r"\(([-\d.e+]+),([-\d.e+]+)\)")

if TYPE_CHECKING:
    _Field = models.Field[Ring, Ring]
else:  # Django's own class takes no type arguments at run time
    _Field = models.Field


class PolygonField(_Field):
    """A ring of (lon, lat) pairs in degrees, stored as `polygon` in 1/POLYGON_SCALE degrees."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """The column type."""
        return "polygon"

    def from_db_value(self, value: str | None, *_: Any) -> Ring | None:
        """The stored text form as pairs."""
        return None if value is None else [_degrees(x, y) for x, y in _PAIR.findall(value)]

    def get_prep_value(self, value: Ring | None) -> str | None:
        """Pairs as the stored text form."""
        return None if value is None else polygon_text(value)


def _degrees(x: str, y: str) -> tuple[float, float]:
    return float(x) / POLYGON_SCALE, float(y) / POLYGON_SCALE
