"""What the live server answers over plain HTTP: that it lives, and its figures to this machine alone."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from live.metrics import exposition

Message = MutableMapping[str, Any]
LOOPBACK = ("127.0.0.1", "::1")


async def status(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """`/health/live` for everybody; `/metrics` for loopback without a proxy before it; 404 for the rest."""
    code, kind, body = _answer(scope)
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": code, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _answer(scope: Message) -> tuple[int, bytes, bytes]:
    if scope["path"] == "/health/live":
        return 200, b"application/json", b'{"live": true}'
    proxied = any(name in (b"x-forwarded-for", b"forwarded") for name, _value in scope["headers"])
    if scope["path"] == "/metrics" and not proxied and (scope.get("client") or ("",))[0] in LOOPBACK:
        return 200, b"text/plain; version=0.0.4; charset=utf-8", exposition()
    return 404, b"text/plain", b"Not found"
