import signal
import sys
from threading import Event
from typing import Any

import httpx
import structlog
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection

from notifications import auditing, sources

log = structlog.get_logger(__name__)
EVERY_SECONDS = 5.0


class Command(BaseCommand):
    help = (
        "Look every five seconds whether timers, messages, the live stream and sources are in time; raise an alarm on the "
        "desks when not, and call HEARTBEAT_URL. Needs PostgreSQL alone."
    )
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        over = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_ignored: over.set())
        while not over.is_set():
            self.turn()
            over.wait(EVERY_SECONDS)
        sys.exit(0)

    def turn(self) -> None:
        """Look once. The heartbeat is sent only after a look that could see."""
        try:
            connection.close_if_unusable_or_obsolete()
            sources.hear(auditing.OWN, label=auditing.OWN, silent_after=auditing.SILENT_AFTER)
            standing = auditing.audit()
        except DatabaseError as error:
            log.warning("the auditor cannot see the database", error=str(error))
            connection.close()
            return
        beat(standing)


def beat(standing: int) -> None:
    """Tell the dead-man's switch outside that the auditor works, and how many alarms stand. Failing costs nothing."""
    if not settings.HEARTBEAT_URL:
        return
    try:
        httpx.post(settings.HEARTBEAT_URL, json={"alarms": standing}, timeout=5, follow_redirects=False)
    except httpx.HTTPError as error:
        log.warning("the heartbeat was not taken", error=str(error))
