"""Alarms of the house itself, for the desks."""

from datetime import datetime

import msgspec
from django.db.models import F
from django.db.models.functions import Now

from access.api.base import Call, View, endpoint
from access.api.serializers import NoQuery
from journal.api.answers import answer
from journal.idempotency import Answer
from notifications import auditing
from notifications.models import Alarm, Source
from notifications.permissions import Permission


class AlarmShape(msgspec.Struct, frozen=True):
    """`key`: timers, outbox, live, source …; `of`: which, where there are several; `oldest`: late since."""

    alarm: int
    key: str
    of: str
    count: int
    oldest: datetime
    raised_at: datetime


class AlarmsShape(msgspec.Struct, frozen=True):
    """What stands now. `watched` is false when the auditor itself has not been heard from, and nobody looks."""

    results: list[AlarmShape]
    watched: bool


class AlarmsView(View):
    @endpoint("What is late or silent in the house itself", right=Permission.SEE_ALARMS, answer=AlarmsShape)
    def get(self, call: Call) -> Answer:
        call.query(NoQuery)
        standing = [
            AlarmShape(one.id, one.key, one.of, one.count, one.oldest, one.raised_at)
            for one in Alarm.objects.filter(cleared_at=None)
        ]
        watching = Source.objects.filter(key=auditing.OWN, heard_at__gt=Now() - F("silent_after"))
        return answer(AlarmsShape(standing, watching.exists()))
