"""The extensions of the search, and `plain(text)`: how the database folds French words. Needs no superuser."""

from django.db import migrations

# Both extensions are trusted since PostgreSQL 13: the owner of the database may create them.
EXTENSIONS = """
CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
"""

# unaccent() is only STABLE because its dictionary may be edited; ours is the one that ships with PostgreSQL. Every
# name is qualified so that indexes on plain() survive a restore, which runs with an empty search path.
# Twin in Python: territory.wording.fold.
PLAIN = """
CREATE FUNCTION public.plain(words text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN btrim(regexp_replace(
    lower(public.unaccent('public.unaccent'::regdictionary, lower(words))), '[^a-z0-9]+', ' ', 'g'));
COMMENT ON FUNCTION public.plain(text) IS
    'Lower case, no accents, one space between runs of a-z and 0-9';
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(EXTENSIONS, migrations.RunSQL.noop),
        migrations.RunSQL(PLAIN, "DROP FUNCTION public.plain(text)"),
    ]
