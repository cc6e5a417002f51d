from django.apps import AppConfig


class PrefectureConfig(AppConfig):
    """The two-way link with the prefecture's crisis room."""

    name = "prefecture"
    default_auto_field = "django.db.models.BigAutoField"
