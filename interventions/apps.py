from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InterventionsConfig(AppConfig):
    """Crews and dispatch."""

    name = "interventions"
    verbose_name = _("Interventions")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from access import registry
        from incidents import handing
        from interventions import permissions, reactions, services  # noqa: F401 - reactions and timers register
        from interventions.handing import orders_in_force
        from interventions.selectors import audiences_of
        from live import presence

        registry.register(permissions.CARRIED_BY, scopes=permissions.SCOPES)
        presence.register(audiences_of)
        handing.register(orders_in_force)
