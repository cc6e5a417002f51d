"""What raises an alarm, and whom it reaches."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import override

from access.models import Person
from access.roles import Role
from journal.services import writing
from notifications import timers
from notifications.models import Timer, Urgency
from notifications.services import notify
from prefecture import events
from prefecture.models import Instruction, Message, State
from prefecture.rows import instruction_row, message_row

DOWN_FOR = timedelta(minutes=2)  # cut this long before people are called: a restart is not a cut
LOST = (State.DEAD, State.REFUSED, State.EXPIRED)
ROOM = (Role.CRISIS_DIRECTOR, Role.INTERVENTION_COORDINATOR)


@timers.on("prefecture.not_integrated")
def not_integrated(timer: Timer) -> None:
    _late(timer, "integrated_at", "not_integrated")


@timers.on("prefecture.not_read")
def not_read(timer: Timer) -> None:
    _late(timer, "read_at", "not_read")


def _late(timer: Timer, field: str, alarm: str) -> None:
    message = Message.objects.select_for_update().filter(id=timer.about or UUID(int=0)).first()
    if message is None or getattr(message, field) is not None or message.state in LOST:
        return
    message.alarm, message.version = alarm, message.version + 1
    message.save(update_fields=["alarm", "version"])
    with writing(None) as record:
        record(events.Alarmed(row=message_row(message), phone=settings.PREFECTURE_PHONE), about=message)
    with override("fr"):
        said = _("not taken up by the prefecture") if alarm == "not_integrated" else _("not read by the prefecture")
        tell(
            subject=f"{message.title} : {said}",
            body=call_them(),
            key=f"prefecture:{alarm}:{message.id}",
            about=message.id,
        )


@timers.on("prefecture.instruction_due")
def instruction_due(timer: Timer) -> None:
    one = Instruction.objects.select_for_update().filter(id=timer.about or UUID(int=0)).first()
    if one is None or one.status != Instruction.Status.OPEN or one.late:
        return
    one.late, one.version = True, one.version + 1
    one.save(update_fields=["late", "version"])
    with writing(None) as record:
        record(events.InstructionLate(row=instruction_row(one)), about=one)
    with override("fr"):
        subject = _("Instruction %(number)s of the prefecture is late") % {"number": one.number}
        tell(subject=subject, body=one.text[:500], key=f"prefecture:late:{one.id}", about=one.message_id)


def link_changed(*, down: bool, since: datetime) -> None:
    """Inside a write: people are told when it stays cut."""
    if down:
        timers.start(kind="prefecture.link_down", key="prefecture:link", after=DOWN_FOR, since=since.isoformat())
    else:
        timers.cancel(key="prefecture:link")


@timers.on("prefecture.link_down")
def link_down(timer: Timer) -> None:
    with override("fr"):
        subject = _("The link with the prefecture is cut")
        tell(subject=subject, body=call_them(), key=f"prefecture:link:{timer.data['since']}")


def call_them() -> str:
    phone = settings.PREFECTURE_PHONE
    return _("Call the prefecture's crisis room: %(phone)s.") % {"phone": phone} if phone else ""


def tell(*, subject: str, body: str, key: str, about: UUID | None = None) -> None:
    """Reach those who lead, by whatever channel they have."""
    people = _leaders()
    if people:
        notify(to=people, subject=subject, body=body, urgency=Urgency.URGENT, key=key, about=about, url="/prefecture/")


def _leaders() -> Sequence[Person]:

    now = Q(duties__valid_until=None) | Q(duties__valid_until__gt=Now())
    held = Person.objects.filter(now, duties__role__in=ROOM, duties__valid_from__lte=Now(), is_active=True)
    return list(held.filter(kind=Person.Kind.HUMAN).distinct())
