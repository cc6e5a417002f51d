"""The category tree, from `data/categories.toml`."""

import tomllib
from pathlib import Path
from typing import Any

from access.models import Organisation
from incidents.models import Category

FILE = Path(__file__).parent / "data" / "categories.toml"
FIELDS = (
    *("parent", "label_fr", "label_en", "default_priority", "organisation", "first_response_minutes"),
    *("resolution_minutes", "public", "keywords", "position"),
)


def load_categories() -> int:
    """Add or update every category of the file; returns how many there are. Load the organisations before."""
    rows: list[dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))["category"]
    owners = {organisation.key: organisation for organisation in Organisation.objects.all()}
    made = [_category(row, owners, position) for position, row in enumerate(rows)]
    made.sort(key=lambda category: category.key.count("."))
    Category.objects.bulk_create(made, update_conflicts=True, unique_fields=["key"], update_fields=FIELDS)
    return len(made)


def _category(row: dict[str, Any], owners: dict[str, Organisation], position: int) -> Category:
    parent, dot, _leaf = row["key"].rpartition(".")
    fields = {**row, "organisation": owners[row["organisation"]] if row.get("organisation") else None}
    return Category(**fields, parent_id=parent if dot else None, position=position)
