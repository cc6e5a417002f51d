"""Whether a person's phone may say where it is: asked for, shown, and taken back by that person alone."""

from datetime import datetime

from django.db.models import Q

from access.models import Person
from incidents.services.handling import clock
from interventions import events
from interventions.models import FieldConsent, Shift
from interventions.workflow import ShiftKind
from journal.services import writing


def share_position(*, by: Person, at: datetime | None = None) -> FieldConsent:
    """Say yes. Saying it again changes nothing. `at` is the phone's time, at most now."""
    with writing(by) as record:
        standing = _standing(by)
        if standing is not None:
            return standing
        given = min(at or clock(), clock())
        made = FieldConsent.objects.create(person=by, given_at=given)
        record(events.PositionShared(at=given), about=by, audiences=[f"person:{by.id}"])
        return made


def keep_position(*, by: Person, at: datetime | None = None) -> None:
    """Take it back. Nothing happens when it was not given."""
    with writing(by) as record:
        standing = _standing(by)
        if standing is None:
            return
        standing.withdrawn_at = max(min(at or clock(), clock()), standing.given_at)
        standing.save(update_fields=["withdrawn_at"])
        record(events.PositionKept(at=standing.withdrawn_at), about=by, audiences=[f"person:{by.id}"])


def _standing(by: Person) -> FieldConsent | None:
    Person.objects.select_for_update().only("id").get(id=by.id)  # two words at once would be one too many
    return FieldConsent.objects.filter(person=by, withdrawn_at=None).first()


def may_share(*, person: Person, at: datetime) -> bool:
    """Whether somebody's phone may be asked where it was at that instant: by consent, and on a shift of theirs."""
    word = FieldConsent.objects.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=at), person=person, given_at__lte=at)
    on_shift = Shift.objects.filter(
        Q(crew__leader=person) | Q(crew__members=person), starts_at__lte=at, ends_at__gt=at
    ).values_list("kind", flat=True)
    kinds = set(on_shift)
    return bool(kinds) and ShiftKind.ABSENT not in kinds and word.exists()
