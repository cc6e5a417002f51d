"""What was written stays: lines, old versions and approved reports refuse every change, whoever asks."""

from typing import Any

from django.conf import settings
from django.db import migrations

NEVER = ("crisis_line", "crisis_linefile", "crisis_sectionversion", "crisis_zoneversion")
REFUSE = """
create function crisis_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'what a cell has written is append-only' using errcode = 'insufficient_privilege';
end $$;
"""
TRIGGERS = "".join(
    f"""
create trigger {table}_never_changes before update or delete on {table}
    for each row execute function crisis_refuse();
create trigger {table}_never_emptied before truncate on {table}
    for each statement execute function crisis_refuse();
"""
    for table in NEVER
)
FROZEN = """
create function crisis_report_frozen() returns trigger language plpgsql as $$
begin
    if old.state <> 'draft' and (tg_op = 'DELETE'
        or (to_jsonb(new) - array['state', 'sent_at', 'version']) <> (to_jsonb(old) - array['state', 'sent_at', 'version'])
        or new.state = 'draft') then
        raise exception 'an approved report is frozen' using errcode = 'insufficient_privilege';
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger crisis_report_frozen before update or delete on crisis_report
    for each row execute function crisis_report_frozen();

create function crisis_section_frozen() returns trigger language plpgsql as $$
begin
    if (select state from crisis_report where id = old.report_id) <> 'draft' then
        raise exception 'an approved report is frozen' using errcode = 'insufficient_privilege';
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger crisis_section_frozen before update or delete on crisis_reportsection
    for each row execute function crisis_section_frozen();
"""


def rights(apps: Any, schema_editor: Any) -> None:
    """The application's role may read and add, no more. Nothing is revoked when both roles are one."""
    role = settings.DATABASES["default"]["USER"]
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("select current_user")
        if cursor.fetchone()[0] == role:
            return
        name = schema_editor.connection.ops.quote_name(role)
        tables = ", ".join(NEVER)
        cursor.execute(f"revoke update, delete, truncate on {tables} from {name}")


class Migration(migrations.Migration):
    dependencies = (("crisis", "0001_plans_cells_log"),)
    operations = (
        migrations.RunSQL(REFUSE + TRIGGERS + FROZEN, migrations.RunSQL.noop),
        migrations.RunPython(rights, migrations.RunPython.noop),
    )
