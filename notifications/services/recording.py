"""What became of a delivery: the outcome of an attempt, the provider's receipt, and the next channel in line."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Count, Max, Q
from django.db.models.functions import Now

from journal.services import writing
from notifications import events
from notifications.channels.parcels import Outcome
from notifications.models import Channel, Delivery, Message, PushSubscription, State, Urgency

FIRST_RETRY = timedelta(seconds=2)
LONGEST_RETRY = {
    Urgency.VITAL: timedelta(seconds=15), Urgency.URGENT: timedelta(minutes=1), Urgency.NORMAL: timedelta(minutes=5),
}  # fmt: skip
PATIENCE = {Urgency.VITAL: timedelta(seconds=60), Urgency.URGENT: timedelta(minutes=3)}
WITH_RECEIPTS = (Channel.SMS, Channel.VOICE)
GOING = (State.PLANNED, State.QUEUED)
ARRIVED = (State.SENT, State.DELIVERED, State.READ)
_UNANSWERED = Q(acknowledged_at=None, group=None, told_at__gt=Now() - timedelta(days=1)) & (
    Q(read_at=None) | Q(wants_ack=True)
)
PROGRESS = (State.QUEUED, State.SENT, State.DELIVERED, State.READ)


def record_outcome(*, delivery_id: UUID, outcome: Outcome) -> None:
    """Write what an attempt came to. A receipt that was faster stands; the row of a finished attempt is never reopened."""
    with writing(None):
        row = _lock(delivery_id)
        if outcome.gone:
            PushSubscription.objects.filter(id__in=outcome.gone).delete()
        if row is None or row.state != State.QUEUED:
            return
        if outcome.state == "sent":
            _sent(row, outcome.reference)
        elif outcome.state == "failed":
            fail(row, outcome.why, outcome.said)
        else:
            _put_off(row, outcome)


def record_receipt(*, delivery_id: UUID, delivered: bool, said: str = "") -> bool:
    """The provider says that it arrived, or that it never will. Twice is once. False for a delivery that is not known."""
    with writing(None):
        row = _lock(delivery_id)
        if row is None or row.channel not in WITH_RECEIPTS:
            return False
        if row.state not in (State.QUEUED, State.SENT):
            return True
        if not delivered:
            fail(row, "undelivered", said)
            return True
        Delivery.objects.filter(id=row.id).update(state=State.DELIVERED, delivered_at=Now(), lease_until=None, why="")
        Delivery.objects.filter(id=row.id, sent_at=None).update(sent_at=Now())
        _advance(row.message, State.DELIVERED)
        if not row.message.wants_ack:
            _spare_others(row)
    return True


def _lock(delivery_id: UUID) -> Delivery | None:
    """The message first, then its delivery: in this order everywhere, so that two channels' outcomes take turns."""
    message_id = Delivery.objects.filter(id=delivery_id).values_list("message_id", flat=True).first()
    message = Message.objects.select_for_update().filter(id=message_id).first() if message_id else None
    if message is None:
        return None
    row = Delivery.objects.select_for_update().get(id=delivery_id)
    row.message = message
    return row


def _sent(row: Delivery, reference: str) -> None:
    Delivery.objects.filter(id=row.id).update(
        state=State.SENT, sent_at=Now(), lease_until=None, provider_reference=reference, why="", said=""
    )
    _advance(row.message, State.SENT)
    if row.message.urgency != Urgency.VITAL:  # the vital goes on by every channel that was begun
        tried = row.message.deliveries.filter(state=State.QUEUED, attempts__gt=0).exclude(id=row.id)
        tried.update(state=State.SPARED, ended_at=Now(), lease_until=None)
    if row.channel == Channel.EMAIL and not row.message.wants_ack and row.message.urgency == Urgency.NORMAL:
        _spare_others(row)


def _put_off(row: Delivery, outcome: Outcome) -> None:
    """Try again later with the same key; meanwhile the next channel has its turn."""
    tries = row.attempts - (outcome.state == "not_tried")
    longest = LONGEST_RETRY[Urgency(row.message.urgency)]
    pause = min(FIRST_RETRY * 2 ** min(max(tries - 1, 0), 10), longest)
    Delivery.objects.filter(id=row.id).update(
        due_at=Now() + pause, lease_until=None, attempts=tries, why=outcome.why, said=outcome.said
    )
    if tries <= 1:
        next_channel(row.message)


def fail(row: Delivery, why: str, said: str = "") -> None:
    """Never by this channel; on to the next. When none is left, the message has failed and that is on record."""
    Delivery.objects.filter(id=row.id).update(state=State.FAILED, why=why, said=said, ended_at=Now(), lease_until=None)
    if next_channel(row.message):
        return
    outside = row.message.deliveries.exclude(channel=Channel.SCREEN)
    if not outside.filter(state__in=(*GOING, *ARRIVED)).exists() and row.message.read_at is None:
        _unreached(row.message)


def _unreached(message: Message) -> None:
    Message.objects.filter(id=message.id).update(state=State.FAILED)
    Message.objects.filter(group=message, read_at=None).update(state=State.FAILED)
    tried = message.deliveries.filter(state=State.FAILED).order_by("place").values_list("channel", flat=True)
    news = events.Unreached(message=message.id, key=message.key, person=message.person_id, channels=list(tried))
    with writing(None) as record:
        record(news, about=message, audiences=[*message.audiences, "post"])


def next_channel(message: Message) -> bool:
    """Begin with the next channel in line, if there is one."""
    following = message.deliveries.filter(state=State.PLANNED).order_by("place").first()
    if following is None:
        return False
    return Delivery.objects.filter(id=following.id, state=State.PLANNED).update(state=State.QUEUED, due_at=Now()) > 0


def _advance(message: Message, state: State) -> None:
    """A message only gets further; so do those that it stands for."""
    behind = [*PROGRESS[: PROGRESS.index(state)], State.FAILED]
    Message.objects.filter(Q(id=message.id) | Q(group=message), state__in=behind).update(state=state)


def _spare_others(row: Delivery) -> None:
    others = row.message.deliveries.filter(state__in=GOING).exclude(id=row.id)
    others.update(state=State.SPARED, ended_at=Now(), lease_until=None)


def follow_up() -> int:
    """Where something has gone out and nobody has shown a sign within the time for it, the next channel begins. Returns
    for how many messages."""
    out_of_patience = Q()
    for urgency, patience in PATIENCE.items():
        out_of_patience |= Q(urgency=urgency, last__lt=Now() - patience)
    silent = Message.objects.filter(_UNANSWERED, id__in=Delivery.objects.filter(state=State.PLANNED).values("message"))
    silent = silent.annotate(
        last=Max("deliveries__sent_at", filter=~Q(deliveries__channel=Channel.SCREEN)),
        going=Count("deliveries", filter=Q(deliveries__state=State.QUEUED)),
    ).filter(out_of_patience, going=0)
    return sum(_follow_up(message_id) for message_id in list(silent.values_list("id", flat=True)[:100]))


def _follow_up(message_id: UUID) -> bool:
    with writing(None):
        message = Message.objects.select_for_update(skip_locked=True).filter(id=message_id).first()
        if message is None or message.deliveries.filter(state=State.QUEUED).exists():
            return False
        return next_channel(message)


def late(seconds: float) -> int:
    """Rows that have been due for longer than this without an attempt under way: what the auditor asks."""
    due = Delivery.objects.filter(state=State.QUEUED, due_at__lt=Now() - timedelta(seconds=seconds))
    return due.filter(Q(lease_until=None) | Q(lease_until__lt=Now())).count()
