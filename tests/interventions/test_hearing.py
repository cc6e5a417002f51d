"""What a phone sends late: carried out in the field's time, or kept as a conflict; and its owner's word on positions."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections

from access.roles import Role
from access.selectors import access_of
from incidents import services as incidents
from incidents.models import Incident
from incidents.services.attaching import Kept
from incidents.services.handling import clock
from interventions import field, services
from interventions.models import FieldConsent, Intervention, Note, Photo, Shift
from interventions.services.hearing import ACTS, Heard, Why
from interventions.workflow import MOVES
from journal.errors import Invalid, NotFound
from journal.events import decode
from journal.models import Entry
from tests import cast
from tests.interventions import means

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
CONFLICT = "interventions.field_conflict"


@pytest.fixture
def coordinator() -> Any:
    return cast.person(Role.INTERVENTION_COORDINATOR)


@pytest.fixture
def leader() -> Any:
    return cast.person(Role.CREW_LEADER)


def say(one: Intervention, by: Any, act: str, *, at: datetime | None = None, **words: Any) -> Heard:
    order = words.pop("assigned_at", None)
    return services.hear(intervention_id=one.id, by=by, act=act, at=at or clock(), words=words, assigned_at=order)


def conflicts(one: Intervention) -> list[Any]:
    return [decode(entry.kind, entry.data) for entry in Entry.objects.filter(kind=CONFLICT, about=one.id)]


def test_an_act_is_carried_out_in_the_fields_time(leader: Any) -> None:
    one, then = means.mission(status="assigned", with_crew=means.crew(leader=leader)), clock() - HOUR
    heard = say(one, leader, "accept", at=then)
    assert heard.why is None
    assert heard.row is not None
    assert (heard.row.status, heard.row.accepted_at) == ("accepted", then)
    entry = Entry.objects.get(kind="interventions.accepted")
    assert entry.at > then + HOUR / 2


def test_a_clock_that_runs_ahead_counts_as_now(leader: Any) -> None:
    one = means.mission(status="assigned", with_crew=means.crew(leader=leader))
    heard = say(one, leader, "accept", at=clock() + 3 * HOUR)
    assert heard.row is not None
    assert heard.row.accepted_at is not None
    assert heard.row.accepted_at <= clock()


def test_members_speak_for_their_crew_and_nobody_else_does(leader: Any, coordinator: Any) -> None:
    crew, colleague = means.crew(), cast.person(Role.CREW_LEADER)
    crew.members.add(leader)
    one = means.mission(status="assigned", with_crew=crew)
    for stranger in (colleague, coordinator):
        with pytest.raises(NotFound):
            say(one, stranger, "accept")
    assert say(one, leader, "accept").why is None
    assert conflicts(one) == []


def test_a_mission_cancelled_meanwhile_keeps_what_was_said(leader: Any, coordinator: Any) -> None:
    one, then = means.mission(status="accepted", with_crew=means.crew(leader=leader)), clock() - HOUR
    services.cancel(intervention_id=one.id, by=coordinator, reason="repris par un autre service")
    heard = say(one, leader, "note", text="portail ouvert", at=then)
    assert heard.why is Why.STATE
    assert heard.row is not None
    assert (heard.row.status, heard.row.reason) == ("cancelled", "repris par un autre service")
    (kept,) = conflicts(one)
    assert (kept.act, kept.said, kept.at) == ("note", "portail ouvert", then)
    assert Note.objects.count() == 0
    assert Entry.objects.get(kind=CONFLICT).by == leader.id


def test_an_attempt_that_fails_half_way_leaves_no_trace(leader: Any) -> None:
    """Leaving begins the incident's work before the mission's own state is looked at."""
    incident = cast.incident(status="qualified")
    one = means.mission(status="en_route", incident=incident, with_crew=means.crew(leader=leader))
    assert say(one, leader, "depart").why is Why.STATE
    assert Incident.objects.get(id=incident.id).status == "qualified"
    assert set(Entry.objects.filter(by=leader.id).values_list("kind", flat=True)) == {CONFLICT}


def test_a_mission_given_to_another_crew(leader: Any, coordinator: Any) -> None:
    """A colleague's crew has it now: the late acceptance is not theirs."""
    mine, theirs = means.crew(leader=leader), means.crew(leader=cast.person(Role.CREW_LEADER))
    one = means.mission()
    services.assign(intervention_id=one.id, by=coordinator, crew=mine.id)
    services.assign(intervention_id=one.id, by=coordinator, crew=theirs.id)
    heard = say(one, leader, "accept")
    assert heard.why is Why.GONE
    assert heard.row is not None
    assert (heard.row.status, heard.row.crew.id if heard.row.crew else None) == ("assigned", theirs.id)


