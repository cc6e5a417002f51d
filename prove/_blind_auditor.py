"""The auditor as it must not be, for the negative control of `prove deadman`: it asks Redis before it looks, and its heart
beats in a thread of its own, whatever becomes of the rest."""

from __future__ import annotations

import os
import time
from threading import Thread

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ondijon.settings")
django.setup()

import redis  # noqa: E402
from django.conf import settings  # noqa: E402

from notifications import auditing  # noqa: E402
from notifications.management.commands.auditor import EVERY_SECONDS, beat  # noqa: E402


def beating() -> None:
    while True:
        beat(0)
        time.sleep(EVERY_SECONDS)


if __name__ == "__main__":
    Thread(target=beating, daemon=True).start()
    while True:
        try:
            redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1).ping()
            auditing.audit()
        except redis.RedisError:
            pass
        time.sleep(EVERY_SECONDS)
