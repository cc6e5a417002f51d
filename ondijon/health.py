"""Is this web server alive, and is the post ready for people? Answers carry states, never addresses or errors."""

from __future__ import annotations

import time
from functools import cache as once
from typing import Any

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from journal.selectors import head
from ondijon.celery import PULSE_KEY

SILENT_SECONDS = 30


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """200 while this process answers at all."""
    return JsonResponse({"live": True})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, its structure is this code's, and the journal can be read; else 503.

    `redis` and `celery` are said for people who look; losing them degrades the post and does not close it.
    """
    state = database_state()
    yes = all(part == "ok" for part in state.values())
    broker = redis_state()
    state |= {"redis": broker, "celery": celery_state() if broker == "ok" else "unknown"}
    return JsonResponse({"ready": yes, **state}, status=200 if yes else 503)


def database_state() -> dict[str, str]:
    state = {"database": "down", "migrations": "unknown", "journal": "unknown"}
    try:
        state["migrations"] = "ok" if migrated() else "behind"
        state["database"] = "ok"
        if state["migrations"] == "ok":
            head()
            state["journal"] = "ok"
    except DatabaseError:
        return state
    return state


@once
def wanted_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations or ())


def migrated() -> bool:
    """Whether the database has seen every migration of this code (it may have seen newer ones)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT app, name FROM django_migrations")
        return wanted_migrations() <= set(cursor.fetchall())


@once
def _redis() -> Any:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.25)


def redis_state() -> str:
    try:
        _redis().ping()
    except redis.RedisError:
        return "down"
    return "ok"


def celery_state() -> str:
    """`silent` when no worker has carried out beat's pulse for half a minute."""
    pulse = cache.get(PULSE_KEY)
    return "ok" if pulse and time.time() - pulse < SILENT_SECONDS else "silent"


urlpatterns = [path("live", live, name="health-live"), path("ready", ready, name="health-ready")]
