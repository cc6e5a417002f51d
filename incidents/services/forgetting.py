"""Reporters are forgotten when their incident has been over for long enough (`REPORTER_RETENTION_DAYS`)."""

from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now

from incidents.models import Report
from incidents.services.reporting import forget
from incidents.workflow import Status
from journal.services import writing

BATCH = 200
OVER = (Status.CLOSED, Status.CANCELLED)


def forget_old_reporters() -> int:
    """Erase the reporters of incidents that ended long ago, in short transactions; returns how many reports."""
    forgotten = 0
    while True:
        with writing(None) as record:
            batch = _due()
            for report in batch:
                forget(report, record)
        forgotten += len(batch)
        if len(batch) < BATCH:
            return forgotten


def _due() -> list[Report]:
    edge = Now() - timedelta(days=settings.REPORTER_RETENTION_DAYS)
    due = Report.objects.filter(erased_at=None, incident__status__in=OVER, incident__closed_at__lt=edge)
    # Its incident is locked by nobody else's work (it is over); a second worker simply takes other reports.
    locked = due.select_for_update(of=("self",), skip_locked=True)
    return list(locked.select_related("incident__organisation", "incident__assignee").order_by("id")[:BATCH])
