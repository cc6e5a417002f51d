"""CAP 1.2 and EMSI in XML: whatever the bytes, a refusal in words or a document that is written and read back the same."""

from __future__ import annotations

from prefecture.wire import cap, emsi
from prefecture.wire.errors import InvalidMessage


def one(data: bytes) -> None:
    try:
        alert = cap.parse(data)
    except InvalidMessage:
        pass
    else:
        assert cap.parse(cap.emit(alert)) == alert
    try:
        document = emsi.from_xml(data)
    except InvalidMessage:
        return
    assert emsi.from_xml(emsi.to_xml(document)) == document
