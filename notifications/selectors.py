"""Reads: one's own messages, and nobody else's."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from access.models import Person
from notifications.models import Message
from notifications.services.grouping import KIND as GROUP


def own_messages(person: Person, *, before: tuple[datetime, UUID] | None = None) -> QuerySet[Message]:
    """What somebody was told, newest first; a group's members stand for it. `before`: time and id of the last one seen."""
    found = Message.objects.filter(person=person).exclude(key__startswith=f"{GROUP}:").order_by("-told_at", "-id")
    if before is not None:
        found = found.filter(Q(told_at__lt=before[0]) | Q(told_at=before[0], id__lt=before[1]))
    return found


def unread(person: Person) -> int:
    return own_messages(person).filter(read_at=None).count()
