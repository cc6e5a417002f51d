"""Every act × every state × every duty, on missions of one's own and of another organisation: nothing is sampled."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from access.models import Person
from access.roles import Role
from incidents.services.attaching import Kept
from interventions import services
from interventions.models import Intervention
from interventions.services.picturing import record_photo
from interventions.workflow import MOVES, Status
from journal.errors import NotAllowed, NotFound, Problem, WrongState
from tests import cast
from tests.interventions import means

pytestmark = pytest.mark.django_db

# Written out again on purpose, by hand and apart from the code's own tables: a change there must be wanted here too.
LEADERS = "intervention_coordinator crisis_director"
SUPERVISORS = "building_supervisor equipment_supervisor"
PLANNERS = f"{LEADERS} {SUPERVISORS} municipal_police"
FIELD = f"{LEADERS} crew_leader"
OPEN = "proposed refused assigned accepted en_route on_site"
WITH_CREW = "accepted en_route on_site"
MAY: dict[str, tuple[str, str]] = {
    "edit": (PLANNERS, OPEN),
    "assign": (LEADERS, "proposed refused assigned accepted"),
    "unassign": (LEADERS, "assigned accepted"),
    "accept": (FIELD, "assigned"),
    "refuse": (FIELD, "assigned accepted"),
    "depart": (FIELD, "accepted"),
    "arrive": (FIELD, "accepted en_route"),
    "finish": (FIELD, "on_site"),
    "fail": (FIELD, "en_route on_site"),
    "verify": (f"{LEADERS} {SUPERVISORS}", "done"),
    "reopen": (f"{LEADERS} {SUPERVISORS}", "done failed"),
    "cancel": (PLANNERS, OPEN),
    "pause": (PLANNERS, OPEN),
    "hold": (FIELD, WITH_CREW),
    "tick": (FIELD, WITH_CREW),
    "note": (FIELD, f"{WITH_CREW} done"),
    "photo": (FIELD, f"{WITH_CREW} done"),
    "material": (FIELD, f"{WITH_CREW} done"),
    "check_in": (FIELD, "en_route on_site"),
}
TARGET = {
    "assign": "assigned", "unassign": "proposed", "accept": "accepted", "refuse": "refused", "depart": "en_route",
    "arrive": "on_site", "finish": "done", "fail": "failed", "verify": "verified", "reopen": "proposed",
    "cancel": "cancelled",
}  # fmt: skip
SEES_NOTHING = {Role.CRISIS_MEMBER, Role.LOGBOOK_SECRETARY, Role.PREFECTURE_LIAISON, Role.ADMINISTRATOR}
SEES_NOTHING |= {Role.CITIZEN_GATEWAY, Role.MOBILITY_OPERATOR}  # the last: no mission here is the transit operator's
SHEET = [{"key": "zone", "text": "Zone balisée", "needed": False}]
PICTURE = Kept("a.jpg", "image/jpeg", 3, "0" * 64, "aa/bb.jpg")


def acts() -> dict[str, Callable[[Intervention, Person], Any]]:
    """One try of each act; a fresh crew takes what is assigned."""
    words = services.Correction(title="Mât", priority="P2", skills=("lighting",), duration_minutes=30)
    extra: dict[str, Callable[[], dict[str, Any]]] = {
        "edit": lambda: {"correction": words},
        "assign": lambda: {"crew": means.crew().id},
        "pause": lambda: {"reason": "weather"},
        "hold": lambda: {"reason": "access"},
        "finish": lambda: {"outcome": "réparé"},
        "tick": lambda: {"item": "zone"},
        "note": lambda: {"text": "câble à nu"},
        "material": lambda: {"label": "lampe", "quantity": Decimal(1)},
        **{
            name: (lambda: {"reason": "nacelle en panne"})
            for name in ("unassign", "refuse", "fail", "reopen", "cancel")
        },
    }

    def act(name: str) -> Callable[[Intervention, Person], Any]:
        if name == "photo":
            return lambda on, by: record_photo(intervention_id=on.id, by=by, kept=PICTURE, stage="after")
        return lambda on, by: getattr(services, name)(intervention_id=on.id, by=by, **extra.get(name, dict)())

    return {name: act(name) for name in MAY}


def outcome(
    act: Callable[[Intervention, Person], Any], on: Intervention, by: Person
) -> tuple[type[Problem] | None, str]:
    """The problem met (None: done) and the state afterwards; everything is undone again."""
    met: type[Problem] | None = None
    with transaction.atomic():
        try:
            with transaction.atomic():
                act(on, by)
        except Problem as problem:
            met = type(problem)
        state = Intervention.objects.values_list("status", flat=True).get(id=on.id)
        transaction.set_rollback(True)
    return met, state


@pytest.mark.parametrize("role", [*Role, None], ids=lambda role: str(role or "outsider"))
def test_own_scope(role: Role | None) -> None:
    """The contractor's crew leader on the contractor's missions; everybody else on the post's."""
    by, trials = cast.person(role), acts()
    crew = means.crew(leader=by if role is Role.CREW_LEADER else None)
    for status in Status.values:
        on = means.mission(status=status, checklist=SHEET)
        Intervention.objects.filter(id=on.id).update(organisation=crew.organisation, audiences=_own(on, crew))
        for name, (roles, states) in MAY.items():
            expected: type[Problem] | None = None
            if role is None or role in SEES_NOTHING:
                expected = NotFound
            elif role not in roles.split():
                expected = NotAllowed
            elif status not in states.split():
                expected = WrongState
            met, state = outcome(trials[name], on, by)
            assert met is expected, (str(role), name, status, met, expected)
            moved = TARGET.get(name, status) if expected is None else status
            assert state == moved, (str(role), name, status, state)


def _own(on: Intervention, crew: Any) -> list[str]:
    on.organisation = crew.organisation
    return on.compute_audiences()


FOREIGN = [role for role in Role if role not in SEES_NOTHING | {Role.AUDITOR}]


@pytest.mark.parametrize("role", FOREIGN, ids=str)
def test_foreign_scope(role: Role) -> None:
    """A duty limited to Chenôve, or another contractor's: nothing of Dijon is seen, so nothing can be done."""
    by, trials = cast.person(role, communes=(cast.CHENOVE,)), acts()
    for status in Status.values:
        on = means.mission(status=status, with_crew=means.crew(owner="voirie"))
        for name, act in trials.items():
            met, state = outcome(act, on, by)
            assert (met, state) == (NotFound, status), (str(role), name, status)


def test_every_act_of_the_workflow_is_enumerated() -> None:
    assert set(MOVES) - set(MAY) == {"resume", "release"}  # they need clocks that stand: test_pausing
