from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrefectureConfig(AppConfig):
    """The two-way link with the prefecture's crisis room."""

    name = "prefecture"
    verbose_name = _("Prefecture")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from access import registry
        from prefecture import checks, permissions, reactions  # noqa: F401  (they register themselves)
        from prefecture.services import alarms  # noqa: F401  (likewise)

        registry.register(permissions.CARRIED_BY, scopes=permissions.SCOPES)
