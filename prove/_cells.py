"""A crisis cell's log: changed, deleted, reordered, inserted, by the application's role and by the superuser.

What the role tries is refused by the database, or (a line inserted beside the services) found by the watch that runs
every 30 seconds (crisis.services.guarding); whatever the superuser does is found by it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import psycopg

from access.roles import Role
from crisis.models import Cell, Line
from crisis.services import Opening, Ruling, Words, decide, guarding, log, open_cell, supersede
from ondijon.settings_celery import CELERY_BEAT_SCHEDULE
from prove import Post, Result, progress, step
from prove._story import person

Database = psycopg.Connection[tuple[Any, ...]]
PROMISED_SECONDS = 60.0
LINES = 12
_ONE = "where cell_id = '{cell}' and number = 5"
_COPY = (
    "insert into crisis_line select (jsonb_populate_record(l, jsonb_build_object('id', gen_random_uuid(),"
    " 'number', {number}, 'supersedes_id', null))).* from crisis_line l " + _ONE
)
# As the application's role: each is refused, or found.
ATTEMPTS: dict[str, tuple[str, ...]] = {
    "change a line": ("update crisis_line set text = 'x' " + _ONE,),
    "change through a cursor": ("declare c cursor for select * from crisis_line for update", "fetch c"),
    "delete a line": ("delete from crisis_line " + _ONE,),
    "delete inside a query": ("with gone as (delete from crisis_line returning *) select count(*) from gone",),
    "reorder": ("update crisis_line set number = number + 1000",),
    "empty the log": ("truncate crisis_line cascade",),
    "insert a line": (_COPY.format(cell="{cell}", number=900),),
    "insert or update": (_COPY.format(cell="{cell}", number=5) + " on conflict (cell_id, number) do update set text = 'x'",),
    "disable the trigger": ("alter table crisis_line disable trigger all",),
    "drop the trigger": ("drop trigger crisis_line_never_changes on crisis_line",),
    "replace the refusal": ("create or replace function crisis_refuse() returns trigger language plpgsql as 'begin return new; end'",),
    "act as a replica": ("set session_replication_role = replica", "delete from crisis_line"),
    "grant oneself rights": ("grant all on crisis_line to current_user",),
    "drop the table": ("drop table crisis_line cascade",),
    "turn back the counter": ("update crisis_cell set last_line = last_line - 1 where id = '{cell}'",),
    "change a decision": ("update crisis_decision set grounds = 'x' where cell_id = '{cell}'",),
    "delete a decision": ("delete from crisis_decision where cell_id = '{cell}'",),
    "take a file off a line": ("delete from crisis_linefile",),
}  # fmt: skip
# As the superuser: one change for each column of a line.
COLUMNS = {
    "id": "gen_random_uuid()",
    "cell_id": "gen_random_uuid()",
    "number": "number + 1000",
    "occurred_at": "occurred_at + interval '1 microsecond'",
    "entered_at": "entered_at + interval '1 microsecond'",
    "by_id": "null",
    "function": "case when function = 'planning' then 'logistics' else 'planning' end",
    "kind": "case when kind = 'message' then 'request' else 'message' end",
    "text": "text || ' '",
    "source": "source || 'x'",
    "reliability": "case when reliability = 'A' then 'B' else 'A' end",
    "credibility": "case when credibility = 1 then 2 else 1 end",
    "importance": "case when importance = 'vital' then 'normal' else 'vital' end",
    "supersedes_id": "(select id from crisis_line other where other.id <> crisis_line.id and other.id not in"
    " (select supersedes_id from crisis_line where supersedes_id is not null) limit 1)",
    "refers_to": "gen_random_uuid()",
    "reference": "reference || 'x'",
    "incidents": "array_append(incidents, gen_random_uuid())",
    "interventions": "array_append(interventions, gen_random_uuid())",
    "mentions": "array_append(mentions, 'planning')",
}
NOT_SAID = {"search"}  # made from the words, shown to nobody
TABLES = ("crisis_line", "crisis_decision", "crisis_cell", "crisis_linefile")


def prove_cells(post: Post, superuser: Database, result: Result) -> None:
    cell = story()
    for name in TABLES:
        superuser.execute(f"create table kept.{name} as table public.{name}".encode())
    result.exactly("faults found in a whole log", len(list(guarding.faults(cell))), 0)
    attack(post, superuser, cell, result)
    tamper(superuser, cell, result)
    began = time.monotonic()
    guarding.guard_all()
    seconds = CELERY_BEAT_SCHEDULE["crisis-records"]["schedule"] + time.monotonic() - began
    result.figures["log_change_found_within_s"] = round(seconds, 1)
    result.at_most("seconds until a change of the log is found", seconds, PROMISED_SECONDS)


def story() -> Cell:
    """Two cells, one of them with lines, a correction and a decision."""
    by = person(Role.CRISIS_DIRECTOR)
    open_cell(by=by, opening=Opening(plan="industrial", level="alert", facts="Explosion"))
    cell = open_cell(by=by, opening=Opening(plan="flood", level="alert", facts="L'Ouche monte"))
    for number in range(LINES):
        log(cell_id=cell.id, by=by, entry=Words(text=f"Ligne {number} : « é »", source="terrain", credibility=3))
    supersede(cell_id=cell.id, by=by, number=4, entry=Words(text="Corrigée"))
    decide(cell_id=cell.id, by=by, ruling=Ruling(what="fermer", grounds="crue"))
    return Cell.objects.select_related("director").get(id=cell.id)


def found(cell: Cell) -> bool:
    return bool(list(guarding.faults(Cell.objects.get(id=cell.id))))


def put_back(superuser: Database) -> None:
    for name in TABLES:
        superuser.execute(f"delete from public.{name}".encode())
        superuser.execute(f"insert into public.{name} select * from kept.{name}".encode())


def attack(post: Post, superuser: Database, cell: Cell, result: Result) -> None:
    unseen, refused = [], 0
    for title, statements in progress(ATTEMPTS.items(), "attempts on the log as the application's role", len(ATTEMPTS)):
        said = attempt(post, cell, statements)
        refused += said != "done"
        if said == "done" and changed(superuser) and not found(cell):
            unseen.append(title)
            step(f"CHANGED the log unseen: {title}")
        put_back(superuser)
    result.figures |= {"attempts_on_the_log": len(ATTEMPTS), "refused_by_the_database": refused}
    result.exactly("attempts on the log neither refused nor found", len(unseen), 0)


def changed(superuser: Database) -> bool:
    """Whether a row differs from before, or the role may now change lines. (A grant of what one may not grant is a mere
    warning to PostgreSQL.)"""
    both = "(table kept.{0} except table public.{0}) union all (table public.{0} except table kept.{0})"
    rows = " or ".join(f"exists ({both.format(name)})" for name in TABLES)
    right = "has_table_privilege('ondijon_app', 'crisis_line', 'update, delete, truncate')"
    return superuser.execute(f"select {rows} or {right}".encode()).fetchone() != (False,)


def attempt(post: Post, cell: Cell, statements: tuple[str, ...]) -> str:
    try:
        with post.connect("app", autocommit=False, options="-c statement_timeout=5s -c lock_timeout=2s") as session:
            for statement in statements:
                session.execute(statement.replace("{cell}", str(cell.id)).encode())
    except psycopg.Error as refusal:
        return str(refusal).splitlines()[0]
    return "done"


def tamper(superuser: Database, cell: Cell, result: Result) -> None:
    numbers = list(Line.objects.filter(cell=cell).values_list("number", flat=True))
    missed = []
    changes = list(tamperings(cell, numbers))
    for title, statement in progress(changes, "changes of the log by the superuser", len(changes)):
        superuser.execute(statement.encode())
        if not found(cell):
            missed.append(title)
            step(f"NOT FOUND: {title}")
        put_back(superuser)
    uncovered = {field.column for field in Line._meta.fields} ^ (COLUMNS.keys() | NOT_SAID)
    result.figures["log_changes_by_superuser"] = len(changes)
    result.exactly("columns of a line without a change", len(uncovered), 0)
    result.exactly("changes of the log that the watch missed", len(missed), 0)


def tamperings(cell: Cell, numbers: list[int]) -> Iterator[tuple[str, str]]:
    for number in numbers:
        where = f"where cell_id = '{cell.id}' and number = {number}"
        for column, change in COLUMNS.items():
            yield f"{column} of {number}", f"update crisis_line set {column} = {change} {where}"
        yield f"delete {number}", f"delete from crisis_line {where}"
    first, last = numbers[0], numbers[-1]
    own = f"update crisis_line set number = {{}} where cell_id = '{cell.id}' and number = {{}}"
    moves = ((5000, first), (first, last), (last, 5000))
    yield "swap the ends", "; ".join(own.format(to, at) for to, at in moves)
    copy = _COPY.format(cell=cell.id, number=last + 1)
    yield (
        "insert, the counter moved along",
        f"{copy}; update crisis_cell set last_line = last_line + 1 where id = '{cell.id}'",
    )
