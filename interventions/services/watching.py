"""Lone workers: a sign of life within so many minutes, or the coordinator is told with a P1."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from access.machines import house
from incidents import services as incidents
from incidents.services.handling import clock
from interventions import events
from interventions.models import Intervention
from interventions.rows import RELATED, row_of
from interventions.workflow import UNDER_WAY
from journal.services import writing
from notifications import timers
from notifications.models import Timer

KIND = "interventions.check_in"
CATEGORY = "public_safety.person_in_danger"
GRACE = timedelta(minutes=1)  # a phone that is back still has later signs to send


def key_of(one: Intervention) -> str:
    return f"check-in:{one.id}"


def expect_sign(one: Intervention, since: datetime, now: datetime) -> None:
    """The next sign of life is due so many minutes after the last one, `since`, in the field's time: a sign that was
    heard late says nothing of what came after it. Nothing for a crew of several."""
    if not one.lone:
        one.check_in_due = None
        return
    one.check_in_due = max(since + timedelta(minutes=one.check_in_minutes), now + GRACE)
    timers.start(kind=KIND, key=key_of(one), due_at=one.check_in_due, about=one.id)


def stop_watching(one: Intervention) -> None:
    if one.check_in_due is not None:
        one.check_in_due = None
        timers.cancel(key=key_of(one))


@timers.on(KIND)
def silent(timer: Timer) -> None:
    """No sign came: one P1 where the work is, and the board says whose silence it is."""
    locked = Intervention.objects.select_for_update(of=("self",)).select_related(*RELATED, "category")
    one = locked.filter(id=timer.about or UUID(int=0), status__in=UNDER_WAY, check_in_due__lte=clock()).first()
    if one is None or one.crew is None:  # it has come meanwhile, or the work is over
        return
    who = house()
    with writing(who) as record, override("fr"):
        title = _("Lone worker silent: %(crew)s, %(mission)s") % {"crew": one.crew, "mission": one.reference}
        draft = incidents.Draft(
            category=CATEGORY, lat=one.lat, lon=one.lon, address=one.address, title=title[:160], priority="P1",
            source="sensor",
        )  # fmt: skip
        made = incidents.declare(by=who, draft=draft)
        one.check_in_due = None
        one.version += 1
        one.save(update_fields=["check_in_due", "version"])
        record(events.WentSilent(row=row_of(one), incident=made.id), about=one)
