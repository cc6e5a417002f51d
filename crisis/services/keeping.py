"""What cells are run by, as people edit it: plans, action cards, contacts, sensitive sites. An edited row is theirs from
then on, whatever the file says; a running cell keeps what it took: its actions, its rhythm, its levels and functions."""

from collections.abc import Sequence
from typing import Any

import msgspec
from django.utils.text import slugify
from django.utils.translation import gettext as _

from access.models import Person
from access.permissions import Permission as People
from access.selectors import access_of
from access.services import require_anywhere
from crisis import events
from crisis.models import ActionCard, Cell, Contact, Plan, PlanFunction, SensitiveSite
from crisis.workflow import Level
from journal.errors import Invalid
from journal.services import writing
from territory.selectors import commune_at

SEEN_BY = ("post", "administration")
MOST_ITEMS = 40


class Item(msgspec.Struct, frozen=True):
    """One line of an action card; `minutes` from injection until due, 0: no due time."""

    text_fr: str
    text_en: str
    minutes: int = 0


def save_plan(*, plan: Plan, functions: Sequence[PlanFunction], by: Person) -> Plan:
    """Add or change a plan with its functions. Raises NotAllowed, Invalid."""
    with writing(by) as record:
        _may(by)
        Plan.objects.select_for_update().filter(key=plan.key).first()  # no cell opens under it meanwhile
        _refuse({**wrong_plan(plan), **wrong_functions(plan, functions)})
        plan.edited = True
        plan.save()
        plan.functions.all().delete()
        for one in functions:
            one.pk, one.plan = None, plan
        PlanFunction.objects.bulk_create(functions)
        pairs = [(one.function, one.required_from) for one in functions]
        record(
            events.PlanKept(
                key=plan.key, label=plan.label_fr, active=plan.active, levels=plan.levels, functions=pairs
            ),
            audiences=SEEN_BY,
        )  # fmt: skip
    return plan


def save_card(*, card: ActionCard, items: Sequence[Item], by: Person) -> ActionCard:
    """Add a card, or publish its next version; actions taken from it before stay as they read then. Raises NotAllowed,
    Invalid."""
    with writing(by) as record:
        _may(by)
        if not 0 < len(items) <= MOST_ITEMS:
            raise Invalid(errors={"lines": [_("One item at least, forty at most.")]})
        before = ActionCard.objects.select_for_update().filter(key=card.key).first()
        card.version = before.version + 1 if before else 1
        card.items = _with_keys(items, before.items if before else [])
        card.edited = True
        card.save()
        record(
            events.CardKept(
                key=card.key, label=card.label_fr, active=card.active, version=card.version, items=card.items
            ),
            audiences=SEEN_BY,
        )  # fmt: skip
    return card


def save_contact(*, contact: Contact, by: Person) -> Contact:
    """Add or change whom to reach under a plan. Raises NotAllowed, Invalid."""
    with writing(by) as record:
        _may(by)
        if not contact.phone and not contact.email:
            raise Invalid(errors={"phone": [_("A telephone number or an address is needed.")]})
        contact.edited = True
        contact.save()
        told = events.ContactKept(key=contact.key, label=contact.plan.label_fr, active=contact.active)
        record(told, audiences=SEEN_BY)
    return contact


def save_site(*, site: SensitiveSite, by: Person) -> SensitiveSite:
    """Add or change a sensitive site; zones drawn before keep what they counted. Raises NotAllowed, Invalid."""
    with writing(by) as record:
        _may(by)
        commune = commune_at(site.lat, site.lon)
        if commune is None:
            raise Invalid(errors={"lat": [_("This point lies outside the metropolis.")]})
        site.commune, site.edited = commune, True
        site.save()
        record(events.SiteKept(key=site.key, label=site.label_fr, active=site.active), audiences=SEEN_BY)
    return site


def wrong_plan(plan: Plan) -> dict[str, str]:
    """What is wrong with a plan, by field."""
    wrong = {}
    if not {Level.ALERT, Level.CRISIS} & set(plan.levels) or Level.RECOVERY not in plan.levels:
        wrong["levels"] = _("A plan knows alert or crisis, and recovery.")
    if (plan.kind == Plan.Kind.COMMUNAL) != (plan.commune_id is not None):
        wrong["commune"] = _("A communal plan names its commune, and no other does.")
    if (plan.kind == Plan.Kind.THEME) != bool(plan.theme):
        wrong["theme"] = _("A themed plan names its theme, and no other does.")
    return wrong


def wrong_functions(plan: Plan, functions: Sequence[PlanFunction]) -> dict[str, str]:
    """What is wrong with a plan's functions, also held against the cells that run under it."""
    names = [one.function for one in functions]
    if not names or len(set(names)) < len(names):
        return {"functions": _("A plan has at least one function, and each only once.")}
    if any(one.required_from and one.required_from not in plan.levels for one in functions):
        return {"functions": _("A function is needed from a level that the plan does not have.")}
    before = Plan.objects.filter(key=plan.key).first()
    if before is None or not Cell.objects.filter(plan=before, closed_at=None).exists():
        return {}
    kept = {(one.function, one.required_from) for one in before.functions.all()}
    if set(before.levels) != set(plan.levels) or kept != {(one.function, one.required_from) for one in functions}:
        return {"functions": _("A cell is open under this plan: its levels and functions change when it is closed.")}
    return {}


def _with_keys(items: Sequence[Item], before: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Items that read as before keep their key, by which a cell knows that it has them already."""
    known = {item["text_fr"]: item["key"] for item in before}
    taken = {known[item.text_fr] for item in items if item.text_fr in known}
    made: list[dict[str, Any]] = []
    for item in items:
        key = known.pop(item.text_fr, "") or _fresh(slugify(item.text_en)[:40] or "item", taken)
        taken.add(key)
        made.append({"key": key, **msgspec.structs.asdict(item)})
    return made


def _fresh(stem: str, taken: set[str]) -> str:
    return next(key for n in range(1, MOST_ITEMS + 2) if (key := stem if n == 1 else f"{stem}-{n}") not in taken)


def _may(by: Person) -> None:
    require_anywhere(access_of(by), People.MANAGE_PEOPLE)


def _refuse(wrong: dict[str, str]) -> None:
    if wrong:
        raise Invalid(errors={name: [said] for name, said in wrong.items()})
