"""What the dispatch board shows, narrowed to one person's sight. Reads only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from access.models import Person
from access.selectors import Access
from incidents import ground
from incidents import selectors as incidents
from incidents.ground_words import Labels
from incidents.models import Category
from incidents.rows import Named
from incidents.workflow import Priority
from interventions import labels, selectors, workflow
from interventions.choosing.covering import picture
from interventions.choosing.services import COVER_MINUTES
from interventions.cover import sectors
from interventions.models import Intervention, Skill
from interventions.permissions import Permission
from interventions.planning import services as plans
from interventions.rows import RELATED, CrewRow, InterventionRow, plan_row_of, row_of
from interventions.workflow import OPEN, WAITING, Status
from journal.selectors import head
from territory.models import Commune

SERVER_DRAWN = 25
MOST_ROWS = 1_000
TO_CHECK = (Status.DONE, Status.FAILED)
FINISHED_SHOWN = timedelta(hours=12)  # as far back as the timeline goes


@dataclass(frozen=True, slots=True)
class Line:
    """One mission without a crew as the server draws it before the scripts take over."""

    id: str
    priority: str
    priority_words: str
    title: str
    meta: str
    created_at: str
    age: str


@dataclass(frozen=True, slots=True)
class Picture:
    data: dict[str, Any]
    labels: Labels
    first_rows: list[Line]
    crews: list[CrewRow]
    waiting: int
    late: int
    skills: list[Skill]
    owners: list[Named]
    duty_line: str
    sees_means: bool
    can_plan: bool
    can_dispatch: bool


def board(*, person: Person, access: Access) -> Picture:
    """The board. The journal's end is read first, so that nothing falls between the lists and the stream."""
    cursor, now = str(head()), timezone.now()
    rows = [row_of(one) for one in shown(access, now)]
    crews = selectors.crew_rows(list(selectors.crews(access).filter(active=True)), **_span(now))
    categories, communes = list(incidents.categories()), list(Commune.objects.order_by("name"))
    skills = list(Skill.objects.all())
    waiting = sorted((row for row in rows if row.status in WAITING), key=urgency)
    here = {"cursor": cursor, "rows": msgspec.to_builtins(rows), "crews": msgspec.to_builtins(crews)}
    return Picture(
        data={**here, **_fixed(person, access, skills), **_owners(crews), **ground.world(categories, communes)},
        labels=labels.board(),
        first_rows=_lines(waiting[:SERVER_DRAWN], categories, communes),
        crews=crews,
        waiting=len(waiting),
        late=sum(is_late(row, now) for row in rows),
        skills=skills,
        owners=owners(crews),
        duty_line=ground.duty_line(access),
        sees_means=sees_means(access),
        can_plan=access.holds(Permission.PLAN),
        can_dispatch=access.holds(Permission.DISPATCH),
    )


def _fixed(person: Person, access: Access, skills: list[Skill]) -> dict[str, Any]:
    """What the scripts judge with: who asks, what each act needs, where vehicles were last."""
    moves = {name: [str(move.permission), list(map(str, move.sources))] for name, move in workflow.MOVES.items()}
    return {
        **ground.settings_of_the_page(),
        "positions": positions(access),
        "means_apart": bool(selectors.communes_of_means(access)) and "post" not in access.audiences,
        "me": ground.me_of(person, access),
        "moves": moves,
        "skills": named(skills),
        "sectors": [{"key": sector.key, "label": sector.label} for sector in sectors()],
        "plan": latest_plan(person, access),
        "stale_minutes": settings.POSITION_STALE_MINUTES,
        "cover": msgspec.to_builtins(picture(access=access, minutes=COVER_MINUTES)) if sees_means(access) else None,
    }


def sees_means(access: Access) -> bool:
    return access.holds(Permission.SEE_MEANS)


def latest_plan(person: Person, access: Access) -> dict[str, Any] | None:
    """The last plan that this person asked for: a page loaded anew goes on with it."""
    if not access.holds(Permission.DISPATCH):
        return None
    found = plans.latest(by=person, limit=1)
    return dict(msgspec.to_builtins(plan_row_of(found[0]))) if found else None


