"""The 23 communes and the places that everybody names. `manage.py load_territory` brings a later version in."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from territory.loading import load_territory


def load(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    load_territory(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("territory", "0003_commune_at")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
