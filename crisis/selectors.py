"""Reading cells, always narrowed to what the asker may see now."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from access.models import Person
from access.selectors import Access
from crisis import workflow
from crisis.models import (
    Action,
    ActionCard,
    Cell,
    CellIncident,
    Contact,
    Decision,
    Line,
    Loan,
    MeansRequest,
    Member,
    Plan,
    PublicMessage,
    Report,
    SensitiveSite,
    Suggestion,
    Transfer,
    ZoneVersion,
)
from crisis.permissions import DUTY_FOR, Permission, Right
from crisis.services.acting import named_rights
from incidents import selectors as incidents
from incidents.models import Incident
from journal.errors import NotFound
from territory.wording import fold

NEWEST_LINES = 300
PREFECTURE = "prefecture"  # the audience of those who speak for the prefecture


def visible(access: Access) -> QuerySet[Cell]:
    """The cells this person may see: those they are named on, and all for an auditor. A guest whose time is over sees
    nothing more, even when no worker has ended it yet."""
    if not access.holds(Permission.VIEW):
        return Cell.objects.none()
    mine = Member.objects.filter(cell=OuterRef("pk"), person=access.person, ended_at=None)
    over = mine.filter(until__lte=Now())
    running = mine.filter(Q(until=None) | Q(until__gt=Now()))
    found = Cell.objects.filter(audiences__overlap=sorted(access.audiences))
    return found.exclude(Exists(over) & ~Exists(running)).select_related("director", "level_by", "plan", "commune")


def get(*, cell_id: UUID, access: Access) -> Cell:
    """One cell. Raises NotFound, also when it is out of sight."""
    found = visible(access).filter(id=cell_id).first()
    if found is None:
        raise NotFound
    return found


def allowed(*, access: Access, person: Person, cell: Cell) -> list[str]:
    """The acts open to this person in this cell now."""
    return allowed_by_level(access=access, person=person, cell=cell)[cell.level]


def allowed_by_level(*, access: Access, person: Person, cell: Cell) -> dict[str, list[str]]:
    """The acts open to this person in this cell at each level, so that a screen knows what a new level opens."""
    rights = {right for right in named_rights(person, cell) if access.holds(DUTY_FOR[Right(right)])}
    levels: list[str] = workflow.Level.values
    return {level: [act for act in workflow.possible(level) if workflow.ACTS[act].right in rights] for level in levels}


class LineFilters(msgspec.Struct, frozen=True, kw_only=True):
    """How the log is narrowed. `function`: who wrote, or is called upon. `before`: lines of a smaller number, for the page
    after this one."""

    q: str = ""
    kind: tuple[str, ...] = ()
    function: tuple[str, ...] = ()
    importance: tuple[str, ...] = ()
    unverified: bool = False
    corrected: bool = False
    mentions: str = ""
    refers_to: UUID | None = None
    incident: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    after: int | None = None
    before: int | None = None


def lines(*, cell: Cell, filters: LineFilters | None = None, limit: int = NEWEST_LINES) -> list[Line]:
    """Lines of a cell's log, newest first: three queries, whatever their number."""
    found = Line.objects.filter(cell=cell)
    if filters is not None:
        found = found.filter(_matching(filters))
    ordered = found.select_related("by", "supersedes").prefetch_related("attached__file").order_by("-number")
    return list(ordered[:limit])


def _matching(filters: LineFilters) -> Q:
    lists = {"kind": filters.kind, "importance": filters.importance}
    condition = Q(**{f"{name}__in": values for name, values in lists.items() if values})
    if filters.function:
        condition &= Q(function__in=filters.function) | Q(mentions__overlap=list(filters.function))
    if filters.unverified:
        condition &= Q(credibility__gt=workflow.Credibility.PROBABLE)
    if filters.corrected:
        condition &= Q(supersedes__isnull=False) | Q(superseded_by__isnull=False)
    if filters.mentions:
        condition &= Q(mentions__contains=[filters.mentions])
    if filters.incident:
        condition &= Q(incidents__contains=[filters.incident])
    if filters.refers_to:
        condition &= Q(refers_to=filters.refers_to)
    for word in fold(filters.q).split():
        condition &= Q(search__contains=word)
    return condition & _when(filters)


def _when(filters: LineFilters) -> Q:
    bounds = {
        "occurred_at__gte": filters.since,
        "occurred_at__lt": filters.until,
        "number__gt": filters.after,
        "number__lt": filters.before,
    }
    return Q(**{name: value for name, value in bounds.items() if value is not None})


def members(cell: Cell) -> QuerySet[Member]:
    """Everybody who ever took part, in the order of their calls; `ended_at` None: still does."""
    return Member.objects.filter(cell=cell).select_related("person")


