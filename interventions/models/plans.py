import uuid
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.models import Person


class Plan(models.Model):
    """Many interventions given to many crews at once, worked out by a worker, applied only when a person accepts."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting for a worker")
        SOLVING = "solving", _("being worked out")
        SOLVED = "solved", _("to be accepted")
        FAILED = "failed", _("could not be worked out")
        CANCELLED = "cancelled", _("called off")
        APPLIED = "applied", _("applied")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    asked_by = models.ForeignKey(Person, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    progress = models.PositiveSmallIntegerField(default=0, help_text=_("percent"))
    hours = models.PositiveSmallIntegerField(default=10)
    interventions: "models.JSONField[Any, Any]" = models.JSONField(default=list, help_text=_("ids; empty: all open"))
    crews: "models.JSONField[Any, Any]" = models.JSONField(default=list, help_text=_("ids; empty: all in sight"))
    result: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    failure = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        default_permissions = ()
        ordering = ("-asked_at",)
        constraints = (models.CheckConstraint(condition=Q(progress__lte=100), name="plan_progress_is_percent"),)
        indexes = (
            models.Index("asked_at", name="plan_to_work_out", condition=Q(state__in=("queued", "solving"))),
            models.Index(fields=["asked_by", "-asked_at"], name="plan_of_person"),
        )

    @property
    def open_visits(self) -> list[dict[str, Any]]:
        """What of it a person has neither accepted nor been refused yet."""
        over = {*self.result.get("applied", ()), *self.result.get("refused", ())}
        return [visit for visit in self.result.get("visits", ()) if visit["intervention"] not in over]

    @property
    def audiences(self) -> Sequence[str]:
        """Whoever asked for it: it may be about restricted incidents that others do not see."""
        return (f"person:{self.asked_by_id}",)
