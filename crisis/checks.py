"""What `manage.py up` refuses of the crisis room's configuration, before an extract would show it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register

from crisis.services.signing import wrong_key


@register(Tags.security, deploy=True)
def extracts_can_be_signed(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Otherwise the first to notice would be whoever needs an extract, on the day they need it."""
    wrong = wrong_key(settings.EXTRACT_KEY)
    if not wrong:
        return []
    hint = (
        "Write 32 random bytes in base64 (openssl rand -base64 32), or leave it empty to draw the key from SECRET_KEY."
    )
    return [Error(wrong, hint=hint, id="crisis.E001")]
