"""Plans, action cards, contacts and sensitive sites, from `crisis/data/`; what people edited stays theirs."""

import tomllib
from pathlib import Path
from typing import Any

from crisis.models import ActionCard, Contact, Plan, PlanFunction, SensitiveSite
from territory.models import Commune
from territory.wording import of

FOLDER = Path(__file__).parent / "data"
PCS = "pcs"
_SITE = ("key", "kind", "label_fr", "label_en", "commune_id", "lat", "lon", "people", "phone")


def load_plans() -> int:
    """Add or update every plan with what belongs to it, but nothing that somebody edited; returns how many plans there
    are. Communes come first."""
    communes = list(Commune.objects.order_by("insee"))
    found = [*_communal(communes), *_read("plans")["plan"]]
    plans = [_plan(row, position) for position, row in enumerate(found)]
    _upsert(Plan, plans, ["key"])
    theirs = set(Plan.objects.filter(edited=True).values_list("key", flat=True))
    functions = [
        PlanFunction(plan_id=row["key"], function=function, required_from=level, position=position)
        for row in found
        if row["key"] not in theirs
        for position, (function, level) in enumerate(row["functions"].items())
    ]
    _upsert(PlanFunction, functions, ["plan", "function"])
    _upsert(ActionCard, [_card(row, position) for position, row in enumerate(_read("cards")["card"])], ["key"])
    _upsert(Contact, [*_contacts(communes)], ["plan", "key"])
    sites = [SensitiveSite(**dict(zip(_SITE, row, strict=True))) for row in _read("sites")["sites"]]
    _upsert(SensitiveSite, sites, ["key"])
    return len(plans)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _communal(communes: list[Commune]) -> list[dict[str, Any]]:
    """One plan for each commune, from the file's one model."""
    model = _read("plans")[PCS]
    return [
        {
            **model,
            "key": f"{PCS}-{one.insee}",
            "kind": PCS,
            "theme": "",
            "commune": one.insee,
            "label_fr": model["label_fr"].format(of=of(one.name), name=one.name),
            "label_en": model["label_en"].format(of=of(one.name), name=one.name),
        }
        for one in communes
    ]


def _plan(row: dict[str, Any], position: int) -> Plan:
    plain = {name: value for name, value in row.items() if name not in ("functions", "commune")}
    return Plan(**plain, commune_id=row.get("commune"), position=position)


def _card(row: dict[str, Any], position: int) -> ActionCard:
    items = [dict(zip(("key", "text_fr", "text_en", "minutes"), item, strict=True)) for item in row["items"]]
    return ActionCard(**{**row, "items": items}, position=position)


def _contacts(communes: list[Commune]) -> list[Contact]:
    made = []
    for position, row in enumerate(_read("contacts")["contact"]):
        plain = {name: value for name, value in row.items() if name != "plan"}
        if row["plan"] != PCS:
            made.append(Contact(plan_id=row["plan"], position=position, **plain))
            continue
        for one in communes:
            name = plain["name"].format(of=of(one.name), name=one.name)
            made.append(Contact(plan_id=f"{PCS}-{one.insee}", position=position, **{**plain, "name": name}))
    return made


def _upsert(model: Any, rows: list[Any], unique: list[str]) -> None:
    """`unique`: the names that tell a row from another; an edited one is left out."""
    if model is not PlanFunction:
        names = [model._meta.get_field(name).attname for name in unique]
        theirs = set(model.objects.filter(edited=True).values_list(*names))
        rows = [row for row in rows if tuple(getattr(row, name) for name in names) not in theirs]
    fixed = {*unique, "id", "edited"}
    changing = [field.name for field in model._meta.concrete_fields if field.name not in fixed]
    model.objects.bulk_create(rows, update_conflicts=True, unique_fields=unique, update_fields=changing)
