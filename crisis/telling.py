"""Reaching people from a cell: one function between this room and the outbox."""

from collections.abc import Iterable
from importlib import import_module, util

from django.utils.translation import override

from access.models import Person
from crisis.models import Cell

_OUTBOX = "notifications.services"


def tell(
    people: Iterable[Person], *, cell: Cell, subject: str, body: str, urgency: str, key: str, ack: bool = False
) -> None:
    """Send words about a cell to these people, once for each key, inside the writer's transaction. Subject and body are
    texts already in the post's language."""
    if util.find_spec(_OUTBOX) is None:  # the outbox room is not built into this post
        return
    to = list({person.id: person for person in people}.values())
    if to:
        with override(None):
            import_module(_OUTBOX).notify(
                to=to, subject=subject, body=body, urgency=urgency, key=key, about=cell.id, url=f"/crisis/{cell.id}/", ack=ack
            )  # fmt: skip
