import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.models import Person


class FieldConsent(models.Model):
    """Somebody's word that their phone may say where it is while they are on shift; taken back at any time.

    A new word is a new row, so that it can always be told when positions were shared by consent.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, help_text=_("empty: it stands"))

    class Meta:
        default_permissions = ()
        ordering = ("-given_at",)
        constraints = (
            models.UniqueConstraint("person", name="one_consent_at_a_time", condition=Q(withdrawn_at=None)),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("given_at")), name="consent_ends_after_it_begins"
            ),
        )
