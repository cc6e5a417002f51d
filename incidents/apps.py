from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Declare, qualify, assign, escalate, merge, close."""

    name = "incidents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from access import registry
        from incidents import permissions

        registry.register(permissions.CARRIED_BY, scopes=permissions.SCOPES)
