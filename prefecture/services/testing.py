"""The link test, every minute: the link has a state that everyone sees, and since when."""

from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now

from access.models import Duty
from access.roles import Role, duty_audiences
from journal.services import writing
from prefecture import config, events, selectors
from prefecture.models import Link, LinkState, Message, State
from prefecture.peer import Peer, Unreachable
from prefecture.permissions import CARRIED_BY, Permission
from prefecture.services import alarms
from prefecture.services.sending import clock
from prefecture.wire import envelope
from prefecture.wire.kinds import Kind, LinkTest

EVERY = timedelta(seconds=60)
SOONER = timedelta(seconds=10)  # while it is down
LEASE = timedelta(seconds=30)
LIVES = timedelta(seconds=60)
SEEN_BY = ("post", "prefecture")  # how the ledgers compare


def test_if_due(other_side: Peer) -> bool:
    """Test the link if its minute has come and nobody else does; True when it was tested."""
    Link.objects.get_or_create(id=1)
    free = Q(leased_until=None) | Q(leased_until__lt=Now())
    mine = Link.objects.filter(free, id=1, next_test_at__lte=Now())
    if not mine.update(leased_until=Now() + LEASE):
        return False
    now = clock()
    parcel = envelope.compose(
        distribution=uuid4(), message=uuid4(), kind=Kind.LINK_TEST, body=LinkTest(), sent=now, expires=now + LIVES,
        exercise=settings.PREFECTURE_EXERCISE, parties=config.us().outgoing,
    )  # fmt: skip
    try:
        answer = other_side.post(parcel.raw, distribution=str(parcel.envelope.distributionID))
    except Unreachable as trouble:
        failed(str(trouble))
        return True
    if answer.status >= 300:
        failed(f"HTTP {answer.status}: {str(answer.document.get('detail', ''))[:200]}")
    else:
        _answered(answer.seconds)
    return True


def _answered(seconds: float) -> None:
    slow = seconds > settings.PREFECTURE_SLOW_SECONDS
    if _became(LinkState.SLOW if slow else LinkState.UP, latency=round(seconds * 1000), failure="", again=EVERY):
        hurry()


def everyone() -> list[str]:
    """The audiences of all who are on duty and may see how the link is. A duty that opens no audience of its own (a member
    of a cell) is reached by the person's."""
    now = Q(valid_until=None) | Q(valid_until__gt=Now())
    held = Duty.objects.filter(now, valid_from__lte=Now(), role__in=CARRIED_BY[Permission.SEE_LINK])
    reached = set(SEEN_BY)
    for duty in held.order_by().distinct():
        opened = duty_audiences(Role(duty.role), organisation=str(duty.organisation_id), communes=duty.communes)
        reached |= opened or {f"person:{duty.person_id}"}
    return sorted(reached)


def hurry() -> None:
    """The link is back: nobody waits for its pause any more."""
    Message.objects.filter(state=State.QUEUED, due_at__gt=Now()).update(due_at=Now())


def failed(why: str) -> None:
    """Something that was sent did not get there."""
    _became(LinkState.DOWN, latency=None, failure=why[:300], again=SOONER)


def _became(state: LinkState, *, latency: int | None, failure: str, again: timedelta) -> bool:
    """Write down how the link is; True when that is news, which is then told."""
    with writing(None) as record:
        link = Link.objects.select_for_update().get_or_create(id=1)[0]
        now = clock()
        before, link.state = LinkState(link.state), state
        link.tested_at, link.latency_ms, link.failure = now, latency, failure
        link.next_test_at = min(link.next_test_at, now + again) if link.next_test_at > now else now + again
        link.leased_until = None
        if before == state:
            link.save()
            return False
        link.since = now
        link.save()
        record(events.LinkChanged(row=selectors.row_of_link(link)), audiences=everyone())
        if LinkState.DOWN in (before, state):
            alarms.link_changed(down=state == LinkState.DOWN, since=now)
    return True
