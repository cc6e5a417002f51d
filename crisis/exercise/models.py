import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q

from access.models import Person
from crisis.exercise.workflow import Channel, Status


class Exercise(models.Model):
    """A scenario being played. The scenario's clock stood at `position` at `running_since` and runs from there;
    without `running_since` it stands."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scenario = models.SlugField(max_length=60)
    title = models.CharField(max_length=120)
    status = models.CharField(max_length=10, choices=Status, default=Status.READY)
    position = models.DurationField(default=timedelta())
    running_since = models.DateTimeField(null=True)
    duration = models.DurationField()
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    begins_after = models.BigIntegerField(help_text="number of the journal's last entry before it")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(condition=Q(status__in=Status.values), name="exercise_status_is_known"),
            models.CheckConstraint(
                condition=Q(status=Status.RUNNING, running_since__isnull=False)
                | ~Q(status=Status.RUNNING) & Q(running_since=None),
                name="exercise_clock_runs_while_it_runs",
            ),
            models.UniqueConstraint(  # one at a time: they share the post
                models.Value(1), condition=~Q(status=Status.FINISHED), name="one_exercise_at_a_time"
            ),
        )

    @property
    def audiences(self) -> Sequence[str]:
        """Never the players: what is to come would be no news."""
        return ("administration", "audit")

    def clock(self, now: datetime) -> timedelta:
        """The scenario's time at this instant."""
        return self.position + (now - self.running_since) if self.running_since else self.position


class Inject(models.Model):
    """One thing that happens to the players at a time of the scenario, and what they are expected to do about it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="injects")
    number = models.PositiveSmallIntegerField()
    at = models.DurationField()
    channel = models.CharField(max_length=12, choices=Channel)
    sender = models.CharField(max_length=120)
    receiver = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=160)
    text = models.TextField()
    incident: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    colour = models.CharField(max_length=6, blank=True, help_text="of the warning that it passes on")
    expected = models.CharField(max_length=400, blank=True)
    within = models.DurationField(null=True)
    played_at = models.DateTimeField(null=True)
    skipped_at = models.DateTimeField(null=True)
    made = models.UUIDField(null=True, help_text="the incident it became")
    seen_at = models.DateTimeField(null=True, help_text="when the expected reaction was seen")
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ("at", "number")
        constraints = (
            models.UniqueConstraint("exercise", "number", name="inject_number"),
            models.CheckConstraint(condition=Q(played_at=None) | Q(skipped_at=None), name="inject_played_or_skipped"),
            models.CheckConstraint(condition=Q(at__gte=timedelta()), name="inject_not_before_the_start"),
        )
        indexes = (
            models.Index(F("exercise"), F("at"), name="inject_waiting", condition=Q(played_at=None, skipped_at=None)),
        )
