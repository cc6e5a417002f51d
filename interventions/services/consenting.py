"""Whether a person's phone may say where it is: asked for, shown, and taken back by that person alone."""

from collections.abc import Callable
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
    return shared_times(person=person, since=at, until=at)(at)


def shared_times(*, person: Person, since: datetime, until: datetime) -> Callable[[datetime], bool]:
    """`may_share` for any instant between the two: two queries for all of them."""
    words = list(
        FieldConsent.objects.filter(
            Q(withdrawn_at=None) | Q(withdrawn_at__gt=since), person=person, given_at__lte=until
        ).values_list("given_at", "withdrawn_at")
    )
    shifts = list(
        Shift.objects.filter(
            Q(crew__leader=person) | Q(crew__members=person), starts_at__lte=until, ends_at__gt=since
        ).values_list("kind", "starts_at", "ends_at")
    )

    def shared(at: datetime) -> bool:
        kinds = {kind for kind, start, end in shifts if start <= at < end}
        said = any(given <= at and (taken_back is None or at < taken_back) for given, taken_back in words)
        return said and bool(kinds) and ShiftKind.ABSENT not in kinds

    return shared
