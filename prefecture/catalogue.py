"""The thresholds, from `data/criteria.toml`."""

import tomllib
from pathlib import Path

from prefecture.models import Criterion

FILE = Path(__file__).parent / "data" / "criteria.toml"
_FIELDS = [field.name for field in Criterion._meta.fields if field.name not in ("key", "active", "edited")]


def load_criteria() -> int:
    """Add or update every threshold of the file by its key; what somebody edited stays as it is, and one switched off stays
    off. Returns how many there are."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["criterion"]
    edited = set(Criterion.objects.filter(edited=True).values_list("key", flat=True))
    Criterion.objects.bulk_create(
        [Criterion(**row) for row in rows if row["key"] not in edited],
        update_conflicts=True, unique_fields=["key"], update_fields=_FIELDS,
    )  # fmt: skip
    return len(rows)
