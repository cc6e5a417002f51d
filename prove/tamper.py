"""The record cannot be changed by the application, and every change by anybody else is found and named.

(a) Every way to change the journal is tried as the application's database role. (b) The server's superuser changes
every column of every entry, deletes, inserts, swaps and cuts; `verify_journal` must name the first broken entry each
time. (c) An extract is proved with docs/prove_extract.py, and no longer after any change to it.

(d) The log of a crisis cell: the same again, see prove/_cells.py.

With --sabotage the application's role is given the rights, verification skips the chain, and the prover its checks.
Two limits are shown as figures: somebody who rewrites the whole chain from an entry to the head is found only by a
hash noted before (every extract, live cursor and signed report holds one); and an extract cannot show that an entry
left out as a bare digest was about something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import psycopg
from django.core.management import CommandError, call_command

from crisis.services import guarding
from journal import verification
from journal.chain import link
from journal.models import Entry
from ondijon.stack.errors import StackError
from ondijon.stack.roles import OWNER
from prove import Args, Post, Result, progress, step
from prove._attacks import ATTEMPTS, TRUE_APPEND
from prove._cells import prove_cells
from prove._extracts import prove_extracts
from prove._story import tell

SIZE, SMALL = 60, 6  # incidents in the story
PLAN = {"web": 0, "live": 0, "workers": 0, "beat": 0}

Database = psycopg.Connection[tuple[Any, ...]]
_FLIP = "set_byte({0}, 3, get_byte({0}, 3) # 1)"
# One change for each column of an entry, as small as it can be.
COLUMNS = {
    "seq": "seq + 1000000",
    "at": "at + interval '1 microsecond'",
    "kind": "kind || 'x'",
    "about": "gen_random_uuid()",
    "by": "case when by is null then gen_random_uuid() end",
    "audiences": "array_append(audiences, 'public')",
    "withdraws": "array_append(withdraws, 'post')",
    "data": "data || ' '",
    "previous": _FLIP.format("previous"),
    "hash": _FLIP.format("hash"),
}
# (statements, which entry is the first broken one, counted from the one aimed at)
STRUCTURE: dict[str, tuple[tuple[str, ...], int]] = {
    "delete": (("delete from journal_entry where seq = {k}",), 0),
    "cut the end": (("delete from journal_entry where seq >= {k}",), 0),
    "insert": (
        (
            "update journal_entry set seq = -seq - 1 where seq >= {k}",
            "update journal_entry set seq = -seq where seq < 0",
            "create temp table one as select * from journal_entry where seq = {k} + 1",
            "update one set seq = {k}",
            "insert into journal_entry table one",
            "drop table one",
        ),
        1,
    ),
    "swap": (
        (
            "update journal_entry set seq = -seq where seq in ({k}, {k} + 1)",
            "update journal_entry set seq = {k} + 1 where seq = -{k}",
            "update journal_entry set seq = {k} where seq = -{k} - 1",
        ),
        0,
    ),
}


def run(post: Post, args: Args) -> Result:
    result = Result()
    step(f"writing a story of {args.n} incidents through the services")
    incidents = tell(args.n)
    with post.connect("superuser") as superuser:
        keep(superuser)
        if args.sabotage:
            sabotage(superuser)
        attack(post, superuser, result)
        tamper(superuser, result)
        as_program(post, superuser, result)
        rewrite_all(superuser, result)
        prove_cells(post, superuser, result)
    prove_extracts([incident.id for incident in incidents], result, sabotage=args.sabotage)
    return result


# The record as it was ------------------------------------------------------------------------------------------------


def keep(superuser: Database) -> None:
    """Copy the record aside, to put it back after each change."""
    superuser.execute("set session_replication_role = replica")
    superuser.execute("create schema kept")
    for name in ("journal_entry", "journal_head"):
        superuser.execute(f"create table kept.{name} as table public.{name}")


def put_back(superuser: Database) -> None:
    for name in ("journal_entry", "journal_head"):
        superuser.execute(f"delete from public.{name}")
        superuser.execute(f"insert into public.{name} select * from kept.{name}")


def unchanged(superuser: Database) -> bool:
    """Every kept entry stands as it was, and what came after continues the chain."""
    lost = superuser.execute("select count(*) from (table kept.journal_entry except table public.journal_entry) lost")
    return lost.fetchone() == (0,) and first_broken() is None


def structure(superuser: Database) -> tuple[Any, ...] | None:
    """The journal's triggers, functions, rights and columns, as one comparable value."""
    return superuser.execute(
        "select (select json_agg((tgname, tgenabled, tgfoid) order by tgname) from pg_trigger"
        "         where tgrelid in ('journal_entry'::regclass, 'journal_head'::regclass))::text,"
        "       (select string_agg(pg_get_functiondef(oid), '' order by proname) from pg_proc where proname like 'journal%'),"
        "       (select json_agg((relname, relowner, relacl::text, relrowsecurity, relnatts, relhasrules) order by relname)"
        "          from pg_class where relname in ('journal_entry', 'journal_head') and relnamespace = 'public'::regnamespace)::text,"
        "       (select json_agg((rolname, rolsuper) order by rolname) from pg_roles)::text"
    ).fetchone()


# (a) the application's role ------------------------------------------------------------------------------------------


def attack(post: Post, superuser: Database, result: Result) -> None:
    successes = []
    before = structure(superuser)
    for title, statements in progress(ATTEMPTS, "attempts as the application's role"):
        said = attempt(post, statements)
        if not unchanged(superuser) or structure(superuser) != before:
            successes.append(title)
            step(f"CHANGED the record: {title} ({said})")
        put_back(superuser)
    accepted = attempt(post, (TRUE_APPEND,)) == "done" and unchanged(superuser)
    put_back(superuser)
    result.figures["attempts_as_application"] = len(ATTEMPTS)
    result.exactly("a true append is accepted", int(accepted), 1)
    result.exactly("attempts that changed the record", len(successes), 0)


