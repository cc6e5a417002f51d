"""What travels on a socket (docs/live.md): the house's frames, the client's frames, the reasons to close."""

import struct
from collections.abc import Iterable
from enum import IntEnum, StrEnum
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from journal.chain import Cursor

FRAME_LIMIT = 64 * 1024
MESSAGES_A_SECOND = 20


class Close(IntEnum):
    """Why the house closes a socket (RFC 6455 section 7.4; 4000 and up are ours)."""

    TRY_LATER = 1013
    BAD_FRAME = 4400
    NOT_SIGNED_IN = 4401
    RIGHT_LOST = 4403
    SLOW = 4408
    TOO_MANY = 4429


class Doing(StrEnum):
    VIEWING = "viewing"
    EDITING = "editing"


class Look(msgspec.Struct, frozen=True, tag_field="type", tag="look", forbid_unknown_fields=True):
    """What this screen shows."""

    about: UUID
    doing: Literal["viewing", "editing", "left"]


class Want(msgspec.Struct, frozen=True, tag_field="type", tag="want", forbid_unknown_fields=True):
    """The latest-only topics that this screen shows; replaces what it asked for before."""

    topics: Annotated[list[Annotated[str, Meta(max_length=30)]], Meta(max_length=8)]


class Looker(msgspec.Struct, frozen=True):
    """Somebody who looks at an object."""

    id: UUID
    name: str
    doing: Doing


class Frame:
    """One text frame, made once for every socket that gets it."""

    __slots__ = ("framed",)

    def __init__(self, text: str) -> None:
        self.framed = framed(text.encode())

    @property
    def text(self) -> str:
        """The payload again, for a server that frames it itself."""
        size = self.framed[1]
        return self.framed[2 if size < 126 else 4 if size == 126 else 10 :].decode()


def framed(payload: bytes) -> bytes:
    """The bytes of one unmasked, unfragmented text frame (RFC 6455 section 5.2)."""
    size = len(payload)
    if size < 126:
        return struct.pack("!BB", 0x81, size) + payload
    if size < 65536:
        return struct.pack("!BBH", 0x81, 126, size) + payload
    return struct.pack("!BBQ", 0x81, 127, size) + payload


def hello(*, cursor: Cursor, person: UUID, name: str) -> Frame:
    """The stream starts; entries after `cursor` follow."""
    return _frame({"type": "hello", "cursor": str(cursor), "person": {"id": person, "name": name}})


def entries(wires: Iterable[str], cursor: Cursor) -> Frame:
    """Entries as journal.wire encodes them, and the place reached (entries this screen may not see included)."""
    return Frame(f'{{"type":"entries","entries":[{",".join(wires)}],"cursor":"{cursor}"}}')


def reset(cursor: Cursor) -> Frame:
    """What the screen shows may be wrong: load everything again. The stream goes on after `cursor`."""
    return _frame({"type": "reset", "cursor": str(cursor)})


def presence(about: UUID, people: Iterable[Looker]) -> Frame:
    return _frame({"type": "presence", "about": about, "people": list(people)})


def latest(topic: str, bodies: list[msgspec.Raw]) -> Frame:
    return _frame({"type": "latest", "topic": topic, "items": bodies})


_CLIENT: msgspec.json.Decoder[Look | Want] = msgspec.json.Decoder(Look | Want)


def read(text: str) -> Look | Want:
    """Read a client's frame. Raises ValueError."""
    return _CLIENT.decode(text)


def _frame(content: dict[str, object]) -> Frame:
    return Frame(msgspec.json.encode(content).decode())
