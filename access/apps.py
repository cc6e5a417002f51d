from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    """People, organisations, duties: who may see and do what."""

    name = "access"
    verbose_name = _("People and rights")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from access import factors, permissions, registry  # noqa: F401  (factors listens)

        registry.register(permissions.CARRIED_BY, scopes=permissions.SCOPES)
