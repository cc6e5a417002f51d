from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CrisisConfig(AppConfig):
    """Crisis cells: log, decisions, action cards, situation reports."""

    name = "crisis"
    verbose_name = _("Crisis cells")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from access import registry
        from crisis import checks, permissions, reactions, services  # noqa: F401  they register themselves
        from crisis.selectors import audiences_of
        from live import presence

        registry.register(permissions.CARRIED_BY, scopes=permissions.SCOPES)
        presence.register(audiences_of)
