"""What was published stays as it was: an incident follows it by its id."""

from django.db import migrations

TABLES = ("incidents_policyversion", "incidents_procedureversion")
FORWARD = """
create function incidents_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'a published version never changes' using errcode = 'insufficient_privilege';
end $$;
""" + "".join(
    f"create trigger {table}_never_changes before update or delete on {table} "
    "for each row execute function incidents_refuse_change();\n"
    for table in TABLES
)
BACKWARD = "".join(f"drop trigger {table}_never_changes on {table};\n" for table in TABLES)
BACKWARD += "drop function incidents_refuse_change();"


class Migration(migrations.Migration):
    dependencies = [("incidents", "0002_policies_and_procedures")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
