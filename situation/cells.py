"""The crisis room's pages: what they show at first, gathered from the rooms and narrowed to one person's sight."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from access.models import Person
from access.selectors import Access
from crisis import rows, selectors
from crisis.api.details import card_shape, detail_of, plan_shape
from crisis.api.serializers import offer_shape
from crisis.functions import Function
from crisis.models import Cell, Contact, SensitiveSite
from crisis.permissions import Permission
from crisis.templates import fitting
from crisis.workflow import Level
from incidents import selectors as incidents
from incidents.ground import duty_line, me_of, settings_of_the_page, world
from incidents.models import Category
from incidents.permissions import Permission as IncidentPermission
from incidents.rows import row_of
from interventions import selectors as interventions
from interventions.rows import RELATED
from interventions.rows import row_of as mission_row
from interventions.workflow import HELD
from journal.selectors import head
from prefecture.api.views import picture
from prefecture.permissions import Permission as LinkPermission
from prefecture.views import ground
from situation import cell_labels
from territory.models import Commune

CLOSED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Page:
    """A page's data and words."""

    data: dict[str, Any]
    labels: dict[str, Any]
    duty_line: str


def hall(*, person: Person, access: Access) -> Page:
    """`/crisis/`: the cells in sight, what is proposed, and all that the opening form needs."""
    cursor = str(head())
    cells = selectors.visible(access).order_by("-opened_at", "-id")
    running = [rows.cell_row(one) for one in cells.filter(closed_at=None)]
    closed = [rows.cell_row(one) for one in cells.exclude(closed_at=None)[:CLOSED_SHOWN]]
    proposed = [rows.suggestion_row(one) for one in selectors.proposals(access)]
    may_open = access.holds(Permission.OPEN)
    data = {
        **_ground(person, access, cursor),
        "cells": msgspec.to_builtins(running), "closed": msgspec.to_builtins(closed),
        "proposals": msgspec.to_builtins(proposed), "may_open": may_open, "offers": _offers(person, access),
        "plans": msgspec.to_builtins([plan_shape(one) for one in _plans(access)]),
        "people": _candidates() if may_open else [], "incidents": _vital(access),
    }  # fmt: skip
    return Page(data, cell_labels.room(), duty_line(access))


def room(*, cell_id: UUID, person: Person, access: Access) -> Page:
    """`/crisis/<id>/`. Raises NotFound. The journal's end is read first: nothing that follows is missed."""
    cell = selectors.get(cell_id=cell_id, access=access)
    detail = msgspec.to_builtins(detail_of(cell=cell, access=access, person=person))
    acts = detail["acts"]
    data = {
        **_ground(person, access, detail["cursor"]), **detail,
        "may": sorted({act for some in acts.values() for act in some}),
        "cards": msgspec.to_builtins([card_shape(one) for one in selectors.cards(cell.plan)]),
        "templates": msgspec.to_builtins(fitting(cell.plan.theme)),
        "contacts": _contacts(cell) if access.holds(Permission.LOG) else [], "missions": _missions(access),
        "linkable": _vital(access) if "link" in acts[Level.ALERT] else [],
        "people": _candidates() if "call" in acts[Level.ALERT] else [], "prefecture": _prefecture(cell_id, access),
    }  # fmt: skip
    return Page(data, cell_labels.room_with_link(), duty_line(access))


def _prefecture(cell_id: UUID, access: Access) -> dict[str, Any] | None:
    """The link's own pane of this crisis, for those whose duty opens it."""
    if not access.holds(LinkPermission.VIEW):
        return None
    return {**msgspec.to_builtins(picture(access, crisis=cell_id)), **ground()}


def wall(*, name: str, person: Person, access: Access) -> Page:
    """`/wall/<name>/`: a cell by its reference, or `cell` for the newest that is open, or `desk` for the post alone.
    Raises NotFound. Restricted incidents are never shown on a wall, whoever stands before it."""
    cursor = str(head())
    cell = _of_wall(name, access)
    data = {
        **_ground(person, access, cursor),
        "rows": _public_rows(access),
        "missions": _missions(access),
        "wall": name,
    }
    if cell is not None:
        detail = msgspec.to_builtins(detail_of(cell=cell, access=access, person=person))
        kept = ("cell", "plan", "members", "missing", "lines", "decisions", "actions", "zones", "reports", "sites")
        data |= {key: detail[key] for key in kept}
    return Page(data, cell_labels.room(), duty_line(access))


