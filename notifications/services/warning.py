"""Gaps in the rotas, told before they bite."""

from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import override

from access.models import Duty, Person
from journal.services import writing
from notifications.models import Rota, Urgency
from notifications.permissions import CARRIED_BY, Permission
from notifications.picture import gaps_of
from notifications.services.swaps import words_of
from notifications.services.telling import notify
from notifications.shifts import Span

AHEAD_DAYS = 7


def warn_of_gaps() -> int:
    """Tell those who plan, once for each gap, that nobody will be on call within the week. Returns how many gaps."""
    with writing(None):
        gaps = gaps_of(list(Rota.objects.filter(ended_at=None)), days=AHEAD_DAYS)
        planners = list(_planners()) if gaps else []
        for rota, gap in gaps:
            for person in planners:
                _warn(person, rota, gap)
    return len(gaps)


def _planners() -> list[Person]:
    roles = sorted(str(role) for role in CARRIED_BY[Permission.MANAGE_ROTAS])
    duties = Duty.objects.filter(Q(valid_until=None) | Q(valid_until__gt=Now()), role__in=roles, valid_from__lte=Now())
    return list(Person.objects.filter(id__in=duties.values("person"), is_active=True))


def _warn(person: Person, rota: Rota, gap: Span) -> None:
    with override(person.language):
        values = {"rota": rota.name, "when": words_of(gap.start, gap.end)}
        subject = _("Nobody on call: %(rota)s, %(when)s") % values
    # The end names the gap: its beginning moves on with the clock once it has begun.
    key = f"notifications.gap:{rota.id}:{gap.end:%Y%m%d%H%M}"
    notify(to=[person], subject=subject, body="", urgency=Urgency.NORMAL, key=key, url="/on-call/")
