"""From the field to the verified report, clocks and pauses, lone workers, and what restricting an incident does."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from access.roles import Role
from incidents import services as incidents
from incidents.models import Incident
from incidents.services.handling import clock
from interventions import selectors, services
from interventions.models import Intervention, Material, Note, Pause, Tick
from interventions.services.watching import KIND
from journal.errors import Invalid, NotFound, WrongState
from journal.events import decode
from journal.models import Entry
from notifications import timers
from notifications.models import Timer
from tests import cast
from tests.interventions import means

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator() -> Any:
    return cast.person(Role.INTERVENTION_COORDINATOR)


@pytest.fixture
def leader() -> Any:
    return cast.person(Role.CREW_LEADER)


def at(one: Intervention, name: str) -> datetime:
    found = getattr(one, name)
    assert isinstance(found, datetime)
    return found


def test_from_the_assignment_to_the_resolved_incident(coordinator: Any, leader: Any) -> None:
    incident = cast.incident(status="qualified")
    one = services.propose(by=coordinator, ask=services.Ask(incident=incident.id))
    crew = means.crew(leader=leader)
    services.assign(intervention_id=one.id, by=coordinator, crew=crew.id)
    services.accept(intervention_id=one.id, by=leader)
    services.depart(intervention_id=one.id, by=leader)
    assert Incident.objects.get(id=incident.id).status == "in_progress"
    one = services.arrive(intervention_id=one.id, by=leader)
    for item in one.checklist:
        one = services.tick(intervention_id=one.id, by=leader, item=item["key"])
    services.note(intervention_id=one.id, by=leader, text="lampe et câble changés")
    services.material(intervention_id=one.id, by=leader, label="lanterne LED", quantity=Decimal(1))
    one = services.finish(intervention_id=one.id, by=leader, outcome="lanterne changée", minutes_spent=35)
    assert (one.status, one.minutes_spent, one.ticked) == ("done", 35, len(one.checklist))
    one = services.verify(intervention_id=one.id, by=coordinator, resolve=True)
    assert (one.status, one.verified_by) == ("verified", coordinator)
    assert Incident.objects.get(id=incident.id).status == "resolved"
    assert (Tick.objects.count(), Note.objects.count(), Material.objects.count()) == (len(one.checklist), 1, 1)
    for entry in Entry.objects.filter(about=one.id):
        assert decode(entry.kind, entry.data).kind == entry.kind


def test_the_fields_time_is_kept_apart_from_ours(leader: Any) -> None:
    one = means.mission(status="assigned", with_crew=means.crew(leader=leader))
    then = clock() - timedelta(hours=2)
    one = services.accept(intervention_id=one.id, by=leader, at=then)
    entry = Entry.objects.get(kind="interventions.accepted")
    assert one.accepted_at == then
    assert entry.at > then + timedelta(hours=1)
    for wrong in (clock() + timedelta(hours=1), clock() - timedelta(days=8)):
        with pytest.raises(Invalid):
            services.depart(intervention_id=one.id, by=leader, at=wrong)


def test_needed_items_left_out_want_a_reason(leader: Any) -> None:
    sheet = [{"key": "zone", "text": "Zone balisée", "needed": True}]
    one = means.mission(status="on_site", with_crew=means.crew(leader=leader), checklist=sheet)
    with pytest.raises(Invalid):
        services.finish(intervention_id=one.id, by=leader, outcome="fait")
    one = services.finish(intervention_id=one.id, by=leader, outcome="fait", left_out="impasse privée")
    assert one.outcome == "fait (impasse privée)"


def test_an_unknown_item_or_a_tick_taken_back(leader: Any) -> None:
    sheet = [{"key": "zone", "text": "Zone balisée"}]
    one = means.mission(status="on_site", with_crew=means.crew(leader=leader), checklist=sheet)
    with pytest.raises(Invalid):
        services.tick(intervention_id=one.id, by=leader, item="wings")
    assert services.tick(intervention_id=one.id, by=leader, item="zone").ticked == 1
    assert services.tick(intervention_id=one.id, by=leader, item="zone", done=False).ticked == 0


def test_finishing_early_frees_the_rest_of_the_slot(coordinator: Any, leader: Any) -> None:
    crew, now = means.crew(leader=leader), clock()
    slot: dict[str, Any] = {"slot_start": now - timedelta(minutes=10), "slot_end": now + timedelta(hours=3)}
    one = means.mission(status="on_site", with_crew=crew, **slot)
    one = services.finish(intervention_id=one.id, by=leader, outcome="fait")
    assert one.slot_end == one.done_at
    other = services.assign(intervention_id=means.mission().id, by=coordinator, crew=crew.id)
    assert at(other, "slot_start") < slot["slot_end"]


def test_pauses_move_on_what_is_due(coordinator: Any, leader: Any) -> None:
    now = clock()
    due: dict[str, Any] = {"response_due": now + timedelta(hours=1), "repair_due": now + timedelta(hours=4)}
    one = means.mission(status="accepted", with_crew=means.crew(leader=leader), **due)
    since, until = now - timedelta(minutes=50), now - timedelta(minutes=20)
    services.hold(intervention_id=one.id, by=leader, reason="access", at=since)
    with pytest.raises(WrongState):
        services.pause(intervention_id=one.id, by=coordinator, reason="weather")
    one = services.release(intervention_id=one.id, by=leader, at=until)
    assert at(one, "response_due") == due["response_due"] + timedelta(minutes=30)
    assert at(one, "repair_due") == due["repair_due"] + timedelta(minutes=30)
    with pytest.raises(WrongState):
        services.resume(intervention_id=one.id, by=coordinator)
    kept = Pause.objects.get()
    assert (kept.reason, kept.from_at, kept.to_at) == ("access", since, until)


def test_a_lone_worker_who_stays_silent_is_a_p1(leader: Any) -> None:
    one = means.mission(status="en_route", with_crew=means.crew(leader=leader), lone=True)
    one = services.arrive(intervention_id=one.id, by=leader)
    assert Timer.objects.get(kind=KIND).due_at == one.check_in_due
    Timer.objects.update(due_at=clock() - timedelta(seconds=1))
    assert timers.sweep() == 1, "it is too early: a sign may still come"
    assert Incident.objects.filter(priority="P1").count() == 0
    one = services.check_in(intervention_id=one.id, by=leader)
    past = clock() - timedelta(seconds=1)
    Timer.objects.update(due_at=past)
    Intervention.objects.update(check_in_due=past)
    timers.sweep()
    alarm = Incident.objects.get(priority="P1")
    assert (alarm.lat, alarm.category_id) == (one.lat, "public_safety.person_in_danger")
    assert Entry.objects.filter(kind="interventions.went_silent", about=one.id).count() == 1


def test_a_sign_of_life_counts_from_when_it_was_given_not_from_when_it_was_heard(leader: Any) -> None:
    one = means.mission(status="en_route", with_crew=means.crew(leader=leader), lone=True, check_in_minutes=30)
    now = clock()
    one = services.arrive(intervention_id=one.id, by=leader, at=now - timedelta(minutes=25))
    assert at(one, "check_in_due") == now + timedelta(minutes=5)
    one = services.check_in(intervention_id=one.id, by=leader, at=now - timedelta(minutes=10))
    assert at(one, "check_in_due") == now + timedelta(minutes=20)
    one = services.check_in(intervention_id=one.id, by=leader, at=now - timedelta(minutes=90))
    due = at(one, "check_in_due")
    assert clock() < due < clock() + timedelta(minutes=2), "the phone may have later signs to send"


def test_work_begun_early_takes_its_slot_along_where_there_is_room(leader: Any) -> None:
    now, hour = clock(), timedelta(hours=1)
    crew = means.crew(leader=leader)

    def accepted(start: timedelta) -> Intervention:
        slot: dict[str, Any] = {"slot_start": now + start, "slot_end": now + start + hour}
        return means.mission(status="accepted", with_crew=crew, **slot)

    second, third = accepted(hour * 2), accepted(hour * 3)
    moved = services.depart(intervention_id=second.id, by=leader, at=now)
    assert (moved.slot_start, moved.slot_end) == (now, now + hour)
    moved = services.arrive(intervention_id=second.id, by=leader)
    assert moved.slot_start == now, "it has begun already"
    stays = services.depart(intervention_id=third.id, by=leader, at=now)
    assert stays.slot_start == third.slot_start, "another mission lies there"


def test_a_pause_that_lasted_to_the_end_ends_when_the_work_did(leader: Any) -> None:
    now = clock()
    one = means.mission(
        status="on_site", with_crew=means.crew(leader=leader), repair_due=now, paused_since=now - timedelta(hours=2),
        paused_reason="weather",
    )  # fmt: skip
    one = services.finish(intervention_id=one.id, by=leader, outcome="fait", at=now - timedelta(hours=1))
    assert at(one, "repair_due") == now + timedelta(hours=1)


def test_a_finished_lone_mission_raises_nothing(leader: Any) -> None:
    one = means.mission(status="en_route", with_crew=means.crew(leader=leader), lone=True)
    services.arrive(intervention_id=one.id, by=leader)
    services.finish(intervention_id=one.id, by=leader, outcome="fait")
    Timer.objects.update(due_at=clock() - timedelta(seconds=1))
    assert timers.sweep() == 0
    assert Incident.objects.filter(priority="P1").count() == 0


def test_sight_follows_the_incident(coordinator: Any, leader: Any) -> None:
    """Restricted: the post and the contractor lose sight of it, the crew's own people keep it by name."""
    director, colleague = cast.person(Role.CRISIS_DIRECTOR), cast.person(Role.CREW_LEADER)
    incident = cast.incident(status="in_progress")
    one = means.mission(status="accepted", incident=incident, with_crew=means.crew(leader=leader))
    incidents.restrict(incident_id=incident.id, by=director, reason="enquête")
    sees = {who: selectors.visible(_access(who)).filter(id=one.id).exists() for who in (coordinator, colleague, leader)}
    assert list(sees.values()) == [False, False, True]
    assert services.depart(intervention_id=one.id, by=leader).status == "en_route"
    with pytest.raises(NotFound):
        services.note(intervention_id=one.id, by=coordinator, text="vu")
    gone = Entry.objects.get(about=one.id, kind="interventions.withdrawn")
    assert set(gone.audiences) == {"post", f"commune:{cast.DIJON}", f"organisation:{leader.organisation_id}"}
    incidents.unrestrict(incident_id=incident.id, by=director, reason="fini")
    assert selectors.visible(_access(coordinator)).filter(id=one.id).exists()


def _access(person: Any) -> Any:
    from access.selectors import access_of

    return access_of(person)
