"""The watch over the record: what a cell's rows say against what the journal says, and the journal against itself.

The application's role can change neither lines nor journal (triggers, missing rights). Somebody with more rights can;
this finds it within a round (every 30 seconds for cells that run), tells the director, and says so in the record.
"""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import msgspec
import structlog
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from crisis import rows, selectors
from crisis.events import RecordBroken
from crisis.models import Cell, Finding
from crisis.services.acting import clock, in_post
from crisis.telling import tell
from journal.models import Entry
from journal.services import writing

log = structlog.get_logger(__name__)
AFTERWARDS = timedelta(days=2)

# Links from the cell's first entry to the head, and the content of the cell's own: the rule of journal.chain, in SQL.
_CHAIN = """
with opened as (select min(seq) as first from journal_entry where about = %(cell)s),
chain as (
  select seq, about, previous, hash, lag(seq) over (order by seq) as seq_before, lag(hash) over (order by seq) as hash_before
  from journal_entry, opened where seq >= opened.first)
select seq, 'does not follow the entry before' from chain
where seq_before is not null and (seq <> seq_before + 1 or previous <> hash_before)
union all
select seq, 'is not what was recorded' from journal_entry where about = %(cell)s and hash <> sha256(previous || sha256(
  convert_to(concat_ws(E'\\n', seq, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), kind,
  coalesce(about::text, ''), coalesce(by::text, ''), array_to_string(audiences, ','), array_to_string(withdraws, ','), data), 'UTF8')))
union all
select head.seq, 'is not where the journal ends' from journal_head head
where (head.seq, head.hash) is distinct from (select (last.seq, last.hash) from journal_entry last order by seq desc limit 1)
order by 1 limit 20"""


def guard_all() -> int:
    """Look through every cell that runs, or was closed in the last two days; returns how much was newly found."""
    recent = Cell.objects.filter(Q(closed_at=None) | Q(closed_at__gt=Now() - AFTERWARDS))
    return sum(guard(cell_id) for cell_id in recent.values_list("id", flat=True))


def guard(cell_id: UUID) -> int:
    """Look through one cell; what is found is told once. Returns how much of it is new."""
    cell = Cell.objects.select_related("director").get(id=cell_id)
    fresh = 0
    for what, why in faults(cell):
        with writing(None) as record:
            _finding, made = Finding.objects.get_or_create(cell=cell, what=what, why=why, defaults={"at": clock()})
            if not made:
                continue
            fresh += 1
            log.error("the record of a cell is broken", cell=cell.reference, what=what, why=why)
            record(RecordBroken(what=what, why=why), about=cell)
            subject = in_post(gettext_noop("The record of %(title)s was changed"), title=cell.title)
            tell(
                [cell.director],
                cell=cell,
                subject=subject,
                body=f"{what}: {why}",
                urgency="vital",
                key=f"crisis.broken:{cell.id}:{what}",
            )
    return fresh


def faults(cell: Cell) -> Iterator[tuple[str, str]]:
    """What is wrong, as (what, why); nothing when the record is whole."""
    with connection.cursor() as cursor:
        cursor.execute(_CHAIN, {"cell": cell.id})
        for seq, why in cursor.fetchall():
            yield f"entry {seq}", why
    told = Entry.objects.filter(about=cell.id).order_by("seq")
    yield from _lines(cell, dict(_last(told, "crisis.logged", "line", rows.LineRow)))
    yield from _decisions(
        cell, dict(_last(told, "crisis.decided crisis.decision_checked", "decision", rows.DecisionRow))
    )


def _last(told: QuerySet[Entry], kinds: str, member: str, shape: type[rows.Row]) -> Iterator[tuple[UUID, rows.Row]]:
    """Rows of these entries by id, later ones over earlier ones."""
    for data in told.filter(kind__in=kinds.split()).values_list("data", flat=True):
        try:
            row = msgspec.convert(msgspec.json.decode(data)[member], shape)
        except (msgspec.MsgspecError, KeyError):  # forged; the chain says so
            continue
        yield row.id, row


def _lines(cell: Cell, recorded: dict[UUID, rows.Row]) -> Iterator[tuple[str, str]]:
    lines = selectors.lines(cell=cell, limit=1_000_000)
    kept = {line.id: rows.line_row(line) for line in lines}
    for id_, row in kept.items():
        if recorded.get(id_) != row:
            yield f"line {row.number}", "was never recorded" if id_ not in recorded else "is not what was recorded"
    for id_ in recorded.keys() - kept.keys():
        yield f"line {getattr(recorded[id_], 'number', '')}", "is missing"
    if sorted(row.number for row in kept.values()) != list(range(1, cell.last_line + 1)):
        yield "numbers", "of the log have a gap, or end elsewhere than the cell says"


def _decisions(cell: Cell, recorded: dict[UUID, rows.Row]) -> Iterator[tuple[str, str]]:
    kept = {one.id: rows.decision_row(one) for one in selectors.decisions(cell)}
    for id_, row in kept.items():
        if recorded.get(id_) != row:
            yield f"decision {row.number}", "is not what was recorded"
    for id_ in recorded.keys() - kept.keys():
        yield f"decision {getattr(recorded[id_], 'number', '')}", "is missing"
