"""Policies and procedures as people edit them: each saving publishes a version, which is what incidents then follow."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from access.models import Person
from access.selectors import access_of
from access.services import require_anywhere
from incidents import events, policies, procedures
from incidents.models import (
    Policy,
    PolicyStep,
    PolicyVersion,
    Procedure,
    ProcedureStep,
    ProcedureVersion,
    StepAct,
)
from incidents.permissions import Permission
from journal.errors import Invalid
from journal.services import writing
from notifications.models import Rota

SOONEST_NEXT = timedelta(minutes=1)  # before a policy goes on with another: two that call each other must not spin
NEEDS = {
    StepAct.DUTY: "role",
    StepAct.ROTA: "rota",
    StepAct.PERSON: "person",
    StepAct.PRIORITY: "priority",
    StepAct.ASSIGN: "organisation",
    StepAct.POLICY: "other",
}


def save_policy(*, policy: Policy, steps: Sequence[PolicyStep], by: Person | None) -> PolicyVersion:
    """Keep a policy with these steps and publish it; what runs already is not touched. `by` None is the house itself
    (installation). Raises NotAllowed, Invalid."""
    with writing(by) as record:
        _may(by)
        _hold_rotas(steps)
        for step in steps:
            refused = wrong_step(step)
            if refused:
                raise Invalid(errors=refused)
        _keep(policy, steps, "policy")
        version = PolicyVersion.objects.create(
            policy=policy, number=_number(policy), content=msgspec.to_builtins(frozen_policy(policy)), made_by=by
        )
        Policy.objects.filter(id=policy.id).update(current=version)
        record(
            events.PolicyPublished(policy=policy.key, version=version.id, number=version.number, active=policy.active),
            about=policy,
        )
    return version


def save_procedure(*, procedure: Procedure, steps: Sequence[ProcedureStep], by: Person | None) -> ProcedureVersion:
    """Keep a procedure with these steps and publish it; incidents that follow it already go on as they began. Raises
    NotAllowed, Invalid."""
    with writing(by) as record:
        _may(by)
        if not steps:
            raise Invalid(errors={"steps": [_("A procedure has at least one step.")]})
        _keep(procedure, steps, "procedure")
        content = msgspec.to_builtins(frozen_procedure(procedure, steps))
        version = ProcedureVersion.objects.create(
            procedure=procedure, number=_number(procedure), content=content, made_by=by
        )
        Procedure.objects.filter(id=procedure.id).update(current=version)
        record(
            events.ProcedurePublished(
                procedure=procedure.key, version=version.id, number=version.number, active=procedure.active
            ),
            about=procedure,
        )
    return version


def _may(by: Person | None) -> None:
    if by is not None:
        require_anywhere(access_of(by), Permission.MANAGE_PROCEDURES)


def _hold_rotas(steps: Sequence[PolicyStep]) -> None:
    """None of them ends before this policy is in force: whoever ends one waits, and then finds it."""
    keys = {step.rota for step in steps if step.act == StepAct.ROTA}
    list(Rota.objects.select_for_update(no_key=True).filter(key__in=keys).order_by("key").values_list("id"))


def _keep(thing: Any, steps: Sequence[Any], name: str) -> None:
    """The row, locked against another editor, and its steps in place of those before."""
    type(thing).objects.select_for_update().filter(id=thing.id).first()
    thing.save()
    thing.steps.all().delete()
    for step in steps:
        step.pk = None
        setattr(step, name, thing)
    steps[0].__class__.objects.bulk_create(steps) if steps else None


def _number(thing: Any) -> int:
    last = thing.versions.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def wrong_step(step: PolicyStep) -> dict[str, list[str]]:
    """What is missing on a step, by field; empty when nothing is."""
    needed = NEEDS.get(StepAct(step.act))
    attribute = f"{needed}_id" if needed in ("person", "organisation", "other") else needed
    if needed and attribute and not getattr(step, attribute):
        return {needed: [_("Needed for this kind of step.")]}
    if step.act == StepAct.POLICY and step.after < SOONEST_NEXT:
        return {"after": [_("Going on with another policy takes at least a minute.")]}
    if step.act == StepAct.ROTA and Rota.objects.filter(key=step.rota, ended_at__isnull=False).exists():
        return {"rota": [_("This rota has ended.")]}
    return {}


def frozen_policy(policy: Policy) -> policies.Frozen:
    """The content of a version, from the rows as they are now."""
    return frozen_policy_of(policy, list(policy.steps.select_related("person", "organisation", "other")))


def frozen_policy_of(policy: Policy, steps: Sequence[PolicyStep]) -> policies.Frozen:
    """The same from these steps, saved or not: for a preview."""
    rotas = dict(Rota.objects.values_list("key", "name"))
    return policies.Frozen(
        key=policy.key,
        name=policy.name,
        category=policy.category_id or "",
        priorities=tuple(sorted(policy.priorities)),
        communes=tuple(sorted(policy.communes)),
        organisation=policy.organisation_id,
        calendar=policy.calendar,
        untouched=int(policy.untouched.total_seconds()),
        active=policy.active,
        steps=tuple(_policy_step(row, rotas) for row in sorted(steps, key=lambda step: step.after)),
    )


def _policy_step(row: PolicyStep, rotas: dict[str, str]) -> policies.Step:
    targets: dict[str, tuple[str, str]] = {
        StepAct.DUTY: (row.role, ""),
        StepAct.ROTA: (row.rota, rotas.get(row.rota, row.rota)),
        StepAct.PERSON: (str(row.person_id), row.person.name if row.person else ""),
        StepAct.PRIORITY: (row.priority, row.priority),
        StepAct.POLICY: (row.other.key, row.other.name) if row.other else ("", ""),
        StepAct.CRISIS: ("", ""),
    }
    own = (str(row.organisation_id), row.organisation.name) if row.organisation else ("", "")
    target, name = targets.get(row.act, own)
    return policies.Step(
        after=int(row.after.total_seconds()), act=row.act, target=target, name=name, vital=row.vital
    )  # fmt: skip


def frozen_procedure(procedure: Procedure, steps: Sequence[ProcedureStep]) -> procedures.Frozen:
    """The content of a version, or of a preview before anything is saved."""
    return procedures.Frozen(
        key=procedure.key,
        name=procedure.name,
        category=procedure.category_id,
        season=procedure.season,
        purpose=procedure.purpose,
        steps=tuple(_procedure_step(step) for step in sorted(steps, key=lambda step: step.position)),
    )


def _procedure_step(step: ProcedureStep) -> procedures.Step:
    return procedures.Step(
        who=step.who,
        what=step.what,
        within=step.within,
        phones=tuple(procedures.Phone(*_pair(line, ":")) for line in step.phones.splitlines() if line.strip()),
        links=tuple(procedures.Link(*_pair(line, " ")) for line in step.links.splitlines() if line.strip()),
    )


def _pair(line: str, between: str) -> tuple[str, str]:
    """Words and what follows the last `between`: a number, an address."""
    words, _found, last = line.strip().rpartition(between)
    return words.strip(), last.strip()
