"""When a storm comes: what goes beyond somebody's cap is gathered, and told as one message (37 new since 14:02)."""

from datetime import timedelta

from django.db.models import Min
from django.db.models.functions import Now

from notifications.models import Contact, Delivery, Message, State, Urgency
from notifications.wording import LISTED, list_of, many

WINDOW = timedelta(minutes=10)
VITAL_CAP = 20  # messages in ten minutes, each by itself; further ones come together every minute
VITAL_PAUSE = timedelta(minutes=1)
KIND = "notifications.group"


def is_group(message: Message) -> bool:
    return message.kind == KIND


def cap_of(contact: Contact, *, vital: bool) -> int:
    """How many messages in ten minutes somebody gets one by one."""
    return max(contact.cap, VITAL_CAP) if vital else contact.cap


def put_together(message: Message, *, vital: bool) -> None:
    """Make a message part of its person's next group. Whoever calls holds that person's claims."""
    from notifications.services.telling import open_group

    group = _open(message, vital=vital) or open_group(message, KIND, after=VITAL_PAUSE if vital else WINDOW)
    Message.objects.filter(id=message.id).update(group=group)
    if message.wants_ack and not group.wants_ack:
        Message.objects.filter(id=group.id).update(wants_ack=True, code=message.code)
    outside = message.deliveries.filter(state__in=(State.QUEUED, State.PLANNED))
    outside.update(state=State.SPARED, why="grouped", ended_at=Now())


def _open(message: Message, *, vital: bool) -> Message | None:
    """The group that is being gathered for this person: none of its rows has been tried yet. One that somebody answers
    at this very moment is left alone."""
    groups = Message.objects.filter(person=message.person_id, key__startswith=f"{KIND}:", state=State.QUEUED)
    groups = groups.filter(urgency=Urgency.VITAL) if vital else groups.exclude(urgency=Urgency.VITAL)
    tried = Delivery.objects.filter(first_try_at__isnull=False).values("message")
    return groups.exclude(id__in=tried).order_by("-told_at").select_for_update(skip_locked=True).first()


def fill_group(group: Message) -> bool:
    """Write what a group says, as it leaves: how many are still to be told. False when none is."""
    if group.deliveries.filter(first_try_at__isnull=False).exists():
        return True  # its words stay as they were at the first attempt
    members = Message.objects.filter(group=group, read_at=None, acknowledged_at=None)
    count, since = members.count(), members.aggregate(since=Min("told_at"))["since"]
    if not count or since is None:
        return False
    subjects = list(members.order_by("told_at").values_list("subject", flat=True)[:LISTED])
    language = group.person.language
    group.subject, group.body = many(count, since, language), list_of(subjects, count, language)
    group.save(update_fields=["subject", "body"])
    return True
