"""A long crisis: a cell of ten thousand lines replayed, reported, printed, taken out and looked through.

Goals: any past instant rebuilt from the journal alone in under a second, a situation report approved as PDF with its map
in under two, a changed line found within sixty (the watch runs every thirty). The rebuilding is also held as a ratio
against the least this machine can do: reading the same entries with bare SQL.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import msgspec

from access.models import Person
from access.roles import Role
from access.selectors import access_of
from crisis import replaying, services
from crisis.areas import Shape
from crisis.models import Cell
from crisis.services import guarding
from journal.models import Entry
from journal.services import writing
from journal.statements import prepared
from prove import Args, Post, Result, progress, quantile, step
from prove._story import person

SIZE, SMALL = 10_000, 600
PLAN = {"web": 0, "live": 0, "workers": 0, "beat": 0}
ROUNDS, BATCH = 12, 200
BARE = "select kind, data from journal_entry where about = %s order by seq"
OUCHE = Shape(type="polygon", points=((47.300, 5.030), (47.312, 5.030), (47.312, 5.050), (47.300, 5.050)))


def run(post: Post, args: Args) -> Result:
    by = person(Role.CRISIS_DIRECTOR)
    cell = long_crisis(by, args.n)
    result = Result()
    entries = Entry.objects.filter(about=cell.id).count()
    result.figures = {"lines": args.n, "entries": entries}
    replay(cell, by, result)
    report(cell, by, result)
    seconds, taken = timed(lambda: services.extract(cell_id=cell.id, by=by))
    result.figures |= {"extract_with_printed_log_s": seconds, "extract_entries": taken.entries}
    seconds, _found = timed(guarding.guard_all)
    result.figures["watch_round_s"] = seconds
    result.at_most("seconds of one round of the watch", seconds, 30.0)
    return result


def long_crisis(by: Person, lines: int) -> Cell:
    """A cell with so many lines, and a decision, an action and a zone for every hundred of them."""
    opening = services.Opening(plan="flood", level="alert", facts="L'Ouche monte")
    cell = services.open_cell(by=by, opening=opening)
    told: dict[str, Any] = {"cell_id": cell.id, "by": by}
    for start in progress(range(0, lines, BATCH), "batches of lines", -(-lines // BATCH)):
        with writing(by):
            for number in range(start, min(start + BATCH, lines)):
                services.log(
                    **told, entry=services.Words(text=f"Ligne {number} : hauteur à Plombières", source="terrain")
                )
            services.decide(**told, ruling=services.Ruling(what=f"Décision {start}", grounds="cote"))
            services.act(**told, task=services.Task(text=f"Action {start}", function="logistics"))
            if start < 20 * BATCH:
                services.draw(**told, drawing=services.Drawing(kind="flooded", label=f"Zone {start}", shape=OUCHE))
    return Cell.objects.get(id=cell.id)


def replay(cell: Cell, by: Person, result: Result) -> None:
    """From the slider's end to its start, as the API answers it."""
    first, last = replaying.moment(cell_id=cell.id, access=access_of(by)), Entry.objects.latest("seq").at
    span = last - first.first_at
    took, bare = [], []
    for turn in range(ROUNDS):
        at = last - span * (turn / ROUNDS) + timedelta(microseconds=1)
        took.append(timed(partial(answered, cell, by, at))[0])
        bare.append(timed(lambda: prepared(BARE, [cell.id]).fetchall())[0])
    whole = timed(lambda: answered(cell, by, last))[0]
    result.figures |= {
        "replay_whole_s": whole, "replay_p50_s": quantile(took, 0.5), "replay_longest_s": max(took),
        "replay_over_bare_read": whole / quantile(bare, 0.5),
    }  # fmt: skip
    result.at_most("seconds to rebuild an instant", max(*took, whole), 1.0)


def answered(cell: Cell, by: Person, at: Any) -> int:
    return len(msgspec.json.encode(replaying.moment(cell_id=cell.id, access=access_of(by), at=at)))


def report(cell: Cell, by: Person, result: Result) -> None:
    drafted, made = timed(lambda: services.draft_report(cell_id=cell.id, by=by))
    printed, approved = timed(lambda: services.approve_report(cell_id=cell.id, by=by, report_id=made.id))
    step(f"the report has {approved.size} bytes")
    result.figures |= {"report_drafted_s": drafted, "report_approved_as_pdf_s": printed, "report_bytes": approved.size}
    result.at_most("seconds to approve a report as PDF", printed, 2.0)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    made = work()
    return time.perf_counter() - began, made
