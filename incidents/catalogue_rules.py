"""The policies and procedures that the post begins with, from `data/policies.toml` and `data/procedures.toml`."""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

from access.models import Organisation
from incidents.models import Policy, PolicyStep, PolicyVersion, Procedure, ProcedureStep, ProcedureVersion
from incidents.services.publishing import frozen_policy, save_policy, save_procedure

DATA = Path(__file__).parent / "data"


def load_policies() -> int:
    """Publish every policy of the file that is not there yet or that only the house has published so far; what people
    changed stays theirs. Returns how many there are."""
    rows = _rows("policies.toml", "policy")
    for row in rows:
        if not PolicyVersion.objects.filter(policy__key=row["key"], made_by__isnull=False).exists():
            _publish_policy(row)
    return len(rows)


def _publish_policy(row: dict[str, Any]) -> None:
    policy = Policy.objects.filter(key=row["key"]).first() or Policy(key=row["key"])
    before = frozen_policy(policy) if policy.current_id else None
    policy.name, policy.category_id = row["name"], row.get("category")
    policy.priorities, policy.calendar = row.get("priorities", []), row.get("calendar", "always")
    policy.untouched = timedelta(minutes=row.get("untouched", 0))
    steps = [_policy_step(step, policy) for step in row["steps"]]
    if before is None or not _same(policy, steps):
        save_policy(policy=policy, steps=steps, by=None)


def _same(policy: Policy, steps: list[PolicyStep]) -> bool:
    """Whether these are the rows that are there already."""
    names = ("after", "act", "role", "rota", "organisation_id", "priority", "other_id", "vital")
    kept = [tuple(getattr(one, name) for name in names) for one in policy.steps.all()]
    fresh = [tuple(getattr(one, name) for name in names) for one in steps]
    stored = Policy.objects.get(id=policy.id)
    heads = ("name", "category_id", "priorities", "calendar", "untouched")
    return kept == fresh and all(getattr(policy, name) == getattr(stored, name) for name in heads)


def _policy_step(row: dict[str, Any], own: Policy) -> PolicyStep:
    """`own`: the policy that it is a step of; one that goes on with itself begins anew until somebody answers."""
    owner, other = row.get("organisation"), None
    if "policy" in row:
        other = own if row["policy"] == own.key else Policy.objects.get(key=row["policy"])
    return PolicyStep(
        after=timedelta(minutes=row["after"]),
        act=row["act"],
        role=row.get("role", ""),
        rota=row.get("rota", ""),
        organisation=Organisation.objects.get(key=owner) if owner else None,
        priority=row.get("priority", ""),
        other=other,
        vital=row.get("vital", False),
    )


def load_procedures() -> int:
    """Likewise for procedures."""
    rows = _rows("procedures.toml", "procedure")
    for row in rows:
        if not ProcedureVersion.objects.filter(procedure__key=row["key"], made_by__isnull=False).exists():
            _publish_procedure(row)
    return len(rows)


def _publish_procedure(row: dict[str, Any]) -> None:
    procedure = Procedure.objects.filter(key=row["key"]).first() or Procedure(key=row["key"])
    heads = {"name": row["name"], "category_id": row["category"], "season": row.get("season", "all")}
    heads["purpose"] = row["purpose"].strip()
    steps = [_procedure_step(step, position) for position, step in enumerate(row["steps"], 1)]
    names = ("position", "who", "what", "within", "phones", "links")
    kept = (
        [tuple(getattr(one, name) for name in names) for one in procedure.steps.all()] if procedure.current_id else []
    )
    fresh = [tuple(getattr(one, name) for name in names) for one in steps]
    if kept != fresh or any(getattr(procedure, name) != value for name, value in heads.items()):
        for name, value in heads.items():
            setattr(procedure, name, value)
        save_procedure(procedure=procedure, steps=steps, by=None)


def _procedure_step(row: dict[str, Any], position: int) -> ProcedureStep:
    return ProcedureStep(
        position=position,
        who=row["who"],
        what=row["what"].strip(),
        within=row.get("within"),
        phones="\n".join(row.get("phones", [])),
        links="\n".join(row.get("links", [])),
    )


def _rows(name: str, kind: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads((DATA / name).read_text(encoding="utf-8"))[kind]
    return rows