def attempt(post: Post, statements: tuple[str, ...]) -> str:
    """Run the statements in one session, one transaction; what PostgreSQL answered."""
    try:
        with post.connect("app", autocommit=False, options="-c statement_timeout=5s -c lock_timeout=2s") as session:
            for statement in statements:
                session.execute(statement.replace("{owner}", OWNER).encode())
    except psycopg.Error as refusal:
        return str(refusal).splitlines()[0]
    return "done"


# (b) the superuser ---------------------------------------------------------------------------------------------------


def tamper(superuser: Database, result: Result) -> None:
    last = Entry.objects.count()
    unseen: list[str] = []
    wrongly: list[str] = []
    done = 0
    for title, statements, expected in progress(tamperings(last), "changes by the superuser", count_of(last)):
        for statement in statements:
            superuser.execute(statement.encode())
        found = first_broken()
        put_back(superuser)
        done += 1
        if found is None:
            unseen.append(title)
        elif found != expected:
            wrongly.append(f"{title}: named {found}")
    for line in (*unseen[:3], *wrongly[:3]):
        step(f"NOT FOUND as it should: {line}")
    missing = {field.name for field in Entry._meta.fields} ^ COLUMNS.keys()
    result.figures |= {"entries": last, "changes_by_superuser": done}
    result.exactly("columns of an entry without a change", len(missing), 0)
    result.exactly("changes that verification missed", len(unseen), 0)
    result.exactly("changes found, another entry named", len(wrongly), 0)


def count_of(last: int) -> int:
    return last * (len(COLUMNS) + len(STRUCTURE) + 1) - 1 + 3


def tamperings(last: int) -> Iterator[tuple[str, tuple[str, ...], int]]:
    """(title, statements, the first broken entry) for every entry of the record."""
    for k in range(1, last + 1):
        for column, change in COLUMNS.items():
            yield f"{column} of {k}", (f"update journal_entry set {column} = {change} where seq = {k}",), k
        for title, (statements, offset) in STRUCTURE.items():
            if title != "swap" or k < last:  # the last one has no neighbour
                yield f"{title} at {k}", tuple(text.format(k=k) for text in statements), k + offset
        yield f"edit of {k} with a fitting hash", (edit_with_hash(k),), k + 1
    yield "the head's number", ("update journal_head set seq = seq + 1",), last + 1
    yield "no head", ("delete from journal_head",), last + 1
    yield "the head's hash", (f"update journal_head set hash = {_FLIP.format('hash')}",), last + 1


def edit_with_hash(seq: int) -> str:
    """Change an entry's words and give it the hash that fits them: the next one no longer follows."""
    entry = Entry.objects.get(seq=seq)
    entry.data = '{"forged":true}'
    hash_ = link(bytes(entry.previous), entry).hex()
    return f"update journal_entry set data = '{entry.data}', hash = decode('{hash_}', 'hex') where seq = {seq}"


def first_broken() -> int | None:
    """What `manage.py verify_journal` names; None when it finds the record whole."""
    try:
        call_command("verify_journal", stdout=StringIO(), stderr=StringIO())
    except CommandError as broken:
        found = re.match(r"entry (\d+) is broken", str(broken))
        return int(found[1]) if found else -1
    return None


def as_program(post: Post, superuser: Database, result: Result) -> None:
    """The command as it is run by hand: exit status 0 for a whole record, another one for a broken one."""
    whole = verifies(post)
    superuser.execute("update journal_entry set data = data || ' ' where seq = 1")
    broken = verifies(post)
    put_back(superuser)
    result.exactly("verify_journal as a program: whole yes, broken no", int((whole, broken) == (True, False)), 1)


def verifies(post: Post) -> bool:
    try:
        post.manage("verify_journal")
    except StackError:
        return False
    return True


def rewrite_all(superuser: Database, result: Result) -> None:
    """The limit of any chain: rewritten to its very end it is whole again, and only a hash kept elsewhere tells."""
    noted = superuser.execute("select hash from journal_head").fetchone()
    previous = b""
    for entry in list(Entry.objects.order_by("seq")):
        previous = previous or bytes(entry.previous)
        entry.data = '{"forged":true}' if entry.seq == 2 else entry.data
        hash_ = link(previous, entry)
        order = "update journal_entry set data = %s, previous = %s, hash = %s where seq = %s"
        superuser.execute(order, (entry.data, previous, hash_, entry.seq))
        previous = hash_
    superuser.execute("update journal_head set hash = %s", (previous,))
    whole = first_broken() is None
    differs = superuser.execute("select hash from journal_head").fetchone() != noted
    put_back(superuser)
    result.figures["whole_chain_rewritten_looks_whole"] = whole
    result.exactly("whole chain rewritten, noted hash still right", int(not differs), 0)


# The negative control ------------------------------------------------------------------------------------------------


def sabotage(superuser: Database) -> None:
    superuser.execute("grant insert, update, delete, truncate on journal_entry, journal_head to ondijon_app")
    superuser.execute("alter table journal_entry disable trigger all")
    superuser.execute("alter table crisis_line disable trigger all")
    superuser.execute("grant update, delete, truncate on crisis_line to ondijon_app")
    guarding.faults = lambda cell: iter(())
    verification._fault = lambda entry, expected, previous: ""
