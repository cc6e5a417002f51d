"""Crews, and when they are there: shifts and absences by hand, patterns made into shifts ahead of time."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.models import Organisation, Person
from access.selectors import access_of
from access.services import require
from incidents.services.handling import clock
from interventions import events, selectors
from interventions.models import Crew, Shift, ShiftPattern, Vehicle
from interventions.permissions import Permission
from interventions.services.asking import known_skills
from interventions.shifts import PARIS, Week, expand
from interventions.workflow import ShiftKind
from journal.errors import Conflict, Invalid, NotFound, Stale
from journal.services import Record, writing

AHEAD = timedelta(days=14)
LONGEST = timedelta(days=92)  # an absence of a season; a shift has a day at the most
LONGEST_SHIFT = timedelta(hours=72)  # on call from Friday evening to Monday morning


class ShiftOverlap(Conflict):
    type, title = "shift-overlap", gettext_noop("This crew has a shift of this kind then")


class Team(msgspec.Struct, frozen=True, kw_only=True):
    """What a crew is. `organisation`, `leader`, `vehicle`, `members`: ids."""

    name: str
    organisation: UUID
    skills: tuple[str, ...] = ()
    leader: UUID | None = None
    members: tuple[UUID, ...] = ()
    vehicle: UUID | None = None
    capacity: int = 2
    phone: str = ""
    base_lat: float
    base_lon: float
    active: bool = True


def create_crew(*, by: Person, team: Team) -> Crew:
    """Add a crew. Raises NotAllowed, Invalid, Conflict (its name or vehicle is taken)."""
    with writing(by) as record:
        made = Crew()
        _set(made, team, access=access_of(by), fresh=True)
        told(made, record)
        return made


def edit_crew(*, crew_id: UUID, by: Person, team: Team, version: int | None = None) -> Crew:
    """Set all of what a crew is. Raises NotFound, NotAllowed, Stale, Invalid, Conflict."""
    with changing(crew_id=crew_id, by=by, version=version) as crew:
        _set(crew, team, access=access_of(by), fresh=False)
    return crew


def _set(crew: Crew, team: Team, *, access: Any, fresh: bool) -> None:
    crew.organisation = _found(Organisation, team.organisation, "organisation")
    require(access, Permission.MANAGE_MEANS, crew)
    crew.leader = _found(Person, team.leader, "leader") if team.leader else None
    crew.vehicle = _found(Vehicle, team.vehicle, "vehicle") if team.vehicle else None
    crew.skills = known_skills(list(team.skills))
    for name in ("name", "capacity", "phone", "base_lat", "base_lon", "active"):
        setattr(crew, name, getattr(team, name))
    if not crew.name.strip():
        raise Invalid(errors={"name": [_("A crew has a name.")]})
    try:
        with transaction.atomic():
            crew.save(force_insert=fresh)
    except IntegrityError as taken:
        raise Conflict(_("This name or this vehicle belongs to another crew.")) from taken
    members = list(Person.objects.filter(id__in=team.members))
    if len(members) < len(set(team.members)):
        raise Invalid(errors={"members": [_("No such person.")]})
    crew.members.set(members)


def _found(model: Any, key: UUID, name: str) -> Any:
    found = model.objects.filter(id=key).first()
    if found is None:
        raise Invalid(errors={name: [_("Not one of the possible values.")]})
    return found


@contextmanager
def changing(*, crew_id: UUID, by: Person, version: int | None = None) -> Iterator[Crew]:
    """A crew under lock; afterwards its version has moved on and its row is on record. Raises NotFound, NotAllowed, Stale."""
    with writing(by) as record:
        locked = Crew.objects.select_for_update(of=("self",), no_key=True)
        crew = locked.select_related(*selectors.CREW_RELATED).filter(id=crew_id).first()
        if crew is None:
            raise NotFound
        require(access_of(by), Permission.MANAGE_MEANS, crew)
        if version is not None and crew.version != version:
            raise Stale(current=selectors.board_rows([crew], clock())[0])
        yield crew
        crew.version += 1
        crew.save(update_fields=["version"])
        told(crew, record)


def told(crew: Crew, record: Record) -> None:
    """Put the crew's row on record, with the shifts that a board shows."""
    record(events.CrewChanged(crew=selectors.board_rows([crew], clock())[0]), about=crew)


# Shifts by hand ---------------------------------------------------------------------------------------------------------


def set_shift(
    *, crew_id: UUID, by: Person, kind: str, starts_at: datetime, ends_at: datetime, note: str = "",
    version: int | None = None, shift_id: UUID | None = None,
) -> Shift:  # fmt: skip
    """Add a shift or an absence, or move one (`shift_id`). `version` is the crew's. Raises NotFound, NotAllowed, Stale,
    Invalid, ShiftOverlap."""
    _check(kind, starts_at, ends_at)
    with changing(crew_id=crew_id, by=by, version=version) as crew:
        shift = Shift(crew=crew)
        if shift_id is not None:
            shift = _own(crew, shift_id)
        shift.kind, shift.starts_at, shift.ends_at, shift.note = kind, starts_at, ends_at, note
        with _one_at_a_time():
            shift.save()
    return shift


def remove_shift(*, shift_id: UUID, by: Person) -> Crew:
    """Take a shift or an absence away; one made from a pattern does not come back. Raises NotFound, NotAllowed."""
    crew_id = Shift.objects.filter(id=shift_id).values_list("crew_id", flat=True).first()
    if crew_id is None:
        raise NotFound
    with changing(crew_id=crew_id, by=by) as crew:
        _own(crew, shift_id).delete()
    return crew


