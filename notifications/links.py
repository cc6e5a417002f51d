"""One-time links: whoever holds one may answer that one message as its person, for a day, after seeing what it does."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db.models.functions import Now

from notifications.models import Message

GOOD_FOR = timedelta(hours=24)
_PURPOSE = b"notifications.links"


def token_of(message_id: UUID) -> str:
    """43 characters for an address; nothing is kept, so that it is the same in every attempt."""
    return urlsafe_b64encode(message_id.bytes + _mac(message_id, settings.SECRET_KEY)).decode().rstrip("=")


def message_of(token: str) -> Message | None:
    """The message that a token of ours names, while it is good."""
    try:
        raw = urlsafe_b64decode(token.encode("ascii") + b"=")
        message_id = UUID(bytes=raw[:16])
    except (ValueError, UnicodeEncodeError):
        return None
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if not any(hmac.compare_digest(raw[16:], _mac(message_id, key)) for key in keys):
        return None
    good = Message.objects.filter(id=message_id, told_at__gt=Now() - GOOD_FOR, person__is_active=True)
    return good.select_related("person").first()


def address(path: str) -> str:
    """An address of ours as people outside type it; empty where no origin is set."""
    origin = settings.PUBLIC_ORIGINS[0].rstrip("/") if settings.PUBLIC_ORIGINS else ""
    return f"{origin}{path}" if origin and path else ""


def _mac(message_id: UUID, key: str) -> bytes:
    return hmac.new(sha256(_PURPOSE + key.encode()).digest(), message_id.bytes, sha256).digest()[:16]
