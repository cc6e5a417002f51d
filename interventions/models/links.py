import uuid
from collections.abc import Sequence

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from access.models import Organisation


class Webhook(models.Model):
    """Where an organisation's own work-order system is told what happens to its interventions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="webhooks")
    url = models.URLField(max_length=300)
    secret = models.CharField(max_length=80, editable=False, help_text=_("signs every message; shown once"))
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())
    stopped_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("created_at",)
        default_permissions = ()

    @property
    def audiences(self) -> Sequence[str]:
        """The administration has its dead letters on `/admin/`."""
        return ("post", "administration", f"organisation:{self.organisation_id}")


class Delivery(models.Model):
    """One message to one webhook: an outbox row, written by the transaction that it tells of."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False, help_text=_("the message's own id"))
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries", db_index=False)
    kind = models.CharField(max_length=60)
    about = models.UUIDField()
    body = models.TextField(help_text=_("JSON, as it is signed"))
    made_at = models.DateTimeField(db_default=Now())
    next_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True, help_text=_("given up: somebody has to look"))
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("made_at",)
        default_permissions = ()
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        constraints = (
            models.CheckConstraint(condition=Q(delivered_at=None) | Q(dead_at=None), name="delivery_came_or_died"),
        )
        indexes = (
            models.Index("next_at", name="delivery_waiting", condition=Q(delivered_at=None, dead_at=None)),
            models.Index("webhook", "made_at", name="delivery_of_webhook"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