def test_a_mission_out_of_sight(leader: Any, coordinator: Any) -> None:
    """Another contractor has it: the phone learns no more of it than that, and its words reach the post."""
    mine = means.crew(leader=leader)
    one = means.mission()
    services.assign(intervention_id=one.id, by=coordinator, crew=mine.id)
    services.assign(intervention_id=one.id, by=coordinator, crew=means.crew(owner="divia").id, override="seuls libres")
    heard = say(one, leader, "refuse", reason="panne de nacelle")
    assert (heard.why, heard.row) == (Why.GONE, None)
    assert conflicts(one)[0].said == "panne de nacelle"


def test_an_answer_to_an_earlier_order_is_none_to_this_one(leader: Any, coordinator: Any) -> None:
    one, crew = means.mission(), means.crew(leader=leader)
    first = services.assign(intervention_id=one.id, by=coordinator, crew=crew.id).assigned_at
    services.unassign(intervention_id=one.id, by=coordinator, reason="erreur")
    again = services.assign(intervention_id=one.id, by=coordinator, crew=crew.id)
    assert say(one, leader, "refuse", reason="trop loin", assigned_at=first).why is Why.AGAIN
    assert say(one, leader, "accept", assigned_at=again.assigned_at).why is None


def test_what_is_older_than_a_week_is_looked_at_by_a_person(leader: Any) -> None:
    one = means.mission(status="on_site", with_crew=means.crew(leader=leader))
    assert say(one, leader, "finish", outcome="fait", at=clock() - timedelta(days=8)).why is Why.OLD
    assert conflicts(one)[0].said == "fait"


def test_words_that_cannot_stand_are_refused_before_anything_is_kept(leader: Any, coordinator: Any) -> None:
    incident = cast.incident(status="qualified")
    incident.reports.update(reporter_name="Honorine Sautereau")
    one = means.mission(status="accepted", incident=incident, with_crew=means.crew(leader=leader))
    with pytest.raises(Invalid):
        say(one, leader, "note", text="vu avec Honorine Sautereau")
    services.cancel(intervention_id=one.id, by=coordinator, reason="rien")
    with pytest.raises(Invalid):
        say(one, leader, "note", text="vu avec Honorine Sautereau")
    assert conflicts(one) == []


def test_a_photo_that_comes_too_late_is_kept_with_the_mission(leader: Any, coordinator: Any) -> None:
    one = means.mission(status="on_site", with_crew=means.crew(leader=leader))
    services.cancel(intervention_id=one.id, by=coordinator, reason="rien")
    kept, name = Kept("a.jpg", "image/jpeg", 3, "0" * 64, "aa/late.jpg"), uuid4()
    heard = services.hear_photo(
        intervention_id=one.id, by=leader, at=clock(), kept=kept, stage="after", item="photo", row_id=name
    )
    assert heard.why is Why.STATE
    assert Photo.objects.get().id == name
    assert conflicts(one)[0].act == "photo"


def test_every_act_of_the_field_is_heard() -> None:
    of_the_crew = {act for act, move in MOVES.items() if move.permission == "interventions.work"}
    assert of_the_crew == {*ACTS, "photo"}


