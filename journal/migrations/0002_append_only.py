"""The chain lives in the database: one function appends, a trigger and missing rights refuse everything else."""

from typing import Any

from django.conf import settings
from django.db import migrations

# The caller's temporary tables come last in the path, or it could slip a head or an entry table of its own underneath.
APPEND = """
create function journal_append(kinds text[], abouts uuid[], bys uuid[], audiences_ text[], withdraws_ text[], datas text[])
returns bigint language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    end_ journal_head;
    audience_list text[];
    withdraw_list text[];
    now_ timestamptz;
    hash_ bytea;
begin
    -- Readers rely on seq following commit order: the head stays locked until this transaction ends.
    select * into strict end_ from journal_head where id = 1 for update;
    now_ := greatest(clock_timestamp(), end_.at);
    for i in 1 .. cardinality(kinds) loop
        audience_list := string_to_array(audiences_[i], ',');
        withdraw_list := string_to_array(withdraws_[i], ',');
        end_.seq := end_.seq + 1;
        hash_ := sha256(end_.hash || sha256(convert_to(concat_ws(E'\\n',
            end_.seq, to_char(now_ at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), kinds[i],
            coalesce(abouts[i]::text, ''), coalesce(bys[i]::text, ''), audiences_[i], withdraws_[i], datas[i]), 'UTF8')));
        insert into journal_entry (seq, at, kind, about, by, audiences, withdraws, data, previous, hash)
        values (end_.seq, now_, kinds[i], abouts[i], bys[i], audience_list, withdraw_list, datas[i], end_.hash, hash_);
        end_.hash := hash_;
    end loop;
    update journal_head set seq = end_.seq, at = now_, hash = end_.hash where id = 1;
    return end_.seq;
end $$;

create function journal_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'the journal is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger journal_entry_never_changes before update or delete on journal_entry
    for each row execute function journal_refuse();
create trigger journal_entry_never_emptied before truncate on journal_entry
    for each statement execute function journal_refuse();

alter table journal_entry
    add constraint entry_kind_is_plain check (kind ~ '^[a-z_]+\\.[a-z_]+$'),
    add constraint entry_data_is_object check (json_typeof(data::json) = 'object');
alter table journal_head set (fillfactor = 10);
insert into journal_head (id, seq, at, hash) values (1, 0, now(), decode(repeat('00', 32), 'hex'));
"""


def rights(apps: Any, schema_editor: Any) -> None:
    """The application's role may read and append. Nothing is granted when both roles are one (refused by `check`)."""
    role = settings.DATABASES["default"]["USER"]
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("select current_user")
        if cursor.fetchone()[0] == role:
            return
        name = schema_editor.connection.ops.quote_name(role)
        cursor.execute(f"revoke all on journal_entry, journal_head from public, {name}")
        cursor.execute(f"grant select on journal_entry, journal_head to {name}")
        cursor.execute("revoke all on function journal_append from public")
        cursor.execute(f"grant execute on function journal_append to {name}")


class Migration(migrations.Migration):
    dependencies = (("journal", "0001_initial"),)
    operations = (
        migrations.RunSQL(APPEND, migrations.RunSQL.noop),
        migrations.RunPython(rights, migrations.RunPython.noop),
    )