def named(skills: Iterable[Skill]) -> list[dict[str, str]]:
    return [{"key": skill.key, "label": skill.label} for skill in skills]


def for_the_desk(access: Access) -> dict[str, Any]:
    """What the desk needs to show work and to ask for it: nothing for those who may not see any."""
    if not access.holds(Permission.VIEW):
        return {}
    skills = named(Skill.objects.all()) if access.holds(Permission.PLAN) else []
    return {"work": {"dues": due_times(access)}, "skills": skills}


def _owners(crews: Sequence[CrewRow]) -> dict[str, Any]:
    return {"owners": msgspec.to_builtins(owners(crews))}


def owners(crews: Sequence[CrewRow]) -> list[Named]:
    """The organisations that have crews here, by name."""
    return sorted({crew.organisation for crew in crews}, key=lambda one: one.name)


def _span(now: datetime) -> dict[str, datetime]:
    since, until = selectors.board_span(now)
    return {"since": since, "until": until}


def shown(access: Access, now: datetime) -> list[Intervention]:
    """What is open, what waits to be looked at, and what ended within the timeline: one query, the oldest first."""
    over = Q(done_at__gt=now - FINISHED_SHOWN) | Q(ended_at__gt=now - FINISHED_SHOWN)
    found = selectors.visible(access).filter(Q(status__in=(*OPEN, *TO_CHECK)) | over).select_related(*RELATED)
    return list(found.order_by(F("created_at").asc())[:MOST_ROWS])


def positions(access: Access) -> list[dict[str, Any]]:
    """Where the vehicles of the crews in sight were last, as the stream's `latest` frames carry it."""
    fields = ("id", "lat", "lon", "seen_at", "source")
    known: Any = selectors.vehicles(access).filter(seen_at__isnull=False, crew__isnull=False)
    return [
        {"id": str(key), "lat": lat, "lon": lon, "at": at.isoformat(), "source": source}
        for key, lat, lon, at, source in known.values_list(*fields)
    ]


def urgency(row: InterventionRow) -> tuple[str, datetime]:
    """By priority, then the oldest first."""
    return row.priority, row.created_at


def due_of(row: InterventionRow) -> datetime | None:
    """The clock that counts now: until somebody has arrived the response, then the repair."""
    if row.status not in OPEN or row.paused_since is not None:
        return None
    waits = row.response_due if row.arrived_at is None else None
    return min(filter(None, (waits, row.repair_due)), default=None)


def is_late(row: InterventionRow, now: datetime) -> bool:
    due = due_of(row)
    return due is not None and due < now


def due_times(access: Access) -> list[tuple[str, str]]:
    """Of each open mission in sight its id and next due time, for the count of late ones on other pages: one query."""
    fields = ("id", "arrived_at", "response_due", "repair_due")
    running = selectors.visible(access).filter(status__in=OPEN, paused_since=None)
    dues = []
    for key, arrived, response, repair in running.values_list(*fields):
        due = min(filter(None, (None if arrived else response, repair)), default=None)
        if due is not None:
            dues.append((str(key), due.isoformat()))
    return dues


def _lines(rows: Sequence[InterventionRow], categories: list[Category], communes: list[Commune]) -> list[Line]:
    names = {commune.insee: commune.name for commune in communes}
    kinds = {category.key: category.label for category in categories}
    return [_line(row, names.get(row.commune, ""), kinds.get(row.category, row.category)) for row in rows]


def _line(row: InterventionRow, commune: str, category: str) -> Line:
    return Line(
        id=str(row.id),
        priority=row.priority,
        priority_words=str(Priority(row.priority).label),
        title=row.title,
        meta=" · ".join(filter(None, (commune, category, minutes(row.duration_minutes)))),
        created_at=row.created_at.isoformat(),
        age=ground.ago(row.created_at),
    )


def minutes(number: int) -> str:
    """ "45 min", "1 h 30"."""
    if number < 60:
        return _("{n} min").format(n=number)
    return (
        _("{h} h {m}").format(h=number // 60, m=f"{number % 60:02}")
        if number % 60
        else _("{h} h").format(h=number // 60)
    )
