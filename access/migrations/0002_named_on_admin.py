from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_initial"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="duty",
            options={"verbose_name": "duty", "verbose_name_plural": "duties"},
        ),
    ]
