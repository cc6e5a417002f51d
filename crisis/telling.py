"""Reaching people from a cell: one function between this room and the outbox."""

from collections.abc import Iterable

from access.models import Person
from crisis.models import Cell
from notifications.models import Urgency
from notifications.services import notify


def tell(
    people: Iterable[Person], *, cell: Cell, subject: str, body: str, urgency: str, key: str, ack: bool = False
) -> None:
    """Send words about a cell to these people, once for each key, inside the writer's transaction. Subject and body are
    texts already in the post's own language."""
    url = f"/crisis/{cell.id}/"
    notify(to=people, subject=subject, body=body, urgency=Urgency(urgency), key=key, about=cell.id, url=url, ack=ack)
