"""Which objects can be looked at, and by whom. Rooms above register how theirs are protected, in their `ready`.

Light on purpose: every process imports it; who looks at what is live.lookers, in live processes alone.
"""

from collections.abc import Callable, Collection, Mapping
from uuid import UUID

Lookup = Callable[[Collection[UUID]], Mapping[UUID, Collection[str]]]
_LOOKUPS: list[Lookup] = []


def register(lookup: Lookup) -> None:
    """Add a room's `lookup(ids)`: the audiences of those of these objects that are the room's."""
    if lookup not in _LOOKUPS:
        _LOOKUPS.append(lookup)


def audiences_of(ids: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    """Who may see each of these objects, whichever room they belong to; nobody is told of one that no room knows."""
    return {id_: frozenset(audiences) for lookup in _LOOKUPS for id_, audiences in lookup(ids).items()}
