"""Hints through Redis: "look at 1234", no content. Losing one costs at most a second, so none may ever block a writer."""

import time
from threading import Lock

import redis
from django.conf import settings

JOURNAL = "journal"
ACCESS = "access"
PAUSE_SECONDS = 1.0

_lock = Lock()
_clients: dict[str, redis.Redis] = {}
_silent_until = 0.0


def publish(channel: str, text: str) -> bool:
    """Send a hint; False when Redis did not take it. After a failure nothing is tried for a second."""
    global _silent_until
    if not settings.REDIS_URL or time.monotonic() < _silent_until:
        return False
    try:
        _client().publish(f"{settings.HINT_PREFIX}{channel}", text)
    except redis.RedisError:
        _silent_until = time.monotonic() + PAUSE_SECONDS
        return False
    return True


def _client() -> redis.Redis:
    with _lock:
        if settings.REDIS_URL not in _clients:
            _clients[settings.REDIS_URL] = redis.Redis.from_url(
                settings.REDIS_URL, socket_timeout=0.25, socket_connect_timeout=0.25
            )
        return _clients[settings.REDIS_URL]
