from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Reaching people: outbox, channels, on-call."""

    name = "notifications"
    default_auto_field = "django.db.models.BigAutoField"
