from django.apps import AppConfig


class OndijonConfig(AppConfig):
    """The house itself: composes the rooms, owns no model."""

    name = "ondijon"

    def ready(self) -> None:
        from ondijon import celery, checks  # noqa: F401  (the task application of this process; deployment checks)
