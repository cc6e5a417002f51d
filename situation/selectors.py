"""What a page shows, gathered from the rooms and narrowed to one person's sight. Reads only."""

from dataclasses import dataclass
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from access.models import Person
from access.selectors import Access
from incidents import ground
from incidents import selectors as incidents
from incidents.api.filters import cursor_of
from incidents.ground_words import Labels
from incidents.models import Category, SavedFilter
from incidents.permissions import Permission
from incidents.rows import IncidentRow, row_of
from incidents.workflow import Priority, Status
from interventions.board import for_the_desk
from journal.selectors import head
from situation import labels
from territory.models import Commune

FIRST_ROWS = 150
SERVER_DRAWN = 25
URGENCY = {"P1": 0, "P2": 1, "P3": 2, "P4": 3}


@dataclass(frozen=True, slots=True)
class Chip:
    key: str
    label: str
    count: int | str


@dataclass(frozen=True, slots=True)
class Line:
    """One row as the server draws it before the scripts take over."""

    id: str
    priority: str
    priority_words: str
    name: str
    meta: str
    declared_at: str
    age: str


@dataclass(frozen=True, slots=True)
class Picture:
    data: dict[str, Any]
    labels: Labels
    chips: list[Chip]
    first_rows: list[Line]
    families: list[tuple[str, str]]
    duty_line: str
    can_declare: bool
    can_restrict: bool
    sees_nothing: bool


def desk(*, person: Person, access: Access) -> Picture:
    """The watch desk. The journal's end is read first, so that nothing falls between the list and the stream."""
    cursor = str(head())
    found, after = incidents.page(access=access, filters=incidents.Filters(open=True), limit=FIRST_ROWS)
    rows = [row_of(incident) for incident in found]
    categories = list(incidents.categories())
    communes = list(Commune.objects.order_by("name"))
    counts = incidents.counts(access=access, filters=incidents.Filters())
    me = ground.me_of(person, access)
    totals = {**{name: counts[name] for name in ("open", "urgent", "late")}, "mine": _mine(counts, me)}
    here = {"cursor": cursor, "rows": msgspec.to_builtins(rows), "next": cursor_of(after), "counts": totals, "me": me}
    kept = {"people": _people(access), "filters": _filters(person)}
    return Picture(
        data={
            **ground.settings_of_the_page(),
            **for_the_desk(access),
            **here,
            **kept,
            **ground.world(categories, communes),
        },
        labels=labels.desk(),
        chips=_chips(totals),
        first_rows=_lines(rows, categories, communes),
        families=[(category.key, category.label) for category in categories if category.parent_id is None],
        duty_line=ground.duty_line(access),
        can_declare=access.holds(Permission.DECLARE),
        can_restrict=access.holds(Permission.RESTRICT),
        sees_nothing=not access.holds(Permission.VIEW),
    )


def _mine(counts: dict[str, Any], me: dict[str, Any]) -> int:
    """Open incidents of my organisations; the scripts add those assigned to me by name elsewhere."""
    return sum(counts["organisation"].get(organisation, 0) for organisation in me["organisations"])


def _people(access: Access) -> list[dict[str, str]]:
    """Colleagues by name, for those who assign or name people; nobody else needs the list."""
    if not (access.holds(Permission.ASSIGN) or access.holds(Permission.RESTRICT)):
        return []
    humans = Person.objects.filter(is_active=True, kind=Person.Kind.HUMAN).order_by("name")
    return [
        {"id": str(key), "name": name, "organisation": str(organisation)}
        for key, name, organisation in humans.values_list("id", "name", "organisation_id")
    ]


def _filters(person: Person) -> list[dict[str, str]]:
    kept = SavedFilter.objects.filter(person=person).values_list("id", "name", "query")
    return [{"id": str(key), "name": name, "query": query} for key, name, query in kept]


def _chips(totals: dict[str, int]) -> list[Chip]:
    return [
        Chip("open", _("To handle"), totals["open"]),
        Chip("urgent", _("P1–P2"), totals["urgent"]),
        Chip("mine", _("My post"), totals["mine"]),
        Chip("late", _("Late"), totals["late"]),
        Chip("finished", _("Finished"), ""),
    ]


def _lines(rows: list[IncidentRow], categories: list[Category], communes: list[Commune]) -> list[Line]:
    labels_by_key = {category.key: category.label for category in categories}
    names = {commune.insee: commune.name for commune in communes}
    urgent_first = sorted(rows, key=_urgency)[:SERVER_DRAWN]
    return [
        _line(row, labels_by_key.get(row.category, row.category), names.get(row.commune, "")) for row in urgent_first
    ]


def _urgency(row: IncidentRow) -> tuple[int, bool]:
    """As the scripts order it: by priority, vital ones that nobody acknowledged before the others, newest first."""
    return URGENCY[row.priority], row.priority == "P1" and row.acknowledged_at is not None


def _line(row: IncidentRow, category: str, commune: str) -> Line:
    owner = row.assignee or row.organisation
    status = str(Status(row.status).label)
    parts = [commune, category if row.title else "", status, owner.name if owner else ""]
    return Line(
        id=str(row.id),
        priority=row.priority,
        priority_words=str(Priority(row.priority).label),
        name=row.title or ", ".join(filter(None, (category, row.address))),
        meta=" · ".join(filter(None, parts)),
        declared_at=row.declared_at.isoformat(),
        age=ground.ago(row.declared_at),
    )
