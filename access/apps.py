from django.apps import AppConfig


class AccessConfig(AppConfig):
    """People, organisations, duties: who may see and do what."""

    name = "access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from access import factors, permissions, registry  # noqa: F401  (factors listens)

        registry.register(permissions.CARRIED_BY, scopes=permissions.SCOPES)