def _own(crew: Crew, shift_id: UUID) -> Shift:
    found = Shift.objects.select_for_update().filter(id=shift_id, crew=crew).first()
    if found is None:
        raise NotFound
    return found


def _check(kind: str, starts_at: datetime, ends_at: datetime) -> None:
    if kind not in ShiftKind.values:
        raise Invalid(errors={"kind": [_("Not one of the possible values.")]})
    longest = LONGEST if kind == ShiftKind.ABSENT else LONGEST_SHIFT
    if not starts_at < ends_at <= starts_at + longest:
        raise Invalid(errors={"ends_at": [_("It ends after it starts, and not later than is usual.")]})


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "one_shift_of_a_kind" not in str(error):
            raise
        raise ShiftOverlap from error


# Patterns ---------------------------------------------------------------------------------------------------------------


class Rhythm(msgspec.Struct, frozen=True, kw_only=True):
    """A week that repeats, in local time."""

    kind: str = ShiftKind.PLANNED
    weekdays: tuple[int, ...]
    starts: time
    ends: time
    valid_from: date
    valid_until: date | None = None


def add_pattern(*, crew_id: UUID, by: Person, rhythm: Rhythm, version: int | None = None) -> ShiftPattern:
    """Add a pattern, and its shifts of the next fourteen days. Raises NotFound, NotAllowed, Stale, Invalid."""
    days = sorted(set(rhythm.weekdays))
    if not days or not set(days) <= set(range(7)) or rhythm.kind not in ShiftKind.values:
        raise Invalid(errors={"weekdays": [_("0 for Monday to 6 for Sunday, one at least.")]})
    if rhythm.valid_until is not None and rhythm.valid_until < rhythm.valid_from:
        raise Invalid(errors={"valid_until": [_("It ends after it starts.")]})
    if rhythm.starts.tzinfo is not None or rhythm.ends.tzinfo is not None:
        raise Invalid(errors={"starts": [_("A local time, without zone.")]})
    with changing(crew_id=crew_id, by=by, version=version) as crew:
        said = {name: getattr(rhythm, name) for name in ("kind", "starts", "ends", "valid_from", "valid_until")}
        pattern = ShiftPattern.objects.create(crew=crew, weekdays=days, **said)
        extend_pattern(pattern, timezone.localdate(clock(), PARIS))
    return pattern


def end_pattern(*, pattern_id: UUID, by: Person) -> Crew:
    """End a pattern: the shifts that it made and that have not begun go with it. Raises NotFound, NotAllowed."""
    crew_id = ShiftPattern.objects.filter(id=pattern_id).values_list("crew_id", flat=True).first()
    if crew_id is None:
        raise NotFound
    with changing(crew_id=crew_id, by=by) as crew:
        Shift.objects.filter(pattern_id=pattern_id, starts_at__gt=clock()).delete()
        ShiftPattern.objects.filter(id=pattern_id, crew=crew).delete()
    return crew


def extend_pattern(pattern: ShiftPattern, today: date, *, ahead: timedelta = AHEAD) -> int:
    """Make the shifts of a pattern (locked with its crew) that are not made yet, from yesterday to so far ahead; returns
    how many. One that would meet another of its kind is left out: what a person wrote wins."""
    since = max(today - timedelta(days=1), pattern.valid_from)
    if pattern.made_until is not None:
        since = max(since, pattern.made_until + timedelta(days=1))
    until = today + ahead
    if since > until:
        return 0
    week = Week(
        frozenset(pattern.weekdays), pattern.starts, pattern.ends, pattern.valid_from, pattern.valid_until
    )  # fmt: skip
    spans = expand(week, since, until)
    before = Shift.objects.filter(pattern=pattern).count()
    rows = [
        Shift(crew_id=pattern.crew_id, kind=pattern.kind, pattern=pattern, starts_at=a, ends_at=b) for a, b in spans
    ]
    Shift.objects.bulk_create(rows, ignore_conflicts=True)
    pattern.made_until = until
    pattern.save(update_fields=["made_until"])
    return Shift.objects.filter(pattern=pattern).count() - before


def extend_shifts(*, ahead: timedelta = AHEAD) -> int:
    """Make every active crew's shifts of the next fourteen days; run it as often as you like. Returns how many were made.
    A transaction a crew, so that a dispatcher never waits for all of them."""
    today = timezone.localdate(clock(), PARIS)
    due = ShiftPattern.objects.filter(crew__active=True).exclude(made_until__gte=today + ahead)
    return sum(_extend_crew(crew, today, ahead) for crew in _crews_of(due))


def _crews_of(patterns: Iterable[ShiftPattern]) -> Collection[UUID]:
    return sorted({pattern.crew_id for pattern in patterns})


def _extend_crew(crew_id: UUID, today: date, ahead: timedelta) -> int:
    with writing(None) as record:
        locked = Crew.objects.select_for_update(of=("self",), no_key=True).select_related(*selectors.CREW_RELATED)
        crew = locked.get(id=crew_id)
        made = sum(extend_pattern(pattern, today, ahead=ahead) for pattern in crew.patterns.order_by("id"))
        if made:
            crew.version += 1
            crew.save(update_fields=["version"])
            told(crew, record)
        return made
