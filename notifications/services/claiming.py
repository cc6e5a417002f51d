"""Taking rows of the outbox under a lease: what goes now, what waits for the end of quiet hours, what goes together.

Everything here is one short transaction; nothing is sent in it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, F, Q
from django.db.models.functions import Now

from access.models import Person
from notifications.channels.parcels import Browser, Parcel
from notifications.links import address, token_of
from notifications.models import Channel, Contact, Delivery, Message, PushSubscription, State, Urgency
from notifications.on_call import clock, is_on_call
from notifications.services.duties import Duties, leave_alone
from notifications.services.grouping import WINDOW, cap_of, fill_group, is_group, put_together
from notifications.shifts import PARIS, instant

LEASE = timedelta(seconds=20)
TOO_OLD = timedelta(hours=24)
MOST_BROWSERS = 3
_WEIGHING = 0x0D12
DUE = Q(state=State.QUEUED, due_at__lte=Now()) & (Q(lease_until=None) | Q(lease_until__lt=Now()))


def claim(limit: int) -> list[Parcel]:
    """Lease up to `limit` rows that are due, the most urgent first, and give what is to be sent. Rows that are not to go
    after all are settled on the way."""
    with transaction.atomic():
        due = Delivery.objects.filter(DUE).select_related("message__person__contact").order_by("rank", "due_at", "id")
        # Both are locked, so that whoever holds the message first (an answer, a receipt) never waits in a circle.
        rows = list(due.select_for_update(skip_locked=True, of=("self", "message"))[:limit])
        people = _alone_with({row.message.person_id for row in rows})
        rows = [row for row in rows if row.message.person_id in people]
        if not rows:
            return []
        now = clock()
        claimer = Claimer(now, _lately(people), Duties([row.message.person for row in rows], now))
        taken = [row for row in rows if claimer.takes(row)]
        Delivery.objects.filter(id__in=[row.id for row in taken]).update(
            lease_until=Now() + LEASE, attempts=F("attempts") + 1
        )
        Delivery.objects.filter(id__in=[row.id for row in taken], first_try_at=None).update(first_try_at=Now())
        return _parcels(taken)


def _alone_with(people: set[UUID]) -> set[UUID]:
    """Those whose messages no other worker is weighing just now; the others' rows wait for the next sweep."""
    if not people:
        return set()
    alone = "select person from unnest(%s::uuid[]) person where pg_try_advisory_xact_lock(%s, hashtext(person::text))"
    with connection.cursor() as cursor:
        cursor.execute(alone, [list(people), _WEIGHING])
        return {row[0] for row in cursor.fetchall()}


def _lately(people: set[UUID]) -> dict[tuple[UUID, bool], set[UUID]]:
    """The messages that left the house in the last ten minutes, by person and whether they were vital."""
    rows = Delivery.objects.filter(message__person__in=people, first_try_at__gt=Now() - WINDOW)
    rows = rows.filter(message__told_at__gt=Now() - WINDOW - TOO_OLD)
    found: dict[tuple[UUID, bool], set[UUID]] = {}
    for person, urgency, message in rows.values_list("message__person_id", "message__urgency", "message_id"):
        found.setdefault((person, urgency == Urgency.VITAL), set()).add(message)
    return found


class Claimer:
    """Weighs the rows of one claim, one after the other."""

    def __init__(self, now: datetime, lately: dict[tuple[UUID, bool], set[UUID]], duties: Duties) -> None:
        self.now = now
        self.lately = lately
        self.duties = duties

    def takes(self, row: Delivery) -> bool:
        """Whether this row goes now; if not, it has been settled or put off."""
        message = row.message
        if message.group_id is not None or _settled(message):
            return _spare(row)
        if self.now - message.told_at > TOO_OLD:
            return _give_up(row)
        if self._is_needless(message):
            return False
        until = self._quiet_until(row)
        if until is not None:
            Delivery.objects.filter(id=row.id).update(due_at=until, why="quiet_hours")
            return False
        if is_group(message):
            return fill_group(message) or _spare(row)
        return self._within_cap(message)

    def _is_needless(self, message: Message) -> bool:
        """Whether nobody is to be called with it any more; a group loses those of its messages of which that is true."""
        members = Message.objects.filter(group=message).select_related("person") if is_group(message) else ()
        whys = {one: self.duties.why_not(one) for one in (*members, message)}
        for one, why in whys.items():
            if why:
                leave_alone(one, why)
        return bool(whys[message])

    def _quiet_until(self, row: Delivery) -> datetime | None:
        """When this person's quiet hours end, if they hold now: not for the vital, nor for whoever is on call."""
        contact = contact_of(row.message.person)
        if row.message.urgency == Urgency.VITAL or contact.quiet_from is None or contact.quiet_until is None:
            return None
        until = quiet_until(contact, self.now)
        return until if until and not is_on_call(row.message.person, at=self.now) else None

    def _within_cap(self, message: Message) -> bool:
        vital = message.urgency == Urgency.VITAL
        lately = self.lately.setdefault((message.person_id, vital), set())
        if message.id in lately or len(lately) < cap_of(contact_of(message.person), vital=vital):
            lately.add(message.id)
            return True
        put_together(message, vital=vital)
        return False


def contact_of(person: Person) -> Contact:
    """Their wishes, or the usual ones."""
    found: Contact | None = getattr(person, "contact", None)
    return found or Contact(person=person)


def quiet_until(contact: Contact, now: datetime) -> datetime | None:
    """When the quiet hours that hold at `now` end; None when none hold. From 22:00 until 7:00 goes over midnight."""
    start, end = contact.quiet_from, contact.quiet_until
    if start is None or end is None or start == end:
        return None
    local = now.astimezone(PARIS)
    over_midnight = start > end
    inside = local.time() >= start or local.time() < end if over_midnight else start <= local.time() < end
    if not inside:
        return None
    tomorrow = over_midnight and local.time() >= start
    return instant(local.date() + timedelta(days=1) if tomorrow else local.date(), end)


def _settled(message: Message) -> bool:
    return message.acknowledged_at is not None if message.wants_ack else message.read_at is not None


def _spare(row: Delivery) -> bool:
    Delivery.objects.filter(id=row.id).update(state=State.SPARED, ended_at=Now())
    return False


def _give_up(row: Delivery) -> bool:
    from notifications.services.recording import fail

    fail(row, "too_late")
    return False


def _parcels(rows: Sequence[Delivery]) -> list[Parcel]:
    browsers: dict[UUID, list[Browser]] = {}
    if any(row.channel == Channel.PUSH for row in rows):
        people = [row.message.person_id for row in rows]
        for one in PushSubscription.objects.filter(person__in=people).order_by("-created_at"):
            browsers.setdefault(one.person_id, []).append(Browser(one.id, one.endpoint, one.public, one.auth))
    return [_parcel(row, tuple(browsers.get(row.message.person_id, ())[:MOST_BROWSERS])) for row in rows]


def _parcel(row: Delivery, browsers: tuple[Browser, ...]) -> Parcel:
    message, person = row.message, row.message.person
    link = f"/m/{token_of(message.id)}/" if message.wants_ack and row.channel != Channel.PUSH else message.url
    return Parcel(
        key=row.id, message=message.id, channel=row.channel, language=person.language, urgency=message.urgency,
        address=person.email if row.channel == Channel.EMAIL else contact_of(person).phone,
        subject=message.subject, body=message.body, link=address(link), code=message.code, browsers=browsers,
    )  # fmt: skip


def waiting() -> int:
    """How many rows are due: for those who watch the outbox."""
    return Delivery.objects.filter(DUE).aggregate(n=Count("id"))["n"] or 0
