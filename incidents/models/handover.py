import uuid
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import IsNull

from access.models import Person


class Handover(models.Model):
    """One shift leaves the post to the next: what stood open (`picture`), the notes, and both names.

    It lists nothing restricted, so everybody of the post may read it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notes = models.TextField(blank=True, max_length=4000)
    picture: "models.JSONField[Any, Any]" = models.JSONField()
    left_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    left_at = models.DateTimeField()
    taken_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-left_at",)
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=Q(taken_by=None, taken_at=None) | Q(taken_by__isnull=False, taken_at__isnull=False),
                name="handover_taken_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(taken_by=F("left_by")), name="handover_between_two"),
            models.UniqueConstraint(IsNull(F("taken_at"), True), condition=Q(taken_at=None), name="handover_one_waits"),
        )
        indexes = (models.Index(F("left_at").desc(), name="handover_order"),)

    @property
    def audiences(self) -> Sequence[str]:
        return ("post",)
