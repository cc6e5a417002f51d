"""How we and an SMS and voice gateway prove to each other who speaks: docs/gateway.md.

Header `X-Gateway-Time`: seconds since 1970; `X-Gateway-Signature`: `sha256=` and the HMAC-SHA256, in hex, of the time, a
full stop and the body, under the shared secret. Whoever receives refuses what is older than five minutes.
"""

import hmac
import time
from hashlib import sha256
from typing import Protocol

TIME, SIGNATURE = "X-Gateway-Time", "X-Gateway-Signature"
OLDEST_SECONDS = 300


class Headers(Protocol):
    """A request's headers, whatever server read them; names in any case."""

    def get(self, name: str, default: str, /) -> str: ...


def sign(secret: str, body: bytes, *, at: int | None = None) -> dict[str, str]:
    """The two headers for a body."""
    when = str(int(time.time()) if at is None else at)
    return {TIME: when, SIGNATURE: f"sha256={_mac(secret, when, body)}"}


def is_signed(secret: str, body: bytes, headers: Headers) -> bool:
    """Whether these headers sign this body, now. Never without a secret."""
    when, given = headers.get(TIME, ""), headers.get(SIGNATURE, "")
    if not secret or not when.isascii() or not when.isdigit() or len(when) > 12:
        return False
    fresh = abs(time.time() - int(when)) <= OLDEST_SECONDS
    return fresh and hmac.compare_digest(f"sha256={_mac(secret, when, body)}".encode(), given.encode())


def _mac(secret: str, when: str, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{when}.".encode() + body, sha256).hexdigest()
