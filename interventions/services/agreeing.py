"""What the house has agreed on: contracts, checklists in versions, vehicles. Kept by the administrator, on record."""

from collections.abc import Sequence
from typing import Any

import msgspec
from django.db.models import Max
from django.utils.translation import gettext as _

from access.models import Person
from access.selectors import access_of
from access.services import require_anywhere
from incidents.models import Category
from interventions import events
from interventions.models import Checklist, Contract, Vehicle
from interventions.permissions import Permission
from journal.errors import Invalid
from journal.services import writing

MOST_ITEMS = 40


class Point(msgspec.Struct, frozen=True):
    """One item of a checklist. `needed`: left out only with a reason; `photo`: proved by a picture."""

    text: str
    needed: bool = False
    photo: bool = False


def save_contract(*, contract: Contract, by: Person) -> Contract:
    """Keep it as it stands; missions given from now on run by it. Raises NotAllowed, Invalid."""
    with writing(by) as record:
        require_anywhere(access_of(by), Permission.MANAGE_TERMS)
        if contract.valid_until is not None and contract.valid_until < contract.valid_from:
            raise Invalid(errors={"valid_until": [_("It ends after it starts.")]})
        contract.save()
        told = ("title", "response_minutes", "repair_minutes", "valid_from", "valid_until")
        record(
            events.ContractChanged(
                organisation=contract.organisation_id, **{name: getattr(contract, name) for name in told}
            ),
            about=contract,
        )
    return contract


def save_vehicle(*, vehicle: Vehicle, by: Person) -> Vehicle:
    """Keep it. Raises NotAllowed."""
    with writing(by) as record:
        require_anywhere(access_of(by), Permission.MANAGE_TERMS)
        vehicle.save()
        record(
            events.VehicleChanged(code=vehicle.code, organisation=vehicle.organisation_id, active=vehicle.active),
            about=vehicle,
        )
    return vehicle


def publish_checklist(*, category: Category, title: str, points: Sequence[Point], by: Person) -> Checklist:
    """A new version; missions that have one already keep theirs. An item whose words stay keeps its key. Raises
    NotAllowed, Invalid."""
    with writing(by) as record:
        require_anywhere(access_of(by), Permission.MANAGE_TERMS)
        if not 0 < len(points) <= MOST_ITEMS:
            raise Invalid(errors={"items": [_("One item at least, forty at most.")]})
        Category.objects.select_for_update().get(key=category.key)  # two at once would be the same version
        before = Checklist.objects.filter(category=category).order_by("-version").first()
        last = Checklist.objects.filter(category=category).aggregate(last=Max("version"))["last"] or 0
        made = Checklist.objects.create(
            category=category, version=last + 1, title=title, items=_items(points, before.items if before else [])
        )
        record(
            events.ChecklistPublished(category=category.key, version=made.version, title=title, items=len(points)),
            about=made,
        )
    return made


def _items(points: Sequence[Point], before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    known = {item["text"]: item["key"] for item in before}
    used = set(known.values())
    made = []
    for number, point in enumerate(points, start=1):
        key = known.pop(point.text, "") or next(
            name for name in (f"item{n}" for n in range(number, 1000)) if name not in used
        )
        used.add(key)
        made.append({"key": key, **msgspec.to_builtins(point)})
    return made
