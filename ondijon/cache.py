"""The cache that the throttles count in: shared through Redis, and each process's own memory while Redis is away."""

from __future__ import annotations

from typing import Any

from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis import RedisError


class ForgivingRedisCache(BaseCache):
    """Redis down must stop neither a login nor its throttle, so counting goes on locally until it is back."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        quick = {"socket_timeout": 0.5, "socket_connect_timeout": 0.25}
        self._redis = RedisCache(location, {**params, "OPTIONS": {**params.get("OPTIONS", {}), **quick}})
        self._local = LocMemCache("ondijon-while-redis-is-away", params)

    def _ask(self, verb: str, *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(self._redis, verb)(*args, **kwargs)
        except RedisError:
            return getattr(self._local, verb)(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._ask("add", *args, **kwargs))

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._ask("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._ask("touch", *args, **kwargs))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._ask("delete", *args, **kwargs))

    def incr(self, *args: Any, **kwargs: Any) -> int:
        return int(self._ask("incr", *args, **kwargs))

    def clear(self) -> None:
        self._ask("clear")
        self._local.clear()

    def close(self, **kwargs: Any) -> None:
        self._redis.close(**kwargs)
