"""What acknowledging a message does. A higher room registers it for its kind of message, in its `ready`:

    @acks.on("incidents.escalation", says=lambda message: _("Acknowledges the incident."))
    def acknowledged(message: Message, by: Person) -> None: ...

The kind is what stands before the first colon of the message's key. It may say besides whether a message is still wanted
as it leaves, and what follows when it was for whoever is on call and the shift ended before that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from access.models import Person

if TYPE_CHECKING:
    from notifications.models import Message

Handler = Callable[["Message", Person], None]
Says = Callable[["Message"], str]
Wanted = Callable[["Message"], bool]
PassOn = Callable[["Message"], None]


@dataclass(frozen=True, slots=True)
class Act:
    carry_out: Handler
    says: Says
    wanted: Wanted | None
    pass_on: PassOn | None


_ACTS: dict[str, Act] = {}


def on(
    kind: str, *, says: Says, wanted: Wanted | None = None, pass_on: PassOn | None = None
) -> Callable[[Handler], Handler]:
    """Register what an acknowledgement does, and one sentence that says it beforehand, in the reader's language.
    `wanted`: whether the message still has to reach somebody. `pass_on` tells whoever is on call instead, where the shift
    of a message's person is over. Both are asked as it leaves, without a lock on what it is about.

    The handler runs inside `writing(by)`, with the message locked and marked; it may write rows and record. A Problem
    that it raises refuses the acknowledgement and its sentence is told; so it leaves alone what is done already.
    """

    def register(handler: Handler) -> Handler:
        if kind in _ACTS and _ACTS[kind].carry_out is not handler:
            raise TypeError(f"two acts for messages of kind {kind}")
        _ACTS[kind] = Act(handler, says, wanted, pass_on)
        return handler

    return register


def carry_out(message: "Message", by: Person) -> None:
    act = _ACTS.get(message.kind)
    if act is not None:
        act.carry_out(message, by)


def is_wanted(message: "Message") -> bool:
    """Whether what it asks for has not been done otherwise meanwhile."""
    act = _ACTS.get(message.kind)
    return act is None or act.wanted is None or act.wanted(message)


def pass_on(message: "Message") -> None:
    """Its person is not on call any more, and has not answered."""
    act = _ACTS.get(message.kind)
    if act is not None and act.pass_on is not None:
        act.pass_on(message)


def says(message: "Message") -> str:
    """What acknowledging will do, as a sentence for a person."""
    act = _ACTS.get(message.kind)
    return act.says(message) if act is not None else _("Says that you have received this message.")
