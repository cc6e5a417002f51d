import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("interventions", "0005_made_until"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Plan",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting for a worker"),
                            ("solving", "being worked out"),
                            ("solved", "to be accepted"),
                            ("failed", "could not be worked out"),
                            ("cancelled", "called off"),
                            ("applied", "applied"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("progress", models.PositiveSmallIntegerField(default=0, help_text="percent")),
                ("hours", models.PositiveSmallIntegerField(default=10)),
                ("interventions", models.JSONField(default=list, help_text="ids; empty: all open")),
                ("crews", models.JSONField(default=list, help_text="ids; empty: all in sight")),
                ("result", models.JSONField(default=dict)),
                ("failure", models.CharField(blank=True, max_length=300)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("-asked_at",),
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        models.F("asked_at"),
                        condition=models.Q(("state__in", ("queued", "solving"))),
                        name="plan_to_work_out",
                    ),
                    models.Index(fields=["asked_by", "-asked_at"], name="plan_of_person"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("progress__lte", 100)), name="plan_progress_is_percent")
                ],
            },
        ),
    ]
