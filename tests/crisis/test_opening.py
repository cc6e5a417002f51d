"""From the form to a running cell."""

from datetime import datetime
from typing import Any

import pytest

from access.roles import Role
from access.selectors import access_of
from crisis import selectors, services
from crisis.models import Cell, Line, Member, Plan
from journal.errors import Conflict, Invalid, NotAllowed
from tests import cast
from tests.crisis import world

pytestmark = pytest.mark.django_db


def opening(**fields: Any) -> services.Opening:
    return services.Opening(**{"plan": "flood", "level": "alert", "facts": "L'Ouche monte", **fields})


def test_one_form_opens_writes_and_calls() -> None:
    by, secretary, police = world.director(), cast.person(Role.LOGBOOK_SECRETARY), cast.person(Role.MUNICIPAL_POLICE)
    about = cast.incident(by=by)
    called = [
        services.Called(person=secretary.id, function="logbook_secretary"),
        services.Called(person=police.id, function="municipal_police"),
    ]
    cell = services.open_cell(by=by, opening=opening(incidents=[about.id], members=called))
    cell.refresh_from_db()
    assert (cell.level, cell.director, cell.level_by) == ("alert", by, by)
    assert cell.reference.startswith("C-20")
    (told,) = world.told(cell, "opened")
    assert cell.next_briefing_at is not None
    assert datetime.fromisoformat(told["cell"]["next_briefing_at"]) == cell.next_briefing_at
    lines = list(Line.objects.filter(cell=cell))
    assert [line.number for line in lines] == list(range(1, 6)), "opening, facts and three people"
    assert "Crue" in cell.title or "Inondation" in cell.title
    assert lines[0].text == f"Cellule ouverte au niveau « Alerte », dirigée par {by.name}."
    assert (lines[1].text, lines[1].incidents, lines[1].function) == (
        "L'Ouche monte",
        [about.id],
        "operations_director",
    )
    states = dict(Member.objects.filter(cell=cell).values_list("function", "state"))
    assert states == {"operations_director": "present", "logbook_secretary": "called", "municipal_police": "called"}
    for person in (by, secretary, police):
        assert selectors.visible(access_of(person)).get() == cell


def test_nobody_sees_it_by_rank_alone_but_an_auditor_does() -> None:
    cell = world.opened()
    seen_by = {role for role in Role if selectors.visible(access_of(cast.person(role))).filter(id=cell.id).exists()}
    assert seen_by == {Role.AUDITOR}


@pytest.mark.parametrize(
    ("role", "communes", "plan", "opens"),
    [
        (Role.CRISIS_DIRECTOR, (), "pics", True),
        (Role.CRISIS_DIRECTOR, (), "pcs-21166", True),
        (Role.CRISIS_DIRECTOR, (cast.CHENOVE,), "pics", False),
        (Role.CRISIS_DIRECTOR, (cast.CHENOVE,), "flood", False),
        (Role.COMMUNE_OFFICER, (cast.CHENOVE,), "pcs-21166", True),
        (Role.COMMUNE_OFFICER, (cast.CHENOVE,), "pcs-21231", False),
        (Role.COMMUNE_OFFICER, (cast.CHENOVE,), "pics", False),
    ],
)
def test_police_power_stays_with_each_commune(role: Role, communes: tuple[str, ...], plan: str, opens: bool) -> None:
    by = cast.person(role, communes=communes)
    if opens:
        assert services.open_cell(by=by, opening=opening(plan=plan)).plan_id == plan
    else:
        with pytest.raises(NotAllowed):
            services.open_cell(by=by, opening=opening(plan=plan))


def test_one_cell_under_a_communal_plan_but_any_number_under_a_theme() -> None:
    by = world.director()
    first = world.opened(by, plan="pcs-21231")
    with pytest.raises(Conflict, match=first.reference):
        world.opened(by, plan="pcs-21231")
    assert world.opened(by, plan="pics").id != world.opened(by, plan="pcs-21166").id
    assert world.opened(by, plan="industrial").id != world.opened(by, plan="industrial").id
    numbers = [
        int(one.rpartition("-")[2]) for one in Cell.objects.order_by("opened_at").values_list("reference", flat=True)
    ]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    "fields",
    [
        {"plan": "none"},
        {"level": "recovery"},
        {"level": "closed"},
        {"level": "nothing"},
        {"plan": "industrial", "level": "watch"},
        {"facts": " "},
        {"facts": "x" * 2001},
        {"my_function": "operations_director", "director": "other"},
        {"director": "outsider"},
    ],
)
def test_what_does_not_open(fields: dict[str, Any]) -> None:
    people = {"other": world.director(), "outsider": cast.person(Role.CALL_TAKER)}
    if "director" in fields:
        fields = {**fields, "director": people[fields["director"]].id}
    with pytest.raises(Invalid):
        services.open_cell(by=world.director(), opening=opening(**fields))
    assert not Cell.objects.exists()


def test_somebody_else_directs_and_is_called() -> None:
    by, chief = world.director(), world.director()
    cell = services.open_cell(by=by, opening=opening(director=chief.id))
    assert cell.director == chief
    found = {one.function: one for one in Member.objects.filter(cell=cell)}
    assert found["operations_director"].person == chief
    assert (found["logbook_secretary"].person, found["logbook_secretary"].state) == (by, "present")


def test_every_plan_is_whole() -> None:
    plans = list(selectors.plans())
    assert len([one for one in plans if one.kind == Plan.Kind.COMMUNAL]) == 23
    assert {one.key for one in plans if one.kind != Plan.Kind.COMMUNAL} == {
        *("pics", "flood", "snow", "heat", "industrial", "gathering", "cyber", "transport")
    }
    for plan in plans:
        functions = {one.function: one for one in plan.functions.all()}
        assert "operations_director" in functions
        assert {one.required_from for one in functions.values()} <= {"", *plan.levels}
        assert plan.contacts.exists()
