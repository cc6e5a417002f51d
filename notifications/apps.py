from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Reaching people: outbox, channels, on-call."""

    name = "notifications"
    verbose_name = _("Reaching people")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from access import registry
        from notifications import permissions
        from notifications.services import contacts, drilling, swaps  # noqa: F401  (they register what answers do)

        registry.register(permissions.CARRIED_BY, scopes=permissions.SCOPES)
