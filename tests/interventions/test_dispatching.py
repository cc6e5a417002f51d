"""Asking, choosing a crew, its calendar, and two coordinators at the same instant."""

import os
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from access.roles import Role
from incidents.models import Incident
from interventions import services
from interventions.models import Checklist, Contract, Intervention
from interventions.services.slots import Overlap
from journal.errors import Invalid, NotAllowed, NotFound, Stale, WrongState
from journal.models import Entry
from tests import cast
from tests.interventions import means

ROUNDS = int(os.environ.get("ONDIJON_RACE_ROUNDS", "40"))  # 10,000 were run: docs/figures.md
LATER = cast.NOW + timedelta(days=400)


@pytest.fixture
def coordinator() -> Any:
    return cast.person(Role.INTERVENTION_COORDINATOR)


@pytest.mark.django_db
def test_work_for_an_incident_takes_after_it(coordinator: Any) -> None:
    incident = cast.incident(status="qualified", title="Tout un carrefour noir", priority="P2")
    first = services.propose(by=coordinator, ask=services.Ask(incident=incident.id))
    second = services.propose(by=coordinator, ask=services.Ask(incident=incident.id, duration_minutes=15))
    assert [first.reference, second.reference] == [f"{incident.reference}-1", f"{incident.reference}-2"]
    assert (first.title, first.priority, first.skills) == (incident.title, "P2", ["lighting", "electricity"])
    assert (first.duration_minutes, second.duration_minutes) == (45, 15)
    assert first.response_due is not None
    assert first.response_due - first.created_at == timedelta(minutes=incident.category.first_response_minutes)
    assert Entry.objects.filter(kind="interventions.proposed", about=first.id).count() == 1


@pytest.mark.django_db
def test_planned_work_has_numbers_of_its_own(coordinator: Any) -> None:
    lat, lon = cast.SPOTS[cast.CHENOVE]
    ask = services.Ask(category=cast.LIGHT, lat=lat, lon=lon, title="Tournée")
    one, two = (services.propose(by=coordinator, ask=ask) for _ in range(2))
    assert one.reference.startswith("IV-")
    assert int(two.reference[-6:]) == int(one.reference[-6:]) + 1
    assert (one.commune_id, one.response_due) == (cast.CHENOVE, None)


@pytest.mark.django_db
def test_what_cannot_be_asked_for(coordinator: Any) -> None:
    closed = cast.incident(status="closed")
    with pytest.raises(WrongState):
        services.propose(by=coordinator, ask=services.Ask(incident=closed.id))
    lat, lon = cast.SPOTS[cast.DIJON]
    with pytest.raises(NotAllowed):
        services.propose(
            by=cast.person(Role.EQUIPMENT_SUPERVISOR, communes=(cast.CHENOVE,)),
            ask=services.Ask(category=cast.LIGHT, lat=lat, lon=lon, title="x"),
        )
    for wrong in ({"skills": ("wings",)}, {"duration_minutes": 0}, {"duration_minutes": 99_999}, {"priority": "P9"}):
        incident = cast.incident(status="qualified")
        with pytest.raises(Invalid):
            services.propose(by=coordinator, ask=services.Ask(incident=incident.id, **wrong))
    with pytest.raises(Invalid):
        services.propose(by=coordinator, ask=services.Ask(category=cast.LIGHT, lat=0.0, lon=0.0, title="x"))
    with pytest.raises(Invalid):
        services.propose(by=coordinator, ask=services.Ask(category="lighting", lat=lat, lon=lon, title="x"))


@pytest.mark.django_db
def test_a_reporter_is_never_named(coordinator: Any) -> None:
    incident = cast.incident(status="qualified")
    incident.reports.update(reporter_name="Josette Bernard")
    with pytest.raises(Invalid):
        services.propose(by=coordinator, ask=services.Ask(incident=incident.id, title="Chez Josette Bernard"))


@pytest.mark.django_db
def test_the_first_gap_is_taken_and_the_checklist_is_frozen(coordinator: Any) -> None:
    crew = means.crew()
    one, two, three = (means.mission(duration_minutes=minutes) for minutes in (60, 60, 30))
    one = services.assign(intervention_id=one.id, by=coordinator, crew=crew.id)
    assert one.slot_end is not None
    later = one.slot_end + timedelta(minutes=45)
    services.assign(intervention_id=two.id, by=coordinator, crew=crew.id, start=later)
    three = services.assign(intervention_id=three.id, by=coordinator, crew=crew.id)
    assert three.slot_start == one.slot_end, "45 minutes are room enough for 30"
    sheet = Checklist.objects.get(category_id="lighting")
    assert (one.checklist_title, len(one.checklist)) == (f"{sheet.title} v1", len(sheet.items))
    Checklist.objects.create(category_id="lighting", version=2, title=sheet.title, items=[])
    assert Intervention.objects.get(id=one.id).checklist == sheet.items


@pytest.mark.django_db
def test_the_clocks_are_those_of_the_contract_of_whoever_has_it(coordinator: Any) -> None:
    crew, incident = means.crew(), cast.incident(status="qualified")
    terms = {"title": "Éclairage, Dijon", "communes": [cast.DIJON], "categories": ["lighting"]}
    Contract.objects.create(
        organisation=crew.organisation, valid_from=cast.NOW.date() - timedelta(days=9), response_minutes=30,
        repair_minutes=90, **terms,
    )  # fmt: skip
    one = services.propose(by=coordinator, ask=services.Ask(incident=incident.id))
    category, made = incident.category, one.created_at

    def promised(seen: Intervention) -> list[Any]:
        dues = (seen.response_due, seen.repair_due)
        return [due and (due - made) / timedelta(minutes=1) for due in dues]

    usual = [category.first_response_minutes, category.resolution_minutes]
    assert promised(one) == usual
    one = services.assign(intervention_id=one.id, by=coordinator, crew=crew.id)
    assert promised(one) == [30, 90]
    services.pause(intervention_id=one.id, by=coordinator, reason="access", at=made)
    services.resume(intervention_id=one.id, by=coordinator, at=made)
    one = services.assign(
        intervention_id=one.id, by=coordinator, crew=means.crew(owner="voirie").id, override="renfort"
    )
    assert promised(one) == usual
    one = services.assign(intervention_id=one.id, by=coordinator, crew=crew.id)
    one = services.unassign(intervention_id=one.id, by=coordinator, reason="fin de poste")
    assert promised(one) == usual


