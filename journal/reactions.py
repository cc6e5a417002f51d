"""Who wants to know. A reaction runs inside the writer's transaction; it may write rows and record more, nothing else."""

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from journal.events import Event

if TYPE_CHECKING:
    from journal.services import Note, Record

E = TypeVar("E", bound=Event)
Reaction = Callable[[Any, "Note", "Record"], None]
_REACTIONS: dict[type[Event], list[Reaction]] = defaultdict(list)


def on(event: type[E]) -> Callable[[Callable[[E, "Note", "Record"], None]], Callable[[E, "Note", "Record"], None]]:
    """Register `reaction(event, note, record)`; register in the app's `ready`, by importing its reactions module."""

    def register(reaction: Callable[[E, "Note", "Record"], None]) -> Callable[[E, "Note", "Record"], None]:
        if reaction not in _REACTIONS[event]:
            _REACTIONS[event].append(reaction)
        return reaction

    return register


def reactions_to(event: Event) -> tuple[Reaction, ...]:
    return tuple(_REACTIONS.get(type(event), ()))
