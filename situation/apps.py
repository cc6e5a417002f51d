from django.apps import AppConfig


class SituationConfig(AppConfig):
    """Read-only pictures made of all the other rooms: the desk."""

    name = "situation"
