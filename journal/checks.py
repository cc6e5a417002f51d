from typing import Any

from django.core.checks import Error, Tags, register
from django.db import connection

HINT = "Connect with a role that does not own the tables (DATABASE_URL), and migrate with DATABASE_OWNER_URL."


@register(Tags.database, deploy=True)
def journal_is_append_only(app_configs: Any, databases: Any, **kwargs: Any) -> list[Error]:
    """The application's own database role must be unable to rewrite the record."""
    if not databases or "default" not in databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('journal_entry') is not null")
        if not cursor.fetchone()[0]:
            return []
        cursor.execute(
            "select bool_or(has_table_privilege(current_user, 'journal_entry', right_)) "
            "from unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) as right_"
        )
        if cursor.fetchone()[0]:
            return [Error("The application's database role can rewrite the journal.", hint=HINT, id="journal.E001")]
    return []
