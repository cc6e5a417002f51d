"""The territory room: communes, places, distances (floor 2)."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TerritoryConfig(AppConfig):
    """Django application of the room."""

    name = "territory"
    verbose_name = _("Territory")
    default_auto_field = "django.db.models.BigAutoField"
