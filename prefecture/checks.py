"""What `manage.py up` refuses of the link's configuration."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register

from prefecture import config

HALF = "Set PREFECTURE_KEY, PREFECTURE_PEER_KEYS, PREFECTURE_CLIENT_ID and PREFECTURE_CLIENT_SECRET (docs/prefecture-link.md)."


@register(Tags.security, deploy=True)
def the_link_is_safe(app_configs: Any, **kwargs: Any) -> list[Error]:
    """A link that is set up is set up whole, over https, with keys that are keys."""
    if not settings.PREFECTURE_URL:
        return []
    found = []
    addresses = [settings.PREFECTURE_URL, settings.PREFECTURE_TOKEN_URL or settings.PREFECTURE_URL]
    if not all(address.startswith("https://") for address in addresses):
        found.append(Error("The prefecture link is not https.", hint="Use https addresses.", id="prefecture.E001"))
    needed = ("PREFECTURE_KEY", "PREFECTURE_PEER_KEYS", "PREFECTURE_CLIENT_ID", "PREFECTURE_CLIENT_SECRET")
    if not all(getattr(settings, name) for name in needed):
        found.append(Error("The prefecture link is set up by half.", hint=HALF, id="prefecture.E002"))
    try:
        config.signer(), config.checker()
    except ValueError as error:
        found.append(Error(f"A key of the prefecture link is no key: {error}", hint=HALF, id="prefecture.E003"))
    return found
