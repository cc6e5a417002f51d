"""Reading the link, always narrowed to what the asker may see now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.db.models import BooleanField, Count, ExpressionWrapper, Max, Min, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from access.selectors import Access
from journal.errors import NotFound
from prefecture import config
from prefecture.models import Alert, Channel, Draft, Instruction, Link, LinkState, Message, State
from prefecture.permissions import Permission
from prefecture.rows import LinkRow, crisis_of, link_row
from prefecture.wire.envelope import GENERAL
from prefecture.wire.kinds import UNNUMBERED, Kind

PAGE = 60
STALE = timedelta(minutes=3)  # without a test for so long, nobody knows how the link is


def visible(access: Access) -> QuerySet[Message]:
    """Every message this person may see, acknowledgements and errors aside."""
    if not access.holds(Permission.VIEW):
        return Message.objects.none()
    said = Message.objects.exclude(kind__in=[str(kind) for kind in UNNUMBERED]).defer("raw", "signature", "answer")
    return said.filter(audiences__overlap=sorted(access.audiences))


def get(*, message_id: UUID, access: Access) -> Message:
    """One message with its bytes. Raises NotFound, also when it is out of sight."""
    found = visible(access).defer(None).filter(id=message_id).first()
    if found is None:
        raise NotFound
    return found


def page(
    *, access: Access, crisis: UUID | None = None, after: tuple[datetime, UUID] | None = None, limit: int = PAGE
) -> list[Message]:
    """Messages newest first, of one crisis if told (GENERAL: of none), from after a place: one query."""
    found = visible(access)
    if crisis is not None:
        found = found.filter(crisis=crisis)
    if after is not None:
        at, id_ = after
        found = found.filter(Q(created_at__lt=at) | Q(created_at=at, id__lt=id_))
    return list(found.order_by("-created_at", "-id")[:limit])


@dataclass(frozen=True, slots=True)
class Conversation:
    """One crisis as the two rooms talk of it. `crisis` None: what belongs to none."""

    crisis: UUID | None
    title: str
    messages: int
    last_at: datetime
    unread: int  # theirs that nobody here has read
    waiting: int  # ours that have not left, or were lost
    alarms: int


def conversations(access: Access) -> list[Conversation]:
    """Newest first: two queries."""
    said = visible(access)
    rows = said.order_by().values("crisis").annotate(
        messages=Count("id"),
        last_at=Max("created_at"),
        unread=Count("id", filter=Q(direction="in", state=State.ACCEPTED, read_at=None)),
        waiting=Count("id", filter=Q(state__in=[State.QUEUED, State.DEAD])),
        alarms=Count("id", filter=Q(alarm__in=["not_integrated", "not_read"])),
    )  # fmt: skip
    names = titles([row["crisis"] for row in rows])
    found = [_conversation(dict(row), names) for row in rows]
    return sorted(found, key=lambda one: one.last_at, reverse=True)


def _conversation(row: dict[str, Any], names: dict[UUID, str]) -> Conversation:
    crisis = crisis_of(row.pop("crisis"))
    return Conversation(crisis=crisis, title=name_of(crisis, names), **row)


def name_of(crisis: UUID | None, names: dict[UUID, str]) -> str:
    if crisis is None:
        return _("Outside any crisis")
    return names.get(crisis) or _("Crisis %(id)s") % {"id": str(crisis)[:8]}


def titles(crises: list[UUID]) -> dict[UUID, str]:
    """What each crisis is called, by the activation that was sent."""
    told = Message.objects.filter(crisis__in=crises, kind=Kind.CRISIS_ACTIVATION).exclude(crisis=GENERAL)
    rows = told.order_by("created_at").values_list("crisis", "title")
    return {crisis: title.partition(" : ")[2] or title for crisis, title in rows}


def instructions(access: Access, *, crisis: UUID | None = None) -> list[Instruction]:
    """Those to carry out, the most urgent first, and those of the last day."""
    if not access.holds(Permission.VIEW):
        return []
    seen = Instruction.objects.filter(audiences__overlap=sorted(access.audiences))
    if crisis is not None:
        seen = seen.filter(crisis=crisis)
    return list(seen.order_by("status", "due_at")[:PAGE])


def drafts(access: Access, *, crisis: UUID | None = None) -> list[Draft]:
    """Those that wait for somebody's approval, oldest first."""
    if not access.holds(Permission.DECIDE):
        return []
    seen = Draft.objects.filter(status=Draft.Status.WAITING, audiences__overlap=sorted(access.audiences))
    if crisis is not None:
        seen = seen.filter(crisis=crisis)
    return list(seen.select_related("criterion").order_by("made_at")[:PAGE])


def link() -> LinkRow:
    """How the link is, as far as that is known now: a test long past says nothing, whoever should have made the next one.
    Then it is unknown since that test. The database's clock decides."""
    stale = ExpressionWrapper(Q(tested_at__lt=Now() - STALE), output_field=BooleanField())
    found = Link.objects.annotate(is_stale=stale).filter(id=1).first()
    if found is None:
        return row_of_link(Link(state=LinkState.UNKNOWN, since=timezone.now()))
    row = row_of_link(found)
    if found.tested_at is None or not found.is_stale or row.state == LinkState.OFF:
        return row
    return msgspec.structs.replace(row, state=str(LinkState.UNKNOWN), since=found.tested_at)


def row_of_link(found: Link) -> LinkRow:
    queue = Message.objects.filter(state__in=[State.QUEUED, State.DEAD]).exclude(kind=Kind.ACK)
    waiting = queue.aggregate(n=Count("id"), since=Min("created_at"))
    if not config.is_set_up():
        found.state = LinkState.OFF
    us = config.us()
    return link_row(
        found, phone=settings.PREFECTURE_PHONE, peer=us.their_name, waiting=waiting["n"], waiting_since=waiting["since"]
    )


def alerts() -> list[Alert]:
    """Public alerts in force now."""
    return list(Alert.objects.filter(replaced_at=None, expires_at__gt=Now()).select_related("message")[:PAGE])


def ledger() -> list[dict[str, Any]]:
    """Count and hash of every channel, as the other side is told them; `sent` and `received` from where we stand."""
    rows = Channel.objects.filter(last__gt=0).order_by("direction", "crisis")
    return [
        {"direction": row.direction, "crisis": str(row.crisis), "last": row.last, "hash": bytes(row.chain).hex()}
        for row in rows
    ]
