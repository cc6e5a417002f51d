"""Procedures: frozen into the incident, ticked with time and person, skipped for a reason only."""

import json
import tomllib
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from access.models import Person
from access.roles import Role
from incidents import procedures, services
from incidents.models import Category, Incident, Procedure, ProcedureMark, ProcedureRun, ProcedureStep
from incidents.services.publishing import save_procedure
from incidents.workflow import Status
from journal.errors import Conflict, Invalid, NotAllowed, NotFound, Problem, WrongState
from journal.models import Entry
from tests import cast
from tests.incidents.escalations import declared, happened
from tests.incidents.test_races import at_once
from tests.incidents.test_transitions import FOREIGN, SEES_NOTHING

pytestmark = pytest.mark.django_db
GAS, LIGHT = "hazard.gas_leak", cast.LIGHT
DATA = Path(__file__).parents[2] / "incidents" / "data" / "procedures.toml"
MAY = (
    "call_taker video_operator building_supervisor equipment_supervisor intervention_coordinator municipal_police "
    "crisis_director crew_leader mobility_operator"
)
STATES = "declared qualified in_progress resolved"


@pytest.fixture
def caller() -> Person:
    return cast.person(Role.CALL_TAKER)


def procedure(key: str = "essai", category: str = LIGHT, steps: int = 3, **more: Any) -> Procedure:
    made = Procedure.objects.filter(key=key).first() or Procedure(key=key)
    for name, value in {"name": key, "category_id": category, **more}.items():
        setattr(made, name, value)
    rows = [ProcedureStep(position=n, who="Poste", what=f"faire {n}", within=5 * n) for n in range(1, steps + 1)]
    save_procedure(procedure=made, steps=rows, by=None)
    made.refresh_from_db()
    return made


def run_of(on: Incident, made: Procedure | None = None) -> ProcedureRun:
    made = made or Procedure.objects.filter(key="essai").first() or procedure()
    assert made.current_id is not None
    return ProcedureRun.objects.create(incident=on, version_id=made.current_id, started_at=on.declared_at)


def test_it_starts_with_the_incident_and_stays_as_it_was(caller: Person) -> None:
    procedure()
    made = declared(caller)
    run = ProcedureRun.objects.get(incident=made)
    procedure(steps=1)
    assert len(procedures.PUBLISHED[run.version_id].steps) == 3
    assert len(procedures.PUBLISHED[ProcedureRun.objects.get(incident=declared(caller)).version_id].steps) == 1


def test_steps_are_ticked_skipped_for_a_reason_and_taken_back(caller: Person) -> None:
    procedure()
    made = declared(caller)
    run = ProcedureRun.objects.get(incident=made).id
    mark = partial(services.tick, incident_id=made.id, by=caller, run=run)
    first = mark(step=1, state="done")
    assert first is not None
    assert (first.by, first.skipped) == (caller, False)
    assert mark(step=1, state="done") == first
    with pytest.raises(Conflict):
        mark(step=1, state="skipped", reason="trop tard")
    with pytest.raises(Invalid):
        mark(step=2, state="skipped", reason=" ")
    mark(step=2, state="skipped", reason="sans objet")
    mark(step=1, state="open")
    mark(step=1, state="open")
    mark(step=1, state="done")
    assert ProcedureMark.objects.filter(run=run).count() == 3
    kinds = happened(made)[1:]
    assert kinds == [f"procedure_step_{what}" for what in ("done", "skipped", "undone", "done")]
    assert json.loads(Entry.objects.get(kind="incidents.procedure_step_skipped").data)["reason"] == "sans objet"
    for wrong in (0, 4):
        with pytest.raises(Invalid):
            mark(step=wrong, state="done")
    with pytest.raises(Invalid):
        services.tick(incident_id=declared(caller).id, by=caller, run=run, step=3, state="done")