# The phone's picture ---------------------------------------------------------------------------------------------


def seen(person: Any) -> list[str]:
    return [str(one.row.id) for one in field.picture(person=person, access=access_of(person)).missions]


def test_the_day_of_my_crews(leader: Any) -> None:
    crew, now = means.crew(leader=leader, on_shift=False), clock()
    times: dict[str, Any] = {"slot_start": now, "slot_end": now + HOUR}
    held = means.mission(status="assigned", with_crew=crew, **times)
    overdue = means.mission(status="accepted", with_crew=crew)  # days ago by its slot
    done = means.mission(status="done", with_crew=crew, done_at=now)
    cancelled = means.mission(status="cancelled", with_crew=crew, ended_at=now)
    means.mission(status="assigned", with_crew=crew, slot_start=now + 40 * HOUR, slot_end=now + 41 * HOUR)
    means.mission(status="done", with_crew=crew, done_at=now - 60 * HOUR)
    means.mission(status="assigned", **times)  # another crew's
    assert set(seen(leader)) == {str(one.id) for one in (held, overdue, done, cancelled)}


def test_a_night_shift_is_one_day() -> None:
    now = datetime.fromisoformat("2026-11-24T01:30:00+01:00")
    night = Shift(starts_at=now - 3 * HOUR, ends_at=now + 5 * HOUR, kind="planned")
    assert field.day_of(now, [night])[0] == night.starts_at
    midnight = datetime.fromisoformat("2026-11-24T00:00:00+01:00")
    assert field.day_of(now, []) == (midnight, midnight + timedelta(days=1))


def test_an_order_for_after_midnight_is_seen_in_the_evening() -> None:
    evening = datetime.fromisoformat("2026-11-24T21:18:00+01:00")
    assert field.day_of(evening, [])[1] == datetime.fromisoformat("2026-11-25T09:18:00+01:00")


def test_a_restricted_mission_stays_with_the_crew_alone(leader: Any) -> None:
    incident = cast.incident(status="in_progress")
    colleague = cast.person(Role.CREW_LEADER)
    crew = means.crew(leader=leader)
    one = means.mission(status="accepted", incident=incident, with_crew=crew)
    incidents.restrict(incident_id=incident.id, by=cast.person(Role.CRISIS_DIRECTOR), reason="enquête")
    assert (seen(leader), seen(colleague)) == ([str(one.id)], [])


# Positions -------------------------------------------------------------------------------------------------------


def test_positions_are_shared_by_consent_and_on_shift_only(leader: Any) -> None:
    crew, now = means.crew(leader=leader, on_shift=False), clock()
    Shift.objects.create(crew=crew, starts_at=now - HOUR, ends_at=now + HOUR)
    assert not services.may_share(person=leader, at=now)
    given = services.share_position(by=leader, at=now - HOUR / 2)
    assert services.share_position(by=leader) == given, "saying it again changes nothing"
    assert services.may_share(person=leader, at=now)
    assert not services.may_share(person=leader, at=now - HOUR * 0.75), "before the word was given"
    assert not services.may_share(person=leader, at=now + 2 * HOUR), "the shift is over"
    services.keep_position(by=leader)
    services.keep_position(by=leader)
    assert not services.may_share(person=leader, at=clock())
    assert services.may_share(person=leader, at=now - HOUR / 4), "it was shared by consent then"
    entries = Entry.objects.filter(about=leader.id, kind__startswith="interventions.position_")
    assert [(entry.kind.rpartition("_")[2], entry.audiences) for entry in entries] == [
        ("shared", [f"person:{leader.id}"]), ("kept", [f"person:{leader.id}"]),
    ]  # fmt: skip


@pytest.mark.usefixtures("committed")
def test_two_words_at_once_are_one_consent() -> None:
    leader = cast.person(Role.CREW_LEADER)

    def share(_n: int) -> Any:
        try:
            return services.share_position(by=leader).id
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(share, range(8)))) == 1
    assert FieldConsent.objects.count() == 1
