"""Typed news. A room declares its own events by subclassing `Event`; what is not declared cannot be recorded."""

from typing import Any, ClassVar

import msgspec

KINDS: dict[str, type["Event"]] = {}


class Event(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that happened. `kind` is `room.past_participle`, unique in the house."""

    kind: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        kind = cls.__dict__.get("kind", "")
        if not kind:
            return
        if kind in KINDS and KINDS[kind].__qualname__ != cls.__qualname__:
            raise TypeError(f"two events call themselves {kind}")
        KINDS[kind] = cls


def decode(kind: str, data: str | bytes) -> Event:
    """Read an entry's data back as its event. Raises KeyError for an unknown kind, msgspec.ValidationError otherwise."""
    return msgspec.json.decode(data, type=KINDS[kind])
