from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("interventions", "0007_series_commune"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="checklist",
            options={
                "ordering": ("category", "-version"),
                "verbose_name": "checklist",
                "verbose_name_plural": "checklists",
            },
        ),
        migrations.AlterModelOptions(
            name="contract",
            options={
                "ordering": ("organisation", "title"),
                "verbose_name": "partner contract",
                "verbose_name_plural": "partner contracts",
            },
        ),
        migrations.AlterModelOptions(
            name="delivery",
            options={
                "default_permissions": (),
                "ordering": ("made_at",),
                "verbose_name": "webhook delivery",
                "verbose_name_plural": "webhook deliveries",
            },
        ),
        migrations.AlterModelOptions(
            name="vehicle",
            options={"ordering": ("code",), "verbose_name": "vehicle", "verbose_name_plural": "vehicles"},
        ),
    ]
