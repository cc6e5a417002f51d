"""What the crisis API answers with: shapes only."""

from uuid import UUID

import msgspec

from crisis import rows
from incidents.rows import IncidentRow


class CellsShape(msgspec.Struct, frozen=True):
    """`proposals`: cells that somebody proposes to open."""

    results: list[rows.CellRow]
    proposals: list[rows.SuggestionRow]


class FunctionShape(msgspec.Struct, frozen=True):
    function: str
    label: str
    required_from: str


class PlanShape(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    kind: str
    theme: str
    label: str
    label_fr: str
    label_en: str
    commune: str | None
    levels: list[str]
    briefing_minutes: int
    functions: list[FunctionShape]


class PlansShape(msgspec.Struct, frozen=True):
    results: list[PlanShape]


class CardItem(msgspec.Struct, frozen=True):
    key: str
    text: str
    minutes: int


class CardShape(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    label: str
    function: str
    version: int
    items: list[CardItem]


class ContactShape(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    name: str
    role: str
    function: str
    phone: str
    email: str


class SiteShape(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    kind: str
    label: str
    commune: str
    lat: float
    lon: float
    people: int
    phone: str


class PlanDetail(PlanShape, frozen=True, kw_only=True):
    cards: list[CardShape]
    contacts: list[ContactShape]
    sites: list[SiteShape]


class LinesShape(msgspec.Struct, frozen=True):
    """Newest first. `next`: give it as `before` for the page that follows; null on the last."""

    results: list[rows.LineRow]
    next: int | None


class MembersShape(msgspec.Struct, frozen=True):
    results: list[rows.MemberRow]


class ActionsShape(msgspec.Struct, frozen=True):
    results: list[rows.ActionRow]


class DecisionsShape(msgspec.Struct, frozen=True):
    results: list[rows.DecisionRow]


class MissingShape(msgspec.Struct, frozen=True):
    """A function that the plan requires at the present level and that nobody holds."""

    function: str
    required_from: str


class CellDetail(msgspec.Struct, frozen=True, kw_only=True):
    """All that the page shows at first. `cursor`: the journal's place it stands for; follow the stream from there."""

    cell: rows.CellRow
    plan: PlanShape
    cursor: str
    members: list[rows.MemberRow]
    missing: list[MissingShape]
    lines: list[rows.LineRow]
    decisions: list[rows.DecisionRow]
    actions: list[rows.ActionRow]
    loans: list[rows.LoanRow]
    requests: list[rows.RequestRow]
    transfers: list[rows.TransferRow]
    suggestions: list[rows.SuggestionRow]
    incidents: list[IncidentRow]
    linked_incidents: list[UUID]
    allowed: list[str]
