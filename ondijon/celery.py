"""Workers and beat. Tasks are nudges: what is due stands in the database, so a lost task costs one tick."""

import os
import time
from datetime import timedelta

from celery import Celery
from celery.signals import setup_logging, worker_process_init
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ondijon.settings")
app = Celery("ondijon")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.set_default()

PULSE_KEY = "celery-pulse"


@setup_logging.connect
def keep_our_logs(**kwargs: object) -> None:
    """Celery would replace the handlers that settings.LOGGING made."""


@app.task(name="ondijon.pulse")
def pulse() -> None:
    """Say that beat and a worker are alive, for /health/ready."""
    from django.core.cache import cache

    from notifications import sources

    cache.set(PULSE_KEY, time.time(), timeout=120)
    sources.hear("beat", label="beat", silent_after=timedelta(minutes=1))


@app.task(name="ondijon.clear_sessions")
def clear_sessions() -> None:
    """Forget sessions that ended by themselves."""
    from importlib import import_module

    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@worker_process_init.connect
def start_sweeping(**kwargs: object) -> None:
    """Each worker process looks for due timers by itself, so that neither beat nor the broker is needed for them."""
    from notifications import sweeping

    sweeping.start("timers", sweeping.sweep_timers)
