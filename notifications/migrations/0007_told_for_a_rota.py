from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0006_answered_by_link"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="rota",
            field=models.CharField(blank=True, db_default="", max_length=50),
        ),
    ]
