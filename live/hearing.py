"""Hints between processes through Redis. It may be gone at any time: then the hub's own clock has to do."""

import asyncio
import contextlib
from collections.abc import Callable

import redis.asyncio
import structlog
from django.conf import settings
from redis.exceptions import RedisError

from journal import hints
from live.latest import LATEST

log = structlog.get_logger(__name__)

PRESENCE = "presence"
CHANNELS = (hints.JOURNAL, hints.ACCESS, PRESENCE, LATEST)
RETRY_SECONDS = 1.0
PUBLISH_SECONDS = 0.5


class Ear:
    """Listens on the house's channels. `heard(channel, text)` is called for each message, and `("", "")` whenever
    something may have been missed."""

    def __init__(self, heard: Callable[[str, str], None]) -> None:
        self._heard = heard
        self._client: redis.asyncio.Redis | None = None

    async def listen(self) -> None:
        """Listen for ever, coming back whenever Redis does."""
        warned = False
        while settings.REDIS_URL:
            client = redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_keepalive=True)
            with contextlib.suppress(RedisError, OSError):
                async with client, client.pubsub(ignore_subscribe_messages=True) as channel:
                    await channel.subscribe(*(f"{settings.HINT_PREFIX}{name}" for name in CHANNELS))
                    self._client = client
                    self._heard("", "")
                    async for message in channel.listen():
                        name = message["channel"].decode().removeprefix(settings.HINT_PREFIX)
                        self._heard(name, message["data"].decode("utf-8", "replace"))
            if self._client is not None or not warned:
                log.warning("redis is away: following the journal by the clock")
            self._client, warned = None, True
            await asyncio.sleep(RETRY_SECONDS)

    async def say(self, text: str) -> None:
        """Tell the other live processes about presence; lost when Redis is away."""
        if self._client is not None:
            with contextlib.suppress(RedisError, OSError, TimeoutError):
                async with asyncio.timeout(PUBLISH_SECONDS):
                    await self._client.publish(f"{settings.HINT_PREFIX}{PRESENCE}", text)
