"""Opening a cell: one form, one transaction."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from access.models import Organisation, Person
from access.selectors import Access, access_of
from crisis.events import Opened
from crisis.functions import Function
from crisis.models import Cell, CellIncident, Plan
from crisis.permissions import Permission
from crisis.rows import cell_row
from crisis.services.acting import Change, choice, clock, in_post, words
from crisis.services.briefing import set_next
from crisis.services.calling import candidate, enrol
from crisis.services.linking import incidents_in_sight
from crisis.services.logging import act_line, write_line
from crisis.services.suggesting import settle_for
from crisis.workflow import OPENS_AT, Level, LineKind, MemberState
from incidents.models import Incident
from journal.errors import Conflict, Invalid, NotAllowed
from journal.services import writing

PEOPLE_LIMIT = 60
LOCAL = timezone.get_default_timezone()


class Called(msgspec.Struct, frozen=True, kw_only=True):
    person: UUID
    function: str


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """`my_function`: of whoever opens, when somebody else directs. `suggestion`: the proposal that this follows."""

    plan: str
    level: str
    facts: str
    title: str = ""
    director: UUID | None = None
    my_function: str = Function.LOGBOOK_SECRETARY
    incidents: Sequence[UUID] = ()
    members: Sequence[Called] = ()
    suggestion: UUID | None = None


def open_cell(*, by: Person, opening: Opening) -> Cell:
    """Open a cell under a plan, call its people, write its first line. A commune's plan may be opened by those whose
    duty reaches that commune; the metropolis's and the themed ones by a duty for all communes.
    Raises NotAllowed, Invalid, Conflict when that commune's or the metropolis's cell is open already."""
    with writing(by) as record:
        access = access_of(by)
        plan = Plan.objects.select_related("commune").filter(key=opening.plan, active=True).first()
        if plan is None:
            raise Invalid(errors={"plan": [_("No such plan.")]})
        if not may(access, Permission.OPEN, plan):
            raise NotAllowed(permission=str(Permission.OPEN))
        director = _director(by, opening, plan)
        incidents = incidents_in_sight(access, opening.incidents)
        cell = _cell(by, opening, plan, director)
        change = Change(cell, by, record, cell.opened_at)
        set_next(change)  # before the cell is told of: its reports and its replay know the next briefing
        record(Opened(cell=cell_row(cell), facts=_facts(opening), incidents=[one.id for one in incidents]), about=cell)
        _first_lines(change, opening, incidents)
        _people(change, opening, director)
        settle_for(change, opening.suggestion)
        return cell


def may(access: Access, permission: str, plan: Plan) -> bool:
    """Whether a duty carries the permission where the plan applies."""
    if plan.commune_id is not None:
        return access.allows_in(permission, plan.commune_id)
    return any(permission in holding.permissions and not holding.communes for holding in access.holdings)


def _director(by: Person, opening: Opening, plan: Plan) -> Person:
    if opening.director is not None and opening.director != by.id:
        return candidate_director(opening.director, plan)
    if not may(access_of(by), Permission.DIRECT, plan):
        raise _no_director()
    return by


def _no_director() -> Invalid:
    return Invalid(errors={"director": [_("This person's duty does not let them direct under this plan.")]})


def candidate_director(person_id: UUID, plan: Plan) -> Person:
    """Somebody who may direct under this plan. Raises Invalid."""
    person = Person.objects.filter(id=person_id, is_active=True).first()
    if person is None or not may(access_of(person), Permission.DIRECT, plan):
        raise _no_director()
    return person


def _facts(opening: Opening) -> str:
    return words(opening.facts, name="facts", limit=2000)


def _cell(by: Person, opening: Opening, plan: Plan, director: Person) -> Cell:
    choice(opening.level, [level for level in OPENS_AT if level in plan.levels], name="level")
    now = clock()
    reference = _reference(now.astimezone(LOCAL).year)  # its lock makes two openings wait for one another
    if plan.kind != Plan.Kind.THEME:
        other = Cell.objects.filter(plan=plan, closed_at=None).first()
        if other is not None:
            raise Conflict(_("A cell is open under this plan: %(reference)s.") % {"reference": other.reference})
    with override(settings.LANGUAGE_CODE):
        title = words(opening.title, name="title", needed=False, limit=160) or plan.label
    cell = Cell(
        reference=reference, title=title, plan=plan, commune=plan.commune, organisation=_organisation(plan),
        level=opening.level, level_since=now, level_by=director, director=director, opened_at=now, opened_by=by,
        briefing_minutes=plan.briefing_minutes,
    )  # fmt: skip
    cell.audiences = cell.compute_audiences()
    cell.save(force_insert=True)
    return cell


def _organisation(plan: Plan) -> Organisation:
    """Whose cell it is: the commune's, or the metropolis's."""
    key = f"commune-{plan.commune_id}" if plan.commune_id else "dijon-metropole"
    return Organisation.objects.get(key=key)


def _reference(year: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into crisis_cellcounter (year, last) values (%s, 1)"
            " on conflict (year) do update set last = crisis_cellcounter.last + 1 returning last",
            [year],
        )
        (number,) = cursor.fetchone()
    return f"C-{year}-{number:03d}"


def _first_lines(change: Change, opening: Opening, incidents: Sequence[Incident]) -> None:
    cell = change.cell
    with override(settings.LANGUAGE_CODE):
        level = str(Level(cell.level).label)
    message = gettext_noop("Cell opened at level “%(level)s”, directed by %(director)s.")
    act_line(change, LineKind.OPENING, message, level=level, director=cell.director.name)
    source = in_post(gettext_noop("first known facts"))
    write_line(
        change, _facts(opening), kind=LineKind.INFORMATION, source=source, incidents=[one.id for one in incidents],
        function=Function.OPERATIONS_DIRECTOR if change.by == cell.director else opening.my_function,
    )  # fmt: skip
    linked = [CellIncident(cell=cell, incident=one, by=change.person, at=change.now) for one in incidents]
    CellIncident.objects.bulk_create(linked)


def _people(change: Change, opening: Opening, director: Person) -> None:
    """The director and whoever opens are there; the others are called."""
    if len(opening.members) > PEOPLE_LIMIT:
        raise Invalid(errors={"members": [_("At most %(limit)d.") % {"limit": PEOPLE_LIMIT}]})
    direct = Function.OPERATIONS_DIRECTOR
    if director == change.by:
        enrol(change, direct, person=director, state=MemberState.PRESENT, why="director")
    else:
        mine = choice(opening.my_function, set(Function.values) - {direct}, name="my_function")
        enrol(change, mine, person=change.person, state=MemberState.PRESENT, why="opened")
        enrol(change, direct, person=director, why="director")
    for called in opening.members:
        function = choice(called.function, set(Function.values) - {direct}, name="members")
        enrol(change, function, person=candidate(called.person))
