"""Rows: all that a list line, a pane or a journal entry needs. Never a telephone number, never a position of a person."""

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from access.models import Person
from crisis.models import Action, Cell, Decision, Line, Loan, MeansRequest, Member, Suggestion, Transfer
from incidents.rows import Named

S = TypeVar("S", bound="Row")


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: UUID


class CellRow(Row, frozen=True, kw_only=True):
    reference: str
    title: str
    plan: str
    commune: str | None
    level: str
    level_since: datetime
    level_by: Named
    direction: str
    director: Named
    opened_at: datetime
    closed_at: datetime | None
    next_briefing_at: datetime | None
    briefing_minutes: int
    lines: int
    version: int


class MemberRow(Row, frozen=True, kw_only=True):
    """`person` null: somebody without an account; `function` empty: a guest."""

    person: UUID | None
    name: str
    function: str
    state: str
    expected_at: datetime | None
    note: str
    called_at: datetime
    answered_at: datetime | None
    until: datetime | None
    ended_at: datetime | None
    version: int


class FileRow(Row, frozen=True, kw_only=True):
    name: str
    media_type: str
    size: int
    sha256: str


class LineRow(Row, frozen=True, kw_only=True):
    """`supersedes`: the number of the line it stands for. `refers_to`: the decision, action … it speaks of."""

    number: int
    occurred_at: datetime
    entered_at: datetime
    by: Named | None
    function: str
    kind: str
    text: str
    source: str
    reliability: str
    credibility: int
    importance: str
    supersedes: int | None
    refers_to: UUID | None
    reference: str
    incidents: list[UUID]
    interventions: list[UUID]
    mentions: list[str]
    files: list[FileRow]


class DecisionRow(Row, frozen=True, kw_only=True):
    number: int
    reference: str
    what: str
    authority: str
    by: Named
    grounds: str
    rejected: str
    at: datetime
    check_due: datetime | None
    checked_at: datetime | None
    checked_by: Named | None
    outcome: str
    achieved: bool | None
    version: int


class ActionRow(Row, frozen=True, kw_only=True):
    number: int
    reference: str
    function: str
    text: str
    owner: Named | None
    owner_name: str
    state: str
    progress: str
    due_at: datetime | None
    late_told_at: datetime | None
    decision: UUID | None
    card: str
    card_version: int | None
    card_item: str
    at: datetime
    ended_at: datetime | None
    version: int


class LoanRow(Row, frozen=True, kw_only=True):
    lender: Named
    what: str
    quantity: int
    agreed_by: str
    lent_at: datetime
    due_back: datetime | None
    returned_at: datetime | None
    returned_note: str
    version: int


class RequestRow(Row, frozen=True, kw_only=True):
    function: str
    what: str
    quantity: int
    where: str
    needed_by: datetime | None
    via: str
    organisation: Named | None
    intervention: UUID | None
    state: str
    answer: str
    at: datetime
    answered_at: datetime | None
    version: int


class TransferRow(Row, frozen=True, kw_only=True):
    cell: UUID
    to_prefect: bool
    to_person: Named | None
    from_person: Named
    reason: str
    asked_at: datetime
    answered_at: datetime | None
    answered_by: Named | None
    accepted: bool | None


class SuggestionRow(Row, frozen=True, kw_only=True):
    cell: UUID | None
    plan: str | None
    level: str
    source: str
    why: str
    incident: UUID | None
    at: datetime
    settled_at: datetime | None
    outcome: str


def named(somebody: Any) -> Named | None:
    return Named(somebody.id, somebody.name) if somebody is not None else None


def shaped(shape: type[S], row: Any, /, **specifics: Any) -> S:
    """`shape` from a model instance: members of the same name are copied, the rest is given."""
    copied = {name: getattr(row, name) for name in shape.__struct_fields__ if name not in specifics}
    return shape(**copied, **specifics)


def cell_row(cell: Cell) -> CellRow:
    """Load with `select_related("director", "level_by")`."""
    return shaped(
        CellRow, cell, plan=cell.plan_id, commune=cell.commune_id, lines=cell.last_line,
        level_by=named(cell.level_by), director=named(cell.director),
    )  # fmt: skip


def member_row(member: Member) -> MemberRow:
    """Load with `select_related("person")`."""
    person: Person | None = member.person
    return shaped(MemberRow, member, person=member.person_id, name=person.name if person else member.name)


def line_row(line: Line) -> LineRow:
    """Load with `select_related("by", "supersedes")` and `prefetch_related("attached__file")`."""
    files = [shaped(FileRow, one.file) for one in line.attached.all()]
    before = line.supersedes.number if line.supersedes else None
    return shaped(LineRow, line, by=named(line.by), supersedes=before, files=files)


def decision_row(decision: Decision) -> DecisionRow:
    return shaped(DecisionRow, decision, by=named(decision.by), checked_by=named(decision.checked_by))


def action_row(action: Action) -> ActionRow:
    return shaped(ActionRow, action, owner=named(action.owner), decision=action.decision_id)


def loan_row(loan: Loan) -> LoanRow:
    return shaped(LoanRow, loan, lender=named(loan.lender))


def request_row(request: MeansRequest) -> RequestRow:
    return shaped(RequestRow, request, organisation=named(request.organisation))


def transfer_row(transfer: Transfer) -> TransferRow:
    people = {name: named(getattr(transfer, name)) for name in ("to_person", "from_person", "answered_by")}
    return shaped(TransferRow, transfer, cell=transfer.cell_id, **people)


def suggestion_row(suggestion: Suggestion) -> SuggestionRow:
    ids = {name: getattr(suggestion, f"{name}_id") for name in ("cell", "plan", "incident")}
    return shaped(SuggestionRow, suggestion, **ids)
