"""Somebody's own shifts as a calendar that their telephone can follow (iCalendar, RFC 5545)."""

from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Calendar, Event

from access.models import Person
from notifications.models import CalendarFeed
from notifications.on_call import clock
from notifications.picture import shifts_of
from notifications.shifts import Span

BEHIND, AHEAD = timedelta(days=30), timedelta(days=120)


def owner_of(token: str) -> Person | None:
    """Whose calendar a secret opens."""
    found = CalendarFeed.objects.filter(digest=sha256(token.encode()).hexdigest(), person__is_active=True)
    feed = found.select_related("person").first()
    return feed.person if feed else None


def calendar_of(person: Person) -> bytes:
    """Their shifts from a month ago until in four months, in UTC; a shift that stays keeps its UID."""
    now = clock()
    calendar = Calendar()
    with override(person.language):
        calendar.add("prodid", "-//OnDijon//on-call//FR")
        calendar.add("version", "2.0")
        calendar.add("x-wr-calname", _("On call (OnDijon)"))
        for rota, span in shifts_of(person, since=now - BEHIND, until=now + AHEAD):
            event = Event()
            event.add("uid", f"{rota.id}-{_steady(span, now - BEHIND):%Y%m%dT%H%M%SZ}@{_host()}")
            event.add("dtstamp", now)
            event.add("dtstart", span.start)
            event.add("dtend", span.end)
            event.add("summary", _("On call: %(rota)s") % {"rota": rota.name})
            calendar.add_component(event)
    found: bytes = calendar.to_ical()
    return found


def _steady(span: Span, since: datetime) -> datetime:
    """The edge of a shift that does not move from one reading to the next: the first one's beginning is cut off."""
    return span.end if span.start <= since else span.start


def _host() -> str:
    return settings.PUBLIC_ORIGINS[0].split("//")[-1].split(":")[0] if settings.PUBLIC_ORIGINS else "ondijon"
