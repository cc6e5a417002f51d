from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("interventions", "0004_field_consent"),
    ]

    operations = [
        migrations.AddField(
            model_name="shiftpattern",
            name="made_until",
            field=models.DateField(
                editable=False,
                help_text="shifts were made up to this day: what a person took away stays away",
                null=True,
            ),
        ),
    ]
