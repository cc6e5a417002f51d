from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0007_told_for_a_rota"),
    ]

    operations = [
        migrations.AddField(
            model_name="rota",
            name="ended_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
