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


@register(Tags.security, deploy=True)
def hosts_are_named(app_configs: Any, **kwargs: Any) -> list[Error]:
    """With any Host taken, a forged one would end up in links and redirects."""
    if "*" in settings.ALLOWED_HOSTS:
        hint = "Name the hosts people type, e.g. poste.example.fr."
        return [Error("ALLOWED_HOSTS takes any host.", hint=hint, id="ondijon.E004")]
    return []


@register(Tags.security, deploy=True)
def sockets_are_encrypted(app_configs: Any, **kwargs: Any) -> list[Error]:
    """A socket carries the session and all that happens."""
    if settings.LIVE_URL and not settings.LIVE_URL.startswith("wss://"):
        hint = "Set LIVE_URL to a wss:// address, or leave it empty for the pages' own origin."
        return [Error("LIVE_URL is not wss.", hint=hint, id="ondijon.E005")]
    return []
