from django.apps import AppConfig


class CrisisConfig(AppConfig):
    """Crisis cells: log, decisions, action cards, situation reports."""

    name = "crisis"
    default_auto_field = "django.db.models.BigAutoField"
