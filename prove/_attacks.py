"""Ways in which somebody holding the application's database password might try to change the record.

Each is (title, statements). `{owner}` is the owner role's name. Whatever appends a true entry is not an attack: that is
what the role is for; so an attempt has failed when every entry from before is as it was and the chain is whole.
"""

from __future__ import annotations

_ONE = "(seq, at, kind, about, by, audiences, withdraws, data, previous, hash)"
_FORGED = (
    "999999, now(), 'incidents.closed', null, null, '{post}', '{}', '{}', decode('00', 'hex'), decode('00', 'hex')"
)
TRUE_APPEND = "select journal_append(array['incidents.forged'], array[null]::uuid[], array[null]::uuid[], array['post'], array[''], array['{}'])"
_FALSE_HEAD = "insert into journal_head values (1, 7000000, now(), decode(repeat('ab', 32), 'hex'))"

ATTEMPTS: list[tuple[str, tuple[str, ...]]] = [
    ("update", ("update journal_entry set data = '{}' where seq = 1",)),
    ("update of every column", ("update journal_entry set seq = seq, at = now(), kind = 'a.b', hash = previous",)),
    ("update through a cursor", ("declare c cursor for select * from journal_entry for update", "fetch c")),
    ("delete", ("delete from journal_entry where seq = 2",)),
    ("delete inside a query", ("with gone as (delete from journal_entry returning *) select count(*) from gone",)),
    ("truncate", ("truncate journal_entry",)),
    ("truncate both, cascading", ("truncate journal_entry, journal_head restart identity cascade",)),
    ("insert", (f"insert into journal_entry {_ONE} values ({_FORGED})",)),
    ("insert or update", (f"insert into journal_entry {_ONE} values ({_FORGED}) on conflict (seq) do update set data = '{{}}'",)),
    ("merge", ("merge into journal_entry e using (values (1)) v(s) on e.seq = v.s when matched then delete",)),
    ("copy from a program", ("copy journal_entry from program 'cat /dev/null'",)),
    ("copy from a file", ("copy journal_entry from '/dev/null'",)),
    ("prepared statement", ("prepare p as update journal_entry set data = '{}'", "execute p")),
    ("anonymous block", ("do $$ begin update journal_entry set data = '{}'; end $$",)),
    ("own function", ("create function pg_temp.f() returns void language sql security definer as $$ delete from journal_entry $$", "select pg_temp.f()")),
    ("own view", ("create temp view v as select * from journal_entry", "update v set data = '{}'")),
    ("update the head", ("update journal_head set seq = 0",)),
    ("delete the head", ("delete from journal_head",)),
    ("a second head", ("insert into journal_head values (2, 0, now(), decode('00', 'hex'))",)),
    ("lock out the writers", ("lock table journal_head in exclusive mode",)),
    ("hold the head", ("select * from journal_head for update",)),
    ("disable the trigger", ("alter table journal_entry disable trigger all",)),
    ("drop the trigger", ("drop trigger journal_entry_never_changes on journal_entry",)),
    ("an own trigger", ("create trigger t before insert on journal_entry for each row execute function journal_refuse()",)),
    ("a rule", ("create rule r as on insert to journal_entry do instead nothing",)),
    ("row security", ("alter table journal_entry enable row level security",)),
    ("add a column", ("alter table journal_entry add column note text",)),
    ("drop a constraint", ("alter table journal_entry drop constraint entry_data_is_object",)),
    ("rename", ("alter table journal_entry rename to old_entry",)),
    ("drop", ("drop table journal_entry cascade",)),
    ("drop the head", ("drop table journal_head cascade",)),
    ("drop the schema", ("drop schema public cascade",)),
    ("take ownership", ("alter table journal_entry owner to current_user",)),
    ("inherit from it", ("create temp table child () inherits (journal_entry)",)),
    ("replace the function", ("create or replace function journal_append(text[], uuid[], uuid[], text[], text[], text[]) returns bigint language sql as 'select 1::bigint'",)),
    ("drop the function", ("drop function journal_append",)),
    ("disarm the refusal", ("create or replace function journal_refuse() returns trigger language plpgsql as 'begin return new; end'",)),
    ("act as a replica", ("set session_replication_role = replica", "delete from journal_entry")),
    ("become the owner", ("set role {owner}", "delete from journal_entry")),
    ("become the owner's session", ("set session authorization {owner}", "delete from journal_entry")),
    ("join the owner", ("grant {owner} to current_user",)),
    ("become superuser", ("alter role current_user superuser",)),
    ("grant oneself rights", ("grant all on journal_entry, journal_head to current_user",)),
    ("drop what the owner owns", ("drop owned by {owner} cascade",)),
    ("take what the owner owns", ("reassign owned by {owner} to current_user",)),
    ("change the server", ("alter system set fsync = off",)),
    ("write the catalogue", ("update pg_class set relowner = (select oid from pg_roles where rolname = current_user) where relname = 'journal_entry'",)),
    ("load code", ("load '/tmp/evil.so'",)),
    ("a second connection", ("create extension dblink",)),
    ("a schema before ours", ("create schema evil", "set search_path = evil, public", TRUE_APPEND)),
    ("append from a false head", (
        "create temp table journal_head (like public.journal_head)", f"{_FALSE_HEAD}",
        "grant all on journal_head to public", TRUE_APPEND,
    )),
    ("append from a false head, path reversed", (
        "set search_path = pg_temp, public", "create temp table journal_head (like public.journal_head)", _FALSE_HEAD,
        "grant all on journal_head to public", TRUE_APPEND,
    )),
    ("append beside the record", (
        "create temp table journal_entry (like public.journal_entry)", "grant all on journal_entry to public", TRUE_APPEND,
    )),
    ("append without a kind", (TRUE_APPEND.replace("'incidents.forged'", "null"),)),
    ("append a kind of two lines", (TRUE_APPEND.replace("'incidents.forged'", "E'incidents.forged\\nx'"),)),
    ("append without audiences", (TRUE_APPEND.replace("array['post']", "array[null]"),)),
    ("append without withdrawals", (TRUE_APPEND.replace("array['']", "array[null]"),)),
    ("append without data", (TRUE_APPEND.replace("array['{}']", "array[null]"),)),
    ("append what is not JSON", (TRUE_APPEND.replace("array['{}']", "array['no']"),)),
    ("append fewer columns than kinds", (TRUE_APPEND.replace("array['incidents.forged']", "array['a.b', 'a.c']"),)),
    ("append nothing", (TRUE_APPEND.replace("array['incidents.forged']", "null"),)),
    ("append audiences of two lines", (TRUE_APPEND.replace("array['post']", "array[E'post\\npublic']"),)),
    ("append withdrawals of two lines", (TRUE_APPEND.replace("array['']", "array[E'post\\n']"),)),
    ("append an empty audience", (TRUE_APPEND.replace("array['post']", "array[',']"),)),
]  # fmt: skip
