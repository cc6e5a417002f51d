"""What a crew's phone shows and needs without network: one picture, a fixed number of queries."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from access.models import Person
from access.selectors import Access
from incidents.rows import Named
from interventions import selectors
from interventions.models import Crew, FieldConsent, Intervention, Material, Note, Shift
from interventions.rows import RELATED, ChecklistItem, InterventionRow, ShiftRow, row_of
from interventions.workflow import HELD, ShiftKind, Status
from journal.selectors import head

LOOK_AHEAD = timedelta(hours=12)  # shifts and missions that begin soon are shown as well


class Line(msgspec.Struct, frozen=True):
    """Something said from the field: a note's text, or a material with its quantity."""

    id: UUID
    text: str
    at: datetime
    by: str


class Mission(msgspec.Struct, frozen=True):
    """A mission with all that the phone needs to work on it; `commune` and `category` in words."""

    row: InterventionRow
    commune: str
    category: str
    checklist: list[ChecklistItem]
    notes: list[Line]
    materials: list[Line]
    check_in_minutes: int


class MyCrew(msgspec.Struct, frozen=True):
    """A crew that the person leads or belongs to, with its shifts of today."""

    id: UUID
    name: str
    organisation: str
    vehicle: UUID | None
    vehicle_code: str
    shifts: list[ShiftRow]


class FieldPicture(msgspec.Struct, frozen=True):
    """`cursor`: the journal's end when it was taken. `consent`: since when the phone may say where it is. `phone`: whom
    to call when there is no network."""

    now: datetime
    cursor: str
    person: Named
    consent: datetime | None
    phone: str
    crews: list[MyCrew]
    missions: list[Mission]


def picture(*, person: Person, access: Access) -> FieldPicture:
    """Today's missions of the crews led by or containing this person. The journal's end is read first, so that nothing
    falls between the picture and the stream."""
    cursor, now = str(head()), timezone.now()
    crews = list(_crews(person))
    shifts = list(_shifts(crews, now))
    consent = FieldConsent.objects.filter(person=person, withdrawn_at=None).values_list("given_at", flat=True).first()
    return FieldPicture(
        now=now,
        cursor=cursor,
        person=Named(person.id, person.name),
        consent=consent,
        phone=settings.POST_PHONE,
        crews=[_my_crew(crew, [shift for shift in shifts if shift.crew_id == crew.id]) for crew in crews],
        missions=_missions(access, crews, *day_of(now, shifts)),
    )


def _crews(person: Person) -> Any:
    mine = Crew.objects.filter(Q(leader=person) | Q(members=person), active=True).distinct()
    return mine.select_related("organisation", "vehicle")


def _shifts(crews: list[Crew], now: datetime) -> Any:
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return Shift.objects.filter(crew__in=crews, ends_at__gt=midnight, starts_at__lt=now + LOOK_AHEAD)


def _my_crew(crew: Crew, shifts: list[Shift]) -> MyCrew:
    return MyCrew(
        id=crew.id,
        name=crew.name,
        organisation=crew.organisation.name,
        vehicle=crew.vehicle_id,
        vehicle_code=crew.vehicle.code if crew.vehicle else "",
        shifts=[ShiftRow(one.id, one.kind, one.starts_at, one.ends_at, one.note) for one in shifts],
    )


def day_of(now: datetime, shifts: list[Shift]) -> tuple[datetime, datetime]:
    """Today, local, and the hours ahead: an order for after midnight is seen in the evening, a night shift whole."""
    since = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    until = max(since + timedelta(days=1), now + LOOK_AHEAD)
    for shift in shifts:
        if shift.kind != ShiftKind.ABSENT and shift.starts_at <= now < shift.ends_at:
            since, until = min(since, shift.starts_at), max(until, shift.ends_at)
    return since, until


def _missions(access: Access, crews: list[Crew], since: datetime, until: datetime) -> list[Mission]:
    ahead = Q(status__in=HELD, slot_start__lt=until)
    behind = Q(status__in=(Status.DONE, Status.VERIFIED), done_at__gte=since)
    ended = Q(status__in=(Status.FAILED, Status.CANCELLED), ended_at__gte=since)
    found = selectors.visible(access).filter(ahead | behind | ended, crew__in=crews)
    missions = list(found.select_related(*RELATED, "commune", "category").order_by("slot_start", "id"))
    ids = [one.id for one in missions]
    notes = _by_mission(Note.objects.filter(intervention__in=ids), lambda one: one.text)
    materials = _by_mission(
        Material.objects.filter(intervention__in=ids), lambda one: f"{one.label} · {one.quantity:f} {one.unit}".strip()
    )
    return [_mission(one, notes.get(one.id, []), materials.get(one.id, [])) for one in missions]


def _by_mission(said: Any, words: Any) -> dict[UUID, list[Line]]:
    lines: dict[UUID, list[Line]] = {}
    for one in said.select_related("by"):
        lines.setdefault(one.intervention_id, []).append(Line(one.id, words(one), one.at, one.by.name))
    return lines


def _mission(one: Intervention, notes: list[Line], materials: list[Line]) -> Mission:
    return Mission(
        row=row_of(one),
        commune=one.commune.name,
        category=one.category.label,
        checklist=msgspec.convert(one.checklist, list[ChecklistItem]),
        notes=notes,
        materials=materials,
        check_in_minutes=one.check_in_minutes,
    )
