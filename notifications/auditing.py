"""Does the house keep its promises? Looks at the database alone; neither Celery nor Redis is needed to find out.

A room adds a promise of its own in its `ready`, a query that says how many things are late and since when:

    @auditing.on("webhooks")
    def stuck() -> Iterable[Finding]: ...
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
from django.conf import settings
from django.db.models import Count, F, Min, Q
from django.db.models.functions import Now

from journal.models import Entry
from journal.selectors import head
from journal.services import writing
from journal.statements import prepared
from notifications import events, timers
from notifications.models import Alarm, Delivery, Source, State, Timer

LATE_TIMER, LATE_MESSAGE, LATE_ENTRY = timedelta(seconds=15), timedelta(seconds=60), timedelta(seconds=15)
OWN = "auditor"  # the source that it is itself
SILENT_AFTER = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something late or silent: how many, since when the oldest, and `of` which where a check looks at several."""

    count: int
    oldest: datetime
    of: str = ""


Check = Callable[[], Iterable[Finding]]
_CHECKS: dict[str, Check] = {}


def on(key: str) -> Callable[[Check], Check]:
    """Register a check under the key that its alarms get."""

    def register(check: Check) -> Check:
        if _CHECKS.setdefault(key, check) is not check:
            raise TypeError(f"two checks called {key}")
        return check

    return register


def audit() -> int:
    """Look at everything; raise what is new, clear what is over. Returns how many alarms stand."""
    found = {(key, one.of): one for key, check in _CHECKS.items() for one in check()}
    with writing(None) as record:
        prepared("select pg_advisory_xact_lock(%s)", [0x0D12])  # two auditors raise no alarm twice
        standing = {(alarm.key, alarm.of): alarm for alarm in Alarm.objects.filter(cleared_at=None)}
        for name in found.keys() - standing.keys():
            one = found[name]
            alarm = Alarm.objects.create(key=name[0], of=name[1], count=one.count, oldest=one.oldest)
            raised = events.AlarmRaised(alarm=alarm.id, key=alarm.key, of=alarm.of, count=one.count, oldest=one.oldest)
            record(raised, audiences=alarm.audiences)
        for name, alarm in standing.items():
            if name in found:
                Alarm.objects.filter(id=alarm.id).update(count=found[name].count, oldest=found[name].oldest)
            else:
                Alarm.objects.filter(id=alarm.id).update(cleared_at=Now())
                cleared = events.AlarmCleared(alarm=alarm.id, key=alarm.key, of=alarm.of)
                record(cleared, audiences=alarm.audiences)
    return len(found)


def _several(found: dict[str, Any]) -> list[Finding]:
    return [Finding(found["count"], found["oldest"])] if found["count"] else []


@on("timers")
def late_timers() -> list[Finding]:
    """Due, and nobody has carried it out."""
    late = Timer.objects.filter(timers.WAITING, due_at__lt=Now() - LATE_TIMER)
    return _several(late.aggregate(count=Count("id"), oldest=Min("due_at")))


@on("outbox")
def stuck_messages() -> list[Finding]:
    """To be sent, and nobody has tried."""
    free = Q(lease_until=None) | Q(lease_until__lt=Now())
    late = Delivery.objects.filter(free, state=State.QUEUED, due_at__lt=Now() - LATE_MESSAGE)
    return _several(late.aggregate(count=Count("id"), oldest=Min("due_at")))


@on("live")
def live_lag() -> list[Finding]:
    """Written down, and the live server has not read it. Nothing to say while it has no screens, or is not ours."""
    if not settings.LIVE_STATUS_URL:
        return []
    position = _live_position(settings.LIVE_STATUS_URL)
    if position is None:
        return []
    late = Entry.objects.filter(seq__gt=position, seq__lte=head().seq, at__lt=Now() - LATE_ENTRY)
    return _several(late.aggregate(count=Count("seq"), oldest=Min("at")))


def _live_position(url: str) -> int | None:
    """How far it has read; 0 when it does not answer at all: then nothing reaches a screen."""
    try:
        answer = httpx.get(f"{url.rstrip('/')}/metrics", timeout=2, trust_env=False)
    except httpx.HTTPError:
        return max(head().seq - 1, 0)
    lines = [line.split() for line in answer.text.splitlines()]
    return next((int(float(line[1])) for line in lines if line and line[0] == "live_position"), None)


@on("source")
def silent_sources() -> list[Finding]:
    """Heard from before, and for too long not."""
    silent = Source.objects.exclude(key=OWN).filter(heard_at__lt=Now() - F("silent_after"))
    return [Finding(1, one.heard_at, of=one.label) for one in silent]
