"""Signatures of Standard Webhooks (specification 1.0.0, "Signature scheme"): symmetric, `v1`, HMAC-SHA256."""

import hmac
import secrets
from base64 import b64decode, b64encode
from hashlib import sha256

PREFIX = "whsec_"


def new_secret() -> str:
    """32 random bytes as the specification writes secrets."""
    return PREFIX + b64encode(secrets.token_bytes(32)).decode()


def headers(*, secret: str, id_: str, at: int, body: bytes) -> dict[str, str]:
    """The three headers that go with a message sent at `at` (seconds since 1970)."""
    return {"webhook-id": id_, "webhook-timestamp": str(at), "webhook-signature": signature(secret, id_, at, body)}


def signature(secret: str, id_: str, at: int, body: bytes) -> str:
    key = b64decode(secret.removeprefix(PREFIX))
    digest = hmac.new(key, f"{id_}.{at}.".encode() + body, sha256).digest()
    return f"v1,{b64encode(digest).decode()}"