def test_another_category_brings_its_own_and_leaves_those_that_no_longer_fit(caller: Person) -> None:
    procedure()
    made = declared(caller)
    qualify = partial(services.qualify, incident_id=made.id, by=caller, priority="P1")
    qualify(category=GAS)
    followed = ProcedureRun.objects.filter(incident=made, left_at=None)
    assert [procedures.PUBLISHED[run.version_id].key for run in followed] == ["odeur-de-gaz"]
    left = ProcedureRun.objects.exclude(left_at=None).get(incident=made)
    with pytest.raises(WrongState):
        services.tick(incident_id=made.id, by=caller, run=left.id, step=1, state="done")
    procedure(steps=1)  # published meanwhile: what it began with goes on
    qualify(category=LIGHT)
    assert [run.id for run in ProcedureRun.objects.filter(incident=made, left_at=None)] == [left.id]


def test_one_more_by_hand(caller: Person) -> None:
    made, other = declared(caller), procedure(category=GAS)
    services.start_procedure(incident_id=made.id, by=caller, procedure=other.id)
    with pytest.raises(Conflict):
        services.start_procedure(incident_id=made.id, by=caller, procedure=other.id)
    assert happened(made) == ["declared", "procedure_started"]


def test_only_in_their_season() -> None:
    snow = procedures.Frozen(key="neige", name="neige", category="weather", season="winter")
    assert snow.fits("weather.snow", frozenset({"all", "winter"}))
    assert not snow.fits("weather.snow", frozenset({"all", "summer"}))
    assert not snow.fits("weather_other", frozenset({"all", "winter"}))


def tick_outcome(on: Incident, by: Person, run: ProcedureRun) -> type[Problem] | None:
    try:
        services.tick(incident_id=on.id, by=by, run=run.id, step=1, state="done")
    except Problem as problem:
        return type(problem)
    return None


@pytest.mark.parametrize("role", [*Role, None], ids=lambda role: str(role or "outsider"))
def test_who_may_tick_in_which_state(role: Role | None) -> None:
    by = cast.person(role)
    owner = cast.HOME[role] if role in (Role.CREW_LEADER, Role.MOBILITY_OPERATOR) else None
    for status in Status.values:
        on = cast.incident(status=status, owner=owner, by=by)
        expected: type[Problem] | None = None
        if role is None or role in SEES_NOTHING:
            expected = NotFound
        elif role not in MAY.split():
            expected = NotAllowed
        elif status not in STATES.split():
            expected = WrongState
        assert tick_outcome(on, by, run_of(on)) is expected, (role, status)


@pytest.mark.parametrize("role", FOREIGN, ids=str)
def test_nobody_ticks_out_of_sight(role: Role) -> None:
    by = cast.person(role, communes=(cast.CHENOVE,))
    on = cast.incident(owner="voirie")
    assert tick_outcome(on, by, run_of(on)) is NotFound


@pytest.mark.django_db(transaction=True)
def test_two_who_tick_the_same_step_at_once_make_one_mark() -> None:
    people = [cast.person(Role.CALL_TAKER) for _ in range(4)]
    on = cast.incident(by=people[0])
    run = run_of(on)
    at_once(*[
        partial(services.tick, incident_id=on.id, by=by, run=run.id, step=1, state=state)
        for by, state in zip(people, ("done", "skipped", "done", "done"), strict=True)
    ])  # fmt: skip
    assert ProcedureMark.objects.filter(run=run, undone_at=None).count() == 1


@pytest.mark.parametrize(
    "row", tomllib.loads(DATA.read_text(encoding="utf-8"))["procedure"], ids=lambda row: row["key"]
)
def test_the_houses_procedures_are_written_out(row: dict[str, Any]) -> None:
    assert Category.objects.filter(key=row["category"], active=True).exists()
    assert len(row["steps"]) >= 7
    made = Procedure.objects.get(key=row["key"])
    frozen = procedures.PUBLISHED[made.current_id]  # type: ignore[index]  # published
    assert [step.what for step in frozen.steps] == [step["what"] for step in row["steps"]]
    for step in frozen.steps:
        assert len(step.what) > 40
        assert step.who
        assert all(phone.who and phone.number for phone in step.phones)
        assert all(link.url.startswith("https://") and link.words for link in step.links)


def test_twelve_of_them() -> None:
    assert Procedure.objects.filter(active=True).count() == 12
