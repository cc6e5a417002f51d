from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Timer(models.Model):
    """Something that must happen at a certain time. Written in the transaction that causes it; any worker claims it.

    `key` names it for whoever set it: setting the same key again moves the same timer. A fired timer stays as a row
    until it is old, so that lateness can be counted.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120, unique=True)
    about = models.UUIDField(null=True)
    data: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    due_at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)
    set_at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=Q(fired_at=None) | Q(cancelled_at=None), name="timer_fired_or_cancelled_not_both"
            ),
        )
        indexes = (
            models.Index("due_at", name="timer_waiting", condition=Q(fired_at=None, cancelled_at=None)),
            models.Index("about", name="timer_about", condition=Q(about__isnull=False)),
        )
