from django.apps import AppConfig


class ExerciseConfig(AppConfig):
    """Exercises of the crisis room."""

    name = "crisis.exercise"
    label = "exercise"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from access import registry
        from crisis.exercise import permissions, reactions  # noqa: F401  (reactions listens)
        from crisis.exercise.selectors import audiences_of
        from live import presence

        registry.register(permissions.CARRIED_BY, scopes={})
        presence.register(audiences_of)