@pytest.mark.django_db
def test_an_overlap_is_refused_and_says_with_what_and_when_next(coordinator: Any) -> None:
    crew = means.crew()
    one, two = means.mission(), means.mission()
    held = services.assign(intervention_id=one.id, by=coordinator, crew=crew.id)
    with pytest.raises(Overlap) as refused:
        services.assign(intervention_id=two.id, by=coordinator, crew=crew.id, start=held.slot_start)
    told = refused.value.extra["mission"]
    assert (told["reference"], told["assigned_by"].name) == (one.reference, coordinator.name)
    assert told["assigned_at"] >= held.assigned_at
    assert refused.value.extra["next_free"] == held.slot_end
    assert Intervention.objects.get(id=two.id).status == "proposed"


@pytest.mark.django_db
def test_an_overlap_with_something_out_of_sight_tells_its_time_alone() -> None:
    near = cast.person(Role.INTERVENTION_COORDINATOR, communes=(cast.DIJON,))
    crew = means.crew()
    far = means.mission(incident=cast.incident(commune=cast.CHENOVE, status="qualified"))
    held = services.assign(intervention_id=far.id, by=cast.person(Role.INTERVENTION_COORDINATOR), crew=crew.id)
    with pytest.raises(Overlap) as refused:
        services.assign(intervention_id=means.mission().id, by=near, crew=crew.id, start=held.slot_start)
    assert refused.value.extra["mission"] == {"slot_start": held.slot_start, "slot_end": held.slot_end}
    assert far.reference not in refused.value.detail


@pytest.mark.django_db
def test_the_database_refuses_an_overlap_by_itself() -> None:
    crew = means.crew()
    means.mission(status="accepted", with_crew=crew)
    with pytest.raises(IntegrityError, match="one_mission_at_a_time"), transaction.atomic():
        means.mission(status="assigned", with_crew=crew)


@pytest.mark.django_db
def test_moving_it_to_another_crew_and_taking_it_back(coordinator: Any) -> None:
    mine, theirs = means.crew(), means.crew(owner="voirie")
    leader = cast.person(Role.CREW_LEADER)
    one = means.mission()
    one = services.assign(intervention_id=one.id, by=coordinator, crew=mine.id)
    services.accept(intervention_id=one.id, by=leader)
    one = services.assign(intervention_id=one.id, by=coordinator, crew=theirs.id, override="renfort de la voirie")
    assert (one.status, one.accepted_at) == ("assigned", None)
    with pytest.raises(NotFound):
        services.accept(intervention_id=one.id, by=leader)
    one = services.unassign(intervention_id=one.id, by=coordinator, reason="plus urgent ailleurs")
    assert (one.status, one.crew, one.slot_start, one.organisation) == ("proposed", None, None, None)
    gone = Entry.objects.filter(about=one.id, kind="interventions.withdrawn").order_by("seq")
    assert [entry.audiences for entry in gone] == [[f"organisation:{crew.organisation_id}"] for crew in (mine, theirs)]


@pytest.mark.django_db
def test_a_stale_version_is_refused(coordinator: Any) -> None:
    one = means.mission()
    with pytest.raises(Stale):
        services.assign(intervention_id=one.id, by=coordinator, crew=means.crew().id, version=7)


def race(first: Any, second: Any) -> list[object]:
    """Both at once, each on a connection of its own: what came of them."""
    start, came = threading.Barrier(2), {}

    def run(number: int, act: Any) -> None:
        start.wait()
        try:
            came[number] = act()
        except Exception as error:
            came[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate((first, second))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [came[0], came[1]]


@pytest.mark.usefixtures("committed")
def test_two_coordinators_never_win_the_same_hour_of_a_crew() -> None:
    """One winner a round: two missions for one crew and one hour, or one mission for two crews."""
    ours, theirs = (cast.person(Role.INTERVENTION_COORDINATOR) for _ in range(2))
    incident = cast.incident(status="in_progress", by=ours)
    for number in range(ROUNDS):
        crew, other = means.crew(), means.crew()
        one, two = means.mission(incident=incident), means.mission(incident=incident)
        same_crew = number % 2 == 0
        acts = [
            lambda one=one, crew=crew: services.assign(
                intervention_id=one.id, by=ours, crew=crew.id, start=LATER, version=1
            ),
            (lambda two=two, crew=crew: services.assign(
                intervention_id=two.id, by=theirs, crew=crew.id, start=LATER, version=1
            )) if same_crew else (lambda one=one, other=other: services.assign(
                intervention_id=one.id, by=theirs, crew=other.id, start=LATER, version=1
            )),
        ]  # fmt: skip
        came = race(*acts)
        lost = [result for result in came if isinstance(result, Exception)]
        assert len(lost) == 1, came
        assert isinstance(lost[0], Overlap if same_crew else Stale), lost
    assert Intervention.objects.filter(status="assigned").count() == ROUNDS
    assert Entry.objects.filter(kind="interventions.assigned").count() == ROUNDS
    assert Incident.objects.count() == 1
    connection.close()
