"""Time made to pass, and rules made on the spot, for the tests of escalations and procedures."""

from datetime import timedelta
from typing import Any

from django.db.models import F

from access.models import Person
from access.roles import Role
from incidents import services
from incidents.models import Escalation, Incident, Policy, PolicyStep, StepAct
from incidents.services.acting import clock
from incidents.services.publishing import save_policy
from journal.models import Entry
from notifications import timers
from notifications.models import Timer
from tests import cast


def declared(by: Person, **more: Any) -> Incident:
    lat, lon = cast.SPOTS[cast.DIJON]
    return services.declare(by=by, draft=services.Draft(**{"category": cast.LIGHT, "lat": lat, "lon": lon, **more}))


def policy(*steps: PolicyStep, key: str = "essai", untouched: int = 0, **more: Any) -> Policy:
    """A published policy; narrower than those of the house when a category is given. `untouched` in minutes."""
    made = Policy.objects.filter(key=key).first() or Policy(key=key)
    for name, value in {"name": key, "untouched": timedelta(minutes=untouched), **more}.items():
        setattr(made, name, value)
    save_policy(policy=made, steps=list(steps), by=None)
    made.refresh_from_db()
    return made


def step(minutes: float, act: StepAct, **target: Any) -> PolicyStep:
    return PolicyStep(after=timedelta(minutes=minutes), act=act, **target)


def pass_time(incident: Incident, minutes: float) -> int:
    """Let so much time pass for one incident: what is due by then happens, in its order; how much that was.

    All that is stored about it moves into the past instead of the clock moving on.
    """
    done = 0
    ahead = timedelta(minutes=minutes)
    end = Timer.objects.filter(timers.WAITING, about=incident.id).order_by("due_at").first()
    while end is not None:
        now = clock()
        gap = max(end.due_at - now, timedelta())
        if gap > ahead:
            break
        _shift(incident, gap)
        ahead -= gap
        done += timers.sweep()
        end = Timer.objects.filter(timers.WAITING, about=incident.id).order_by("due_at").first()
    _shift(incident, ahead)
    return done


def _shift(incident: Incident, by: timedelta) -> None:
    Timer.objects.filter(timers.WAITING, about=incident.id).update(due_at=F("due_at") - by)
    Escalation.objects.filter(incident=incident).update(since=F("since") - by)
    Escalation.objects.filter(incident=incident, due_at__isnull=False).update(due_at=F("due_at") - by)


def happened(incident: Incident) -> list[str]:
    """The kinds of its journal, without the room's name."""
    kinds = Entry.objects.filter(about=incident.id).order_by("seq").values_list("kind", flat=True)
    return [kind.partition(".")[2] for kind in kinds]


def state(incident: Incident) -> Escalation:
    return Escalation.objects.get(incident=incident)


def three_steps() -> None:
    """Tell the coordinator, raise the priority, propose a crisis cell: for lamps."""
    policy(
        step(2, StepAct.DUTY, role=Role.INTERVENTION_COORDINATOR, vital=True),
        step(10, StepAct.PRIORITY, priority="P1"), step(15, StepAct.CRISIS),
        category_id=cast.LIGHT, untouched=15,
    )  # fmt: skip
