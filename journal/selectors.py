"""Reading the record, already narrowed to what somebody may see."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from journal.chain import Cursor
from journal.models import Entry, Head

# An entry stays visible through an audience until a later entry withdraws its object from that audience.
_STILL_VISIBLE = """
exists (select 1 from unnest(journal_entry.audiences) as mine(name)
        where mine.name = any(%s) and not exists (
            select 1 from journal_entry as later
            where later.about = journal_entry.about and later.seq > journal_entry.seq
              and later.withdraws <> '{}' and mine.name = any(later.withdraws)))
"""


def visible(audiences: Collection[str]) -> QuerySet[Entry]:
    """Entries that these audiences may read now, oldest first."""
    names = sorted(audiences)
    return Entry.objects.filter(
        RawSQL(_STILL_VISIBLE, [names], output_field=BooleanField()),  # noqa: S611  constant SQL, bound values
        audiences__overlap=names,
    ).order_by("seq")


def history(*, about: UUID, audiences: Collection[str]) -> QuerySet[Entry]:
    """All that was recorded about one object that the caller has already found visible, oldest first."""
    return Entry.objects.filter(about=about, audiences__overlap=sorted(audiences)).order_by("seq")


def head() -> Cursor:
    """Where the journal ends now."""
    end = Head.objects.get(id=1)
    return Cursor.at(end.seq, end.hash)


def known(cursor: Cursor) -> bool:
    """Whether this place exists in this journal; not so after a restore from backup."""
    if cursor.seq == 0:
        return cursor.hash8 == "0" * 8
    found = Entry.objects.filter(seq=cursor.seq).values_list("hash", flat=True).first()
    return found is not None and Cursor.at(cursor.seq, found) == cursor
