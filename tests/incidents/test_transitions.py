"""Every act × every state × every duty, on incidents within and outside that duty's reach: nothing is sampled."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from access.models import Person
from access.roles import Role
from incidents import services
from incidents.models import Incident
from incidents.workflow import Status
from journal.errors import NotAllowed, NotFound, Problem, WrongState
from tests import cast

pytestmark = pytest.mark.django_db

# Written out again on purpose, by hand and apart from the code's own tables: a change there must be wanted here too.
DESK = "call_taker video_operator building_supervisor equipment_supervisor intervention_coordinator municipal_police crisis_director"
LEADERS = "intervention_coordinator municipal_police crisis_director"
SUPERVISORS = "building_supervisor equipment_supervisor"
OPEN = "declared qualified in_progress"
ANY = " ".join(Status.values)
MAY: dict[str, tuple[str, str]] = {
    "add_report": (f"{DESK} crew_leader mobility_operator commune_officer", OPEN),
    "acknowledge": (f"{DESK} crew_leader mobility_operator", OPEN),
    "qualify": (f"{DESK} mobility_operator", OPEN),
    "edit": (f"{DESK} mobility_operator", OPEN),
    "assign": (f"{LEADERS} {SUPERVISORS}", "qualified in_progress"),
    "start": (f"{LEADERS} {SUPERVISORS} crew_leader mobility_operator", "qualified"),
    "resolve": (f"{LEADERS} {SUPERVISORS} crew_leader mobility_operator", "qualified in_progress"),
    "close": (f"{LEADERS} {SUPERVISORS} mobility_operator", "resolved"),
    "cancel": (f"{LEADERS} call_taker", OPEN),
    "reopen": (f"{LEADERS} {SUPERVISORS}", "resolved closed"),
    "move": (DESK, OPEN),
    "merge": (DESK, OPEN),
    "unmerge": (DESK, "merged"),
    "restrict": ("municipal_police crisis_director", ANY),
    "snooze": (f"{DESK} mobility_operator", OPEN),
    "hand_over": (f"{DESK} crew_leader mobility_operator", OPEN),
    "comment": (f"{DESK} crew_leader mobility_operator commune_officer", ANY),
    "watch": (f"{DESK} crew_leader mobility_operator commune_officer auditor", ANY),
}
TARGET = {"start": "in_progress", "resolve": "resolved", "close": "closed", "cancel": "cancelled", "merge": "merged"}
SEES_NOTHING = {Role.CRISIS_MEMBER, Role.LOGBOOK_SECRETARY, Role.PREFECTURE_LIAISON, Role.ADMINISTRATOR}
SEES_NOTHING |= {Role.CITIZEN_GATEWAY}


def acts(survivor: Incident) -> dict[str, Callable[[Incident, Person], Any]]:
    owner = cast.organisation("dijon-metropole").id
    lat, lon = cast.SPOTS[cast.DIJON]
    extra: dict[str, Callable[[], dict[str, Any]]] = {
        "add_report": lambda: {"draft": services.Draft(category=cast.LIGHT, lat=lat, lon=lon)},
        "qualify": lambda: {"priority": "P2", "category": cast.LIGHT},
        "edit": lambda: {"title": "Lampadaire", "address": "rue Monge"},
        "assign": lambda: {"organisation": owner},
        "resolve": lambda: {"outcome": "réparé"},
        "cancel": lambda: {"reason": "doublon"},
        "reopen": lambda: {"reason": "encore en panne"},
        "move": lambda: {"lat": lat, "lon": lon},
        "merge": lambda: {"into": survivor.id},
        "unmerge": lambda: {"reason": "pas le même"},
        "restrict": lambda: {"reason": "enquête"},
        "comment": lambda: {"text": "vu sur place"},
        "snooze": lambda: {"minutes": 30, "reason": "équipe prévenue"},
        "hand_over": lambda: {"organisation": owner, "reason": "relève de la métropole"},
    }

    def act(name: str) -> Callable[[Incident, Person], Any]:
        return lambda on, by: getattr(services, name)(incident_id=on.id, by=by, **extra.get(name, dict)())

    return {name: act(name) for name in MAY}


def outcome(act: Callable[[Incident, Person], Any], on: Incident, by: Person) -> tuple[type[Problem] | None, str]:
    """The problem met (None: done) and the state afterwards; everything is undone again."""
    met: type[Problem] | None = None
    with transaction.atomic():
        try:
            with transaction.atomic():
                act(on, by)
        except Problem as problem:
            met = type(problem)
        state = Incident.objects.values_list("status", flat=True).get(id=on.id)
        transaction.set_rollback(True)
    return met, state


@pytest.mark.parametrize("role", [*Role, None], ids=lambda role: str(role or "outsider"))
def test_own_scope(role: Role | None) -> None:
    by = cast.person(role)
    owner = cast.HOME[role] if role in (Role.CREW_LEADER, Role.MOBILITY_OPERATOR) else None
    survivor = cast.incident(owner=owner, by=by)
    trials = acts(survivor)
    for status in Status.values:
        on = cast.incident(status=status, owner=owner, by=by)
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
            moved = TARGET.get(name, state if name in ("qualify", "reopen", "unmerge") else status)
            assert state == (moved if expected is None else status), (str(role), name, status, state)


FOREIGN = [role for role in Role if role not in SEES_NOTHING | {Role.AUDITOR}]


@pytest.mark.parametrize("role", FOREIGN, ids=str)
def test_foreign_scope(role: Role) -> None:
    """A duty limited to Chenôve, or another contractor's: nothing of Dijon is seen, so nothing can be done."""
    by = cast.person(role, communes=(cast.CHENOVE,))
    survivor = cast.incident()
    for status in Status.values:
        on = cast.incident(status=status, owner="voirie")
        for name, act in acts(survivor).items():
            met, state = outcome(act, on, by)
            assert (met, state) == (NotFound, status), (str(role), name, status)


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_restricted_is_for_named_people(role: Role) -> None:
    """Lighting is no police matter: a restricted lighting incident is seen by named people and the auditor only."""
    by, chief = cast.person(role), cast.person(Role.CRISIS_DIRECTOR)
    owner = cast.HOME[role] if role in (Role.CREW_LEADER, Role.MOBILITY_OPERATOR) else None
    on = cast.incident(status="qualified", owner=owner)
    services.restrict(incident_id=on.id, by=chief, reason="enquête")
    met, _state = outcome(acts(on)["comment"], on, by)
    assert met is (NotAllowed if role is Role.AUDITOR else NotFound)
    services.name_people(incident_id=on.id, by=chief, add=[by.id])
    named, _state = outcome(acts(on)["comment"], on, by)
    commenters = [*MAY["comment"][0].split(), "crisis_member", "logbook_secretary"]
    assert named is (None if role in commenters else NotAllowed), (str(role), named)


def test_every_act_of_the_workflow_is_enumerated() -> None:
    from incidents.workflow import MOVES

    tested = {name.replace("add_report", "report") for name in MAY}
    assert set(MOVES) - tested == {"unrestrict", "name_people", "attach", "tick"}  # theirs: test_restricting, …
