"""What has become needless before it left: nobody is called off duty, nor about what somebody has taken up meanwhile."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models.functions import Now

from access.models import Person
from access.selectors import accesses_of
from notifications import acks
from notifications.models import ANY_ROTA, Delivery, Message, State
from notifications.on_call import is_on_call, on_call

GOING = (State.PLANNED, State.QUEUED)
OFF_DUTY, TAKEN_UP = "off_duty", "taken_up"


class Duties:
    """Who may be called at one instant; each rota is asked for once."""

    def __init__(self, people: Sequence[Person], now: datetime) -> None:
        self.now = now
        self.idle = {one.id for one, access in zip(people, accesses_of(people), strict=True) if not access.holdings}
        self.known: dict[str, UUID | None] = {}

    def why_not(self, message: Message) -> str:
        """Why it is not to leave any more, by any channel; empty when it is."""
        if not acks.is_wanted(message):
            return TAKEN_UP
        return "" if self._covers(message) else OFF_DUTY

    def _covers(self, message: Message) -> bool:
        """Whether its person has a duty, and is on call still where that is what they were told for."""
        if message.person_id in self.idle:
            return False
        if message.rota in ("", ANY_ROTA):
            return not message.rota or is_on_call(message.person, at=self.now)
        if message.rota not in self.known:
            found = on_call(rota=message.rota, at=self.now)
            self.known[message.rota] = found.id if found else None
        return self.known[message.rota] == message.person_id


def leave_alone(message: Message, why: str) -> None:
    """By no channel any more; whoever has taken over a shift is told by the room whose message it is."""
    going = Delivery.objects.filter(message=message, state__in=GOING)
    going.update(state=State.SPARED, why=why, ended_at=Now(), lease_until=None)
    Message.objects.filter(id=message.id).update(group=None)
    Message.objects.filter(id=message.id, state__in=GOING).update(state=State.SPARED)
    if why == OFF_DUTY and message.wants_ack and message.acknowledged_at is None:
        acks.pass_on(message)
