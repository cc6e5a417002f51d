import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("interventions", "0006_plans"),
        ("territory", "0004_dijon_metropole"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="delivery",
            options={"default_permissions": (), "ordering": ("made_at",), "verbose_name_plural": "deliveries"},
        ),
        migrations.AddField(
            model_name="series",
            name="commune",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="territory.commune",
            ),
        ),
    ]
