"""What the interventions API answers with: shapes only."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from incidents.api.serializers import HistoryEntry
from incidents.rows import Named
from interventions.rows import ChecklistItem, InterventionRow


class InterventionPage(msgspec.Struct, frozen=True):
    """`next`: the cursor of the following page, null on the last."""

    results: list[InterventionRow]
    next: str | None


class Counts(msgspec.Struct, frozen=True):
    """Open interventions, by each value."""

    status: dict[str, int]
    priority: dict[str, int]


class NoteShape(msgspec.Struct, frozen=True):
    id: UUID
    text: str
    at: datetime
    by: Named


class PhotoShape(msgspec.Struct, frozen=True):
    id: UUID
    stage: str
    item: str
    media_type: str
    size: int
    at: datetime
    by: Named
    url: str


class MaterialShape(msgspec.Struct, frozen=True):
    id: UUID
    label: str
    quantity: str
    unit: str
    at: datetime
    by: Named


class PauseShape(msgspec.Struct, frozen=True):
    reason: str
    from_at: datetime
    to_at: datetime | None


_ROW: list[tuple[str, Any]] = [
    (field.encode_name, field.type) for field in msgspec.structs.fields(InterventionRow) if field.name != "photos"
]
InterventionDetail = msgspec.defstruct(
    "InterventionDetail",
    [
        *_ROW,
        ("checklist", list[ChecklistItem]),
        ("notes", list[NoteShape]),
        ("photos", list[PhotoShape]),
        ("materials", list[MaterialShape]),
        ("pauses", list[PauseShape]),
        ("minutes_spent", int | None),
        ("check_in_minutes", int),
        ("verified_by", Named | None),
        ("allowed", list[str]),
        ("history", list[HistoryEntry]),
    ],
    frozen=True,
    kw_only=True,
)


class SkillShape(msgspec.Struct, frozen=True):
    key: str
    label: str
    label_fr: str
    label_en: str


class SkillsShape(msgspec.Struct, frozen=True):
    results: list[SkillShape]
