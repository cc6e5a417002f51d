"""Skills, contracts and checklists, from `data/means.toml`."""

from datetime import date
from typing import Any

from access.models import Organisation
from interventions.models import Checklist, Contract, Skill
from interventions.skills import content

FROM = date(2019, 4, 11)  # the day the post opened


def load_means() -> int:
    """Add or update skills, add contracts and checklists that are missing; returns how many skills there are. Load the
    categories before. What people have changed since in contracts and checklists stays."""
    skills = [Skill(**row, position=position) for position, row in enumerate(content()["skill"])]
    fields = ("label_fr", "label_en", "position")
    Skill.objects.bulk_create(skills, update_conflicts=True, unique_fields=["key"], update_fields=fields)
    owners = {organisation.key: organisation for organisation in Organisation.objects.all()}
    _add_contracts(content()["contract"], owners)
    _add_checklists(content()["checklist"])
    return len(skills)


def _add_contracts(rows: list[dict[str, Any]], owners: dict[str, Organisation]) -> None:
    known = set(Contract.objects.values_list("organisation_id", "title"))
    made = [Contract(**{**row, "organisation": owners[row["organisation"]], "valid_from": FROM}) for row in rows]
    Contract.objects.bulk_create([one for one in made if (one.organisation_id, one.title) not in known])


def _add_checklists(rows: list[dict[str, Any]]) -> None:
    known = set(Checklist.objects.values_list("category_id", flat=True))
    made = [
        Checklist(category_id=row["category"], version=1, title=row["title"], items=row["items"])
        for row in rows
        if row["category"] not in known
    ]
    Checklist.objects.bulk_create(made)
