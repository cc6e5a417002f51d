"""What the crisis API answers with: shapes only."""

from uuid import UUID

import msgspec
from django.urls import reverse

from crisis import papers, rows
from crisis.models import Extract, Transfer
from crisis.replaying import Mark
from crisis.services.entering import Entered
from crisis.services.signing import public_key
from crisis.templates import Template
from incidents.rows import IncidentRow


class SuggestionsShape(msgspec.Struct, frozen=True):
    results: list[rows.SuggestionRow]


class OfferShape(msgspec.Struct, frozen=True):
    """The direction of a cell, offered; its title and reference, since the cell itself may be out of sight."""

    title: str
    reference: str
    transfer: rows.TransferRow


class CellsShape(msgspec.Struct, frozen=True):
    """`proposals`: cells that somebody proposes to open; `offers`: direction offered to me."""

    results: list[rows.CellRow]
    proposals: list[rows.SuggestionRow]
    offers: list[OfferShape]


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
    templates: list[Template]
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
    """All that the page shows at first. `cursor`: the journal's place it stands for; follow the stream from there.
    `allowed`: the acts open to me now; `acts`: at each level."""

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
    zones: list[papers.ZoneRow]
    reports: list[papers.ReportRow]
    messages: list[papers.MessageRow]
    sites: list[SiteShape]
    incidents: list[IncidentRow]
    linked_incidents: list[UUID]
    allowed: list[str]
    acts: dict[str, list[str]]


def offer_shape(transfer: Transfer) -> OfferShape:
    """Load with `select_related("cell", "to_person", "from_person", "answered_by")`."""
    return OfferShape(transfer.cell.title, transfer.cell.reference, rows.transfer_row(transfer))


class ConditionsShape(msgspec.Struct, frozen=True):
    """Sentences; none: it may be closed."""

    conditions: list[str]


class ZonesShape(msgspec.Struct, frozen=True):
    results: list[papers.ZoneRow]


class ReportsShape(msgspec.Struct, frozen=True):
    results: list[papers.ReportRow]


class MessagesShape(msgspec.Struct, frozen=True):
    results: list[papers.MessageRow]


class SeenShape(msgspec.Struct, frozen=True):
    seq: int


class MarksShape(msgspec.Struct, frozen=True):
    marks: list[Mark]


class EntryShape(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the words: one of these is there, by what they asked for."""

    act: str
    line: rows.LineRow | None = None
    action: rows.ActionRow | None = None
    decision: rows.DecisionRow | None = None
    actions: list[rows.ActionRow] = []
    report: papers.ReportRow | None = None


def entry_of(made: Entered) -> EntryShape:
    return EntryShape(
        act=made.act,
        line=rows.line_row(made.line) if made.line else None,
        action=rows.action_row(made.action) if made.action else None,
        decision=rows.decision_row(made.decision) if made.decision else None,
        actions=[rows.action_row(one) for one in made.actions],
        report=papers.report_row(made.report) if made.report else None,
    )


class ExtractShape(msgspec.Struct, frozen=True, kw_only=True):
    """`jsonl`, `pdf`, `zip`: where each form of it is; `ends_with`: the hash that the record ends with; `key`: the post's
    public key (Ed25519, hexadecimal) that signs it."""

    id: UUID
    entries: int
    last: int
    ends_with: str
    sha256: str
    pdf_sha256: str
    key: str
    jsonl: str
    pdf: str
    zip: str


def extract_shape(made: Extract) -> ExtractShape:
    return ExtractShape(
        id=made.id,
        entries=made.entries,
        last=made.last_seq,
        ends_with=made.ends_with,
        sha256=made.sha256,
        pdf_sha256=made.pdf_sha256,
        key=public_key(),
        **{
            form: reverse(f"api-crisis-extract-{form}", args=[made.cell_id, made.id])
            for form in ("jsonl", "pdf", "zip")
        },
    )
