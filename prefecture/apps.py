from django.apps import AppConfig


class PrefectureConfig(AppConfig):
    """The two-way link with the prefecture's crisis room."""

    name = "prefecture"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from access import registry
        from prefecture import checks, permissions, reactions  # noqa: F401  (they register themselves)
        from prefecture.services import alarms  # noqa: F401  (likewise)

        registry.register(permissions.CARRIED_BY, scopes=permissions.SCOPES)
