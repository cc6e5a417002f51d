"""What `manage.py up` refuses to start with, beyond Django's own deployment checks."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security, deploy=True)
def a_real_post_has_no_demo(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Demo people log in with one click, so they and a real post exclude each other."""
    if settings.DEMO:
        return [Error("DEMO is set.", hint="Unset DEMO, or use `manage.py demo`.", id="ondijon.E001")]
    return []


@register(Tags.security, deploy=True)
def origins_are_known_and_encrypted(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Sockets and forms are accepted from PUBLIC_ORIGIN only, and people's passwords travel to it."""
    hint = "Set PUBLIC_ORIGIN to what people type, e.g. https://poste.example.fr (several: separated by commas)."
    if not settings.PUBLIC_ORIGINS:
        return [Error("PUBLIC_ORIGIN is not set.", hint=hint, id="ondijon.E002")]
    plain = [origin for origin in settings.PUBLIC_ORIGINS if not origin.startswith("https://")]
    if plain:
        return [Error(f"PUBLIC_ORIGIN is not https: {', '.join(plain)}", hint=hint, id="ondijon.E003")]
    return []
