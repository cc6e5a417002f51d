from django.apps import AppConfig


class LiveConfig(AppConfig):
    """The journal's stream to open screens."""

    name = "live"
