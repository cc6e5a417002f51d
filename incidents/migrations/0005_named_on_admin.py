from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0004_one_handover_waits"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="category",
            options={"ordering": ("position",), "verbose_name": "category", "verbose_name_plural": "categories"},
        ),
    ]
