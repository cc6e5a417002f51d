"""An extract that proves itself offline with `docs/prove_extract.py`."""

import json
from collections.abc import Iterator
from uuid import UUID

from journal.chain import digest, instant
from journal.models import Entry, Head

FORMAT = "ondijon-journal-extract/1"


def extract(*, about: UUID, to_the_head: bool = True) -> Iterator[str]:
    """JSON lines: a heading, every entry about one object in full, and of the entries between only their digest.

    The chain runs unbroken from the first entry shown to the head at the time of export, so what is shown is what was
    recorded, in its place. A digest does not say what it is about: that none of the object's own entries was sent as a
    mere digest is for the post to vouch for. Not `to_the_head`: the chain ends with the object's own last entry, which
    keeps the extract of something long over short. Raises LookupError when nothing was ever recorded about it.
    """
    head = Head.objects.get(id=1)
    first = Entry.objects.filter(about=about, seq__lte=head.seq).order_by("seq").first()
    if first is None:
        raise LookupError(f"nothing was recorded about {about}")
    seq, ends_with = head.seq, head.hash
    if not to_the_head:
        last = Entry.objects.filter(about=about, seq__lte=head.seq).latest("seq")
        seq, ends_with = last.seq, last.hash
    heading = {
        "format": FORMAT,
        "about": str(about),
        "starts_after": bytes(first.previous).hex(),
        "first": first.seq,
        "last": seq,
        "ends_with": bytes(ends_with).hex(),
    }
    yield json.dumps(heading)
    for entry in Entry.objects.filter(seq__gte=first.seq, seq__lte=seq).order_by("seq").iterator(chunk_size=5_000):
        yield json.dumps(_full(entry) if entry.about == about else {"digest": digest(entry).hex()}, ensure_ascii=False)


def _full(entry: Entry) -> dict[str, object]:
    return {
        "seq": entry.seq,
        "at": instant(entry.at),
        "kind": entry.kind,
        "about": str(entry.about or ""),
        "by": str(entry.by or ""),
        "audiences": entry.audiences,
        "withdraws": entry.withdraws,
        "data": entry.data,
        "hash": bytes(entry.hash).hex(),
    }
