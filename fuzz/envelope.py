"""The envelope and every kind of message in it: whatever the bytes, a refusal in words or a parcel whose words can be shown."""

from __future__ import annotations

import msgspec

from prefecture.wire import envelope, titles
from prefecture.wire.errors import InvalidMessage


def one(data: bytes) -> None:
    try:
        parcel = envelope.read(data)
    except InvalidMessage:
        return
    assert len(titles.title(parcel.kind, parcel.message.body)) <= 200
    titles.text(parcel.message.body).encode()
    again = envelope.read(msgspec.json.encode(parcel.envelope))
    assert again.envelope == parcel.envelope
