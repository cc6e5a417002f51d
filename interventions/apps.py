from django.apps import AppConfig


class InterventionsConfig(AppConfig):
    """Crews and dispatch."""

    name = "interventions"
    default_auto_field = "django.db.models.BigAutoField"
