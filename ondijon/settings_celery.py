"""Settings of the broker, the workers and what beat does when."""

from typing import Any

import environ
from celery.schedules import crontab

from ondijon.settings_exercise import WORLD
from ondijon.settings_prefecture import PREFECTURE_BEAT

env = environ.Env()

# Redis carries hints only. Its loss slows screens down to polling and takes the shared throttle counters away.
REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
HINT_PREFIX = env.str("HINT_PREFIX", default=f"{WORLD}.")

# Celery: no result is kept, a task is acknowledged as it begins, and one that cannot be queued is simply not queued: what is
# due is in the database, and beat comes back every second. So Redis need not keep what is not acknowledged yet; if it did, a
# message in hand would end its worker when Redis goes away (kombu 5.7: restoring over a closed connection raises AttributeError).
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 0.5,
    "socket_timeout": 10,
    "max_retries": 0,  # of a sender; workers come back for ever
    "connect_retries_timeout": 0.5,
    "ack_emulation": False,
    "global_keyprefix": HINT_PREFIX,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Europe/Paris"
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "pulse": {
        "task": "ondijon.pulse",
        "schedule": env.float("CELERY_PULSE_SECONDS", default=10.0),
        "options": {"expires": 60},
    },
    "timers": {"task": "notifications.sweep_timers", "schedule": 1.0, "options": {"expires": 5}},
    "old-timers": {"task": "notifications.forget_old_timers", "schedule": crontab(hour="4", minute="15")},
    "outbox": {"task": "notifications.sweep_outbox", "schedule": 1.0, "options": {"expires": 5}},
    "on-call-gaps": {"task": "notifications.warn_of_gaps", "schedule": crontab(hour="8", minute="30")},
    "webhooks": {"task": "interventions.relay_webhooks", "schedule": 1.0, "options": {"expires": 5}},
    "old-deliveries": {"task": "interventions.forget_old_deliveries", "schedule": crontab(hour="4", minute="25")},
    "plans": {"task": "interventions.work_out_plans", "schedule": 1.0, "options": {"expires": 5}},
    "shifts": {"task": "interventions.extend_shifts", "schedule": crontab(minute="*/15")},
    "planned-work": {"task": "interventions.make_planned_work", "schedule": crontab(minute="7,37")},
    "old-receipts": {"task": "journal.forget_old_receipts", "schedule": crontab(hour="4", minute="10")},
    "old-reporters": {"task": "incidents.forget_old_reporters", "schedule": crontab(hour="4", minute="20")},
    "old-positions": {"task": "interventions.forget_old_positions", "schedule": crontab(hour="4", minute="15")},
    "crisis-records": {"task": "crisis.guard_records", "schedule": 30.0, "options": {"expires": 25}},
    "crisis-stamps": {"task": "crisis.stamp_waiting", "schedule": 10.0, "options": {"expires": 9}},
    "old-crises": {"task": "crisis.forget_old", "schedule": crontab(hour="4", minute="35")},
    "lost-files": {"task": "incidents.sweep_files", "schedule": crontab(hour="4", minute="50")},
    "old-sessions": {"task": "ondijon.clear_sessions", "schedule": crontab(hour="4", minute="30")},
    "old-tokens": {"task": "access.forget_old_tokens", "schedule": crontab(hour="4", minute="40")},
    **PREFECTURE_BEAT,
}
