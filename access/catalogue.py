"""The organisations of the metropolis, from `data/organisations.toml`."""

import tomllib
from pathlib import Path

from access.models import Organisation

FILE = Path(__file__).parent / "data" / "organisations.toml"


def load_organisations() -> int:
    """Add or update every organisation of the file by its key; returns how many there are."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["organisation"]
    Organisation.objects.bulk_create(
        [Organisation(**row) for row in rows],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["name", "kind", "commune"],
    )
    return len(rows)