def replay(*, cell_id: UUID | None, person: Person, access: Access) -> Page:
    """`/replay/`: one cell to look back at, or those to choose from. Raises NotFound."""
    data: dict[str, Any] = _ground(person, access, "")
    if cell_id is None:
        data["cells"] = msgspec.to_builtins([rows.cell_row(one) for one in selectors.visible(access)[:100]])
    else:
        cell = selectors.get(cell_id=cell_id, access=access)
        plan = selectors.plans().get(key=cell.plan_id)
        data |= {
            "cell": msgspec.to_builtins(rows.cell_row(cell)),
            "plan": msgspec.to_builtins(plan_shape(plan)),
            "sites": _sites(),
        }
    return Page(data, cell_labels.room(), duty_line(access))


def _of_wall(name: str, access: Access) -> Cell | None:
    cells = selectors.visible(access)
    if name == "desk":
        return None
    if name == "cell":
        return cells.filter(closed_at=None).order_by("-opened_at", "-id").first()
    return selectors.get(cell_id=_by_reference(cells, name), access=access)


def _by_reference(cells: Any, name: str) -> UUID:
    found: UUID | None = cells.filter(reference__iexact=name).values_list("id", flat=True).first()
    return found or UUID(int=0)


def _ground(person: Person, access: Access, cursor: str) -> dict[str, Any]:
    """What every page of the room needs: the world, who looks, and where the journal stood."""
    categories = list(Category.objects.select_related("organisation").filter(active=True))
    here = world(categories, list(Commune.objects.order_by("name")))
    return {**settings_of_the_page(), **here, "cursor": cursor, "me": me_of(person, access), "functions": functions()}


def functions() -> list[dict[str, str]]:
    return [{"key": one.value, "label": str(one.label)} for one in Function]


def _plans(access: Access) -> list[Any]:
    """Those under which this person may open a cell; services decide again."""
    reach = [holding for holding in access.holdings if Permission.OPEN in holding.permissions]
    everywhere = any(not holding.communes for holding in reach)
    own = {insee for holding in reach for insee in holding.communes}
    return [one for one in selectors.plans() if everywhere or one.commune_id in own]


def _candidates() -> list[dict[str, str]]:
    """Colleagues to call, by name."""
    people = Person.objects.filter(is_active=True, kind=Person.Kind.HUMAN).order_by("name")
    return [{"id": str(key), "name": name} for key, name in people.values_list("id", "name")]


def _vital(access: Access) -> list[dict[str, str]]:
    """Open P1 and P2 incidents, to open a cell from."""
    if not access.holds(IncidentPermission.VIEW):
        return []
    found, _next = incidents.page(access=access, filters=incidents.Filters(open=True, priority=("P1", "P2")), limit=30)
    return [{"id": str(one.id), "label": f"{one.reference} · {one.title or one.address}"} for one in found]


def _public_rows(access: Access) -> list[Any]:
    found, _next = incidents.page(access=access, filters=incidents.Filters(open=True), limit=200)
    return [msgspec.to_builtins(row_of(one)) for one in found if one.sensitivity == "normal"]


def _offers(person: Person, access: Access) -> Any:
    return msgspec.to_builtins([offer_shape(one) for one in selectors.offers(person=person, access=access)])


def _contacts(cell: Cell) -> list[dict[str, str]]:
    """Telephone numbers: for those who may write in a cell."""
    found: Iterable[Contact] = selectors.contacts(cell.plan)
    return [
        {"name": one.name, "role": one.role, "phone": one.phone, "email": one.email, "function": one.function}
        for one in found
    ]


def _sites() -> list[dict[str, Any]]:
    return [
        {"key": one.key, "kind": one.kind, "label": one.label, "lat": one.lat, "lon": one.lon, "people": one.people}
        for one in SensitiveSite.objects.filter(active=True)
    ]


def _missions(access: Access) -> list[Any]:
    """Work under way, for somebody who sees means: where crews work, not where a person is."""
    running = interventions.visible(access).filter(status__in=HELD).select_related(*RELATED)[:200]
    return [msgspec.to_builtins(mission_row(one)) for one in running]
