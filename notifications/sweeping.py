"""Every worker process looks by itself for what is due: a thread each, neither beat nor Redis needed.

Beat's tick and a commit's nudge come through the broker and only make it sooner; with the broker or beat dead, what is
due is found all the same, at the second.
"""

from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread

import structlog
from django.db import close_old_connections, connection

from notifications import sources, timers

log = structlog.get_logger(__name__)
Work = Callable[[], float]
_started: dict[str, "Sweeper"] = {}
REST_SECONDS = 1.0  # after a fault


class Sweeper(Thread):
    """Does `work` for ever; what it returns is how many seconds it may rest. A fault costs a second, never the thread."""

    def __init__(self, name: str, work: Work) -> None:
        super().__init__(name=name, daemon=True)
        self.work, self.woken = work, Event()

    def run(self) -> None:
        while True:
            self.woken.wait(self.once())
            self.woken.clear()

    def once(self) -> float:
        close_old_connections()
        try:
            return self.work()
        except Exception:
            log.exception("sweeping failed", sweeper=self.name)
            connection.close()
            return REST_SECONDS


def sweep_timers() -> float:
    """Fire what is due; the seconds until more may be."""
    sources.hear("workers", label="Celery", silent_after=timedelta(seconds=30))
    return 0.0 if timers.sweep() >= timers.BATCH else timers.pause()


def start(name: str, work: Work) -> None:
    """Start a thread of this name in this process, once."""
    if name not in _started:
        _started[name] = Sweeper(name, work)
        _started[name].start()


def wake(name: str) -> None:
    """Have the thread of this name look now, if it runs in this process."""
    if name in _started:
        _started[name].woken.set()