def decisions(cell: Cell) -> QuerySet[Decision]:
    return Decision.objects.filter(cell=cell).select_related("by", "checked_by")


def actions(cell: Cell) -> QuerySet[Action]:
    return Action.objects.filter(cell=cell).select_related("owner")


def loans(cell: Cell) -> QuerySet[Loan]:
    return Loan.objects.filter(cell=cell).select_related("lender")


def requests(cell: Cell) -> QuerySet[MeansRequest]:
    return MeansRequest.objects.filter(cell=cell).select_related("organisation")


def transfers(cell: Cell) -> QuerySet[Transfer]:
    return Transfer.objects.filter(cell=cell).select_related("to_person", "from_person", "answered_by")


def offers(*, person: Person, access: Access) -> QuerySet[Transfer]:
    """The direction of operations as it is offered to this person, or to the prefect through this person, now."""
    asked = Q(to_person=person)
    if PREFECTURE in access.audiences and access.holds(Permission.TAKE_OVER):
        asked |= Q(to_prefect=True)
    waiting = Transfer.objects.filter(asked, answered_at=None, cell__closed_at=None)
    seen = waiting.filter(audiences__overlap=sorted(access.audiences))
    return seen.select_related("cell", "to_person", "from_person", "answered_by")


def suggestions(cell: Cell) -> QuerySet[Suggestion]:
    """What is suggested to the cell and waits for somebody."""
    return Suggestion.objects.filter(cell=cell, settled_at=None)


def proposals(access: Access) -> QuerySet[Suggestion]:
    """Cells that somebody or something proposes to open, for those whose duty may."""
    if not access.holds(Permission.OPEN):
        return Suggestion.objects.none()
    waiting = Suggestion.objects.filter(cell=None, settled_at=None, audiences__overlap=sorted(access.audiences))
    return waiting.filter(Q(incident=None) | Q(incident__in=incidents.visible(access)))


def incidents_of(cell: Cell, access: Access) -> QuerySet[Incident]:
    """The cell's incidents that this person sees as incidents. Being in the cell opens none of them."""
    linked = CellIncident.objects.filter(cell=cell).values("incident_id")
    return incidents.visible(access).filter(id__in=linked).select_related("organisation", "assignee")


def linked_incidents(cell: Cell) -> list[UUID]:
    return list(CellIncident.objects.filter(cell=cell).values_list("incident_id", flat=True))


def plans() -> QuerySet[Plan]:
    return Plan.objects.filter(active=True).select_related("commune").prefetch_related("functions")


def plan(key: str) -> Plan:
    """One plan. Raises NotFound."""
    found = plans().filter(key=key).first()
    if found is None:
        raise NotFound
    return found


def cards(plan: Plan) -> QuerySet[ActionCard]:
    """The action cards that fit a plan."""
    return ActionCard.objects.filter(active=True, theme__in=("", plan.theme))


def contacts(plan: Plan) -> QuerySet[Contact]:
    """The plan's own contacts, and the metropolis's."""
    return Contact.objects.filter(active=True, plan__in=(plan.key, "pics"))


def sites() -> QuerySet[SensitiveSite]:
    return SensitiveSite.objects.filter(active=True)


def zones(cell: Cell) -> QuerySet[ZoneVersion]:
    """What is on the map now: the last version of each zone that was not taken off."""
    drawn = ZoneVersion.objects.filter(zone__cell=cell, zone__removed_at=None, number=F("zone__version"))
    return drawn.select_related("zone", "by").order_by("at", "id")


def zone_versions(cell: Cell) -> QuerySet[ZoneVersion]:
    return ZoneVersion.objects.filter(zone__cell=cell).select_related("zone", "by").order_by("at", "id")


def reports(cell: Cell) -> QuerySet[Report]:
    found = Report.objects.filter(cell=cell).select_related("by", "approved_by")
    return found.prefetch_related("sections__by").order_by("number")


def printed_report(*, cell_id: UUID, report_id: UUID, access: Access) -> Report:
    """An approved report of a cell in sight. Raises NotFound."""
    cell = get(cell_id=cell_id, access=access)
    found = Report.objects.filter(cell=cell, id=report_id).exclude(sha256="").select_related("cell").first()
    if found is None:
        raise NotFound
    return found


def messages(cell: Cell) -> QuerySet[PublicMessage]:
    return PublicMessage.objects.filter(cell=cell).select_related("by", "approved_by").order_by("number")


def audiences_of(ids: Collection[UUID]) -> Mapping[UUID, Collection[str]]:
    """The audiences of those of these objects that are cells: one query, for live.presence."""
    return dict(Cell.objects.filter(id__in=ids).values_list("id", "audiences"))
