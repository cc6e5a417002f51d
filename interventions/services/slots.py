"""The crew's time: which slots are taken, where the next gap is, and who stands in the way."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from interventions.models import Crew, Intervention
from interventions.workflow import HELD
from journal.errors import Conflict, Invalid

CONSTRAINT = "one_mission_at_a_time"


class Overlap(Conflict):
    """`extra`: the `mission` in the way, and `next_free`, when the crew's next gap of this length begins."""

    type, title = "overlap", gettext_noop("This crew has another mission then")


def lock_crew(crew_id: UUID) -> Crew:
    """The crew, its calendar held until the transaction ends. Raises Invalid when there is none."""
    locked = Crew.objects.select_for_update(of=("self",), no_key=True).select_related("organisation", "leader")
    crew = locked.filter(id=crew_id, active=True).first()
    if crew is None:
        raise Invalid(errors={"crew": [_("No such crew.")]})
    return crew


def lock_all(interventions: Iterable[UUID], crews: Iterable[UUID]) -> None:
    """Hold all of these until the transaction ends: interventions before crews, as `assign` does, each by id."""
    list(Intervention.objects.filter(id__in=set(interventions)).order_by("id").select_for_update().values_list("id"))
    locked = Crew.objects.filter(id__in=set(crews)).order_by("id").select_for_update(no_key=True)
    list(locked.values_list("id"))


def taken(crew: Crew, since: datetime, *, excluding: UUID) -> list[Intervention]:
    """Missions the crew holds that end after `since`, in order."""
    held = Intervention.objects.filter(crew=crew, status__in=HELD, slot_end__gt=since)
    return list(held.exclude(id=excluding).order_by("slot_start"))


def next_free(missions: Sequence[Intervention], *, since: datetime, minutes: int) -> datetime:
    """When the first gap of so many minutes begins, at `since` or later; `missions` in order."""
    start, length = since, timedelta(minutes=minutes)
    for mission in missions:
        if mission.slot_start is None or mission.slot_end is None or mission.slot_end <= start:
            continue
        if start + length <= mission.slot_start:
            break
        start = mission.slot_end
    return start


def take(one: Intervention, crew: Crew, *, start: datetime | None, since: datetime) -> None:
    """Put the mission into the crew's calendar (locked): at `start`, or into its first gap from `since`.
    Raises Overlap with what stands in the way."""
    minutes = one.duration_minutes
    missions = taken(crew, min(start or since, since), excluding=one.id)
    begin = start or next_free(missions, since=since, minutes=minutes)
    one.slot_start, one.slot_end = begin, begin + timedelta(minutes=minutes)
    for mission in missions:
        if mission.slot_start and mission.slot_end and mission.slot_start < one.slot_end and begin < mission.slot_end:
            raise overlap(mission, next_free(missions, since=begin, minutes=minutes))


def overlap(mission: Intervention, free: datetime) -> Overlap:
    said = {name: getattr(mission, name) for name in ("id", "reference", "title", "slot_start", "slot_end")}
    return Overlap(
        _("%(crew)s has %(mission)s then.") % {"crew": mission.crew, "mission": mission.reference},
        mission=said,
        next_free=free,
    )


class save_guarded:  # noqa: N801 - reads as a verb where it is used
    """Around a save: the database's own refusal of an overlap becomes an Overlap."""

    def __init__(self, crew: Crew, one: Intervention) -> None:
        self.crew, self.one = crew, one
        self.savepoint = transaction.atomic()

    def __enter__(self) -> None:
        self.savepoint.__enter__()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self.savepoint.__exit__(kind, error, trace)  # type: ignore[arg-type]  # handed through
        if isinstance(error, IntegrityError) and CONSTRAINT in str(error):
            raise Overlap from error
