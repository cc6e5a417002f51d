from collections.abc import Sequence

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Source(models.Model):
    """Something that is heard from regularly; heard from for too long not, the auditor raises an alarm."""

    key = models.SlugField(_("key"), primary_key=True)
    label = models.CharField(_("name"), max_length=120)
    silent_after = models.DurationField(_("silent after"))
    heard_at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()
        ordering = ("key",)


class Alarm(models.Model):
    """Something of the house itself that is late or silent, from when until when; open alarms stand on every desk.

    `key` says what (see `notifications.auditing`), `of` which one where there are several, `count` how many were late
    when it was last looked at and `oldest` since when the first of them.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.SlugField()
    of = models.CharField(max_length=120, blank=True)
    count = models.PositiveIntegerField()
    oldest = models.DateTimeField()
    raised_at = models.DateTimeField(db_default=Now())
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ("raised_at",)
        constraints = (models.UniqueConstraint("key", "of", condition=Q(cleared_at=None), name="alarm_open_once"),)
        indexes = (models.Index(F("raised_at").desc(), name="alarm_order"),)

    @property
    def audiences(self) -> Sequence[str]:
        return ("post", "administration", "audit")
