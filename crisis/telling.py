"""Reaching people from a cell: one function between this room and the outbox."""

from collections.abc import Iterable

from access.models import Person
from crisis.models import Cell
from notifications.models import Message, Urgency
from notifications.services import notify
from notifications.services.answering import acknowledge


def tell(
    people: Iterable[Person],
    *,
    cell: Cell,
    subject: str,
    body: str,
    urgency: str,
    key: str,
    ack: bool = False,
    url: str = "",
) -> None:
    """Send words about a cell to these people, once for each key, inside the writer's transaction. Subject and body are
    texts already in the post's own language; `url`: the page that it leads to, the cell's own unless told."""
    url = url or f"/crisis/{cell.id}/"
    notify(to=people, subject=subject, body=body, urgency=Urgency(urgency), key=key, about=cell.id, url=url, ack=ack)


def heard(by: Person, *keys: str) -> None:
    """Whoever answers on a screen has heard what was told under these keys: it stops ringing."""
    waiting = Message.objects.filter(key__in=keys, person=by, wants_ack=True, acknowledged_at=None)
    for message_id in list(waiting.values_list("id", flat=True)):
        acknowledge(message_id=message_id, by=by)
