from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncidentsConfig(AppConfig):
    """Declare, qualify, assign, escalate, merge, close."""

    name = "incidents"
    verbose_name = _("Incidents")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from access import registry
        from incidents import permissions, reactions  # noqa: F401  (registers what follows from what)
        from incidents.presence import audiences_of
        from live import presence

        registry.register(permissions.CARRIED_BY, scopes=permissions.SCOPES)
        presence.register(audiences_of)
