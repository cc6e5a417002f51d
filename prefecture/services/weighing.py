"""Incidents held against the thresholds by following the journal, after the act: declaring waits for none of it."""

from incidents.events import Declared, Edited, Qualified, Reopened
from journal.models import Entry, Head
from journal.services import writing
from prefecture.models import Weighed
from prefecture.services.drafting import consider

KINDS = [kind.kind for kind in (Declared, Qualified, Edited, Reopened)]
BATCH = 500  # entries


def weigh() -> int:
    """Consider what was declared, qualified, corrected or reopened since the last time; returns how many incidents.
    One worker at a time: another finds the place taken and leaves it alone."""
    with writing(None) as record:
        place = Weighed.objects.select_for_update(skip_locked=True).first()
        if place is None:
            return 0
        head = Head.objects.get(id=1).seq  # numbers follow commits: all up to here is there to be read
        new = Entry.objects.filter(seq__gt=place.seq, seq__lte=head, kind__in=KINDS).order_by("seq")
        rows = list(new.values_list("seq", "about")[:BATCH])
        for about in dict.fromkeys(about for _seq, about in rows if about):
            consider(incident_id=about, record=record)
        place.seq = rows[-1][0] if len(rows) == BATCH else head
        place.save(update_fields=["seq"])
    return len({about for _seq, about in rows})
