from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The record: events, hash chain, verification."""

    name = "journal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from journal import checks  # noqa: F401  (registers the deployment checks)
