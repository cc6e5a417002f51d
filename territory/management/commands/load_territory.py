"""`manage.py load_territory`: bring the communes and known places of this release into the database."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.utils.translation import gettext as _

from territory.loading import load_territory
from territory.models import Commune, Place


class Command(BaseCommand):
    """Insert or refresh communes and known places; safe to repeat."""

    help = "Insert or refresh the communes and known places of this release; safe to repeat"

    def handle(self, *args: Any, **options: Any) -> None:
        """Load in one transaction and say how much there is."""
        with transaction.atomic():
            load_territory(connection)
        self.stderr.write(
            _("%(communes)d communes, %(places)d places")
            % {"communes": Commune.objects.count(), "places": Place.objects.exclude(kind=Place.Kind.ADDRESS).count()}
        )
