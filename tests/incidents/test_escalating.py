"""Nothing waits unseen: steps run until somebody takes an incident up, and what was taken up and left comes back."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from access.models import Person
from access.roles import Role
from incidents import services
from incidents.models import Escalation, EscalationState, Incident, Policy, PolicyVersion, StepAct
from incidents.policies import PUBLISHED
from incidents.services import escalating, stepping
from incidents.services.acting import clock
from journal.errors import Invalid, Problem
from journal.models import Entry
from journal.statements import prepared
from notifications import timers
from notifications.models import Message, Timer
from notifications.services import acknowledge
from tests import cast
from tests.incidents.escalations import declared, happened, pass_time, policy, state, step, three_steps

pytestmark = pytest.mark.django_db
DUTY, CRISIS, PRIORITY = StepAct.DUTY, StepAct.CRISIS, StepAct.PRIORITY
CHIEF = Role.INTERVENTION_COORDINATOR


@pytest.fixture
def caller() -> Person:
    return cast.person(Role.CALL_TAKER)


@pytest.fixture
def chief() -> Person:
    return cast.person(CHIEF)


def test_unseen_it_walks_through_its_steps(caller: Person, chief: Person) -> None:
    three_steps()
    made = declared(caller)
    assert (state(made).state, state(made).due_at) == ("running", made.declared_at + timedelta(minutes=2))
    assert pass_time(made, 1.9) == 0
    assert pass_time(made, 0.2) == 1
    told = Message.objects.get()
    assert (told.person, told.about, told.wants_ack, told.urgency) == (chief, made.id, True, "vital")
    assert "Éclairage" in told.subject or "Lampadaire" in told.subject
    pass_time(made, 8)
    assert Incident.objects.get(id=made.id).priority == "P1"
    pass_time(made, 10)
    assert happened(made) == [
        "declared", "step_taken", "priority_raised", "step_taken", "crisis_proposed", "step_taken"
    ]  # fmt: skip
    assert state(made).state == EscalationState.SPENT
    assert pass_time(made, 1000) == 0
    first = json.loads(Entry.objects.filter(kind="incidents.step_taken").order_by("seq")[0].data)
    assert (first["act"], first["step"], first["told"]) == ("duty", 1, [str(chief.id)])


def test_acknowledging_stops_it(caller: Person, chief: Person) -> None:
    three_steps()
    made = declared(caller)
    pass_time(made, 3)
    services.acknowledge(incident_id=made.id, by=caller)
    assert state(made).state == EscalationState.TAKEN
    pass_time(made, 14)
    assert happened(made) == ["declared", "step_taken", "acknowledged"]


@pytest.mark.parametrize("channel", ["sms", "screen"])
def test_acknowledging_the_message_is_acknowledging_the_incident(caller: Person, chief: Person, channel: str) -> None:
    three_steps()
    made = declared(caller)
    pass_time(made, 3)
    acknowledge(message_id=Message.objects.get(person=chief).id, by=chief, channel=channel)
    made.refresh_from_db()
    assert made.acknowledged_at is not None
    assert state(made).state == EscalationState.TAKEN
    entry = Entry.objects.get(kind="incidents.acknowledged")
    assert (entry.by, entry.about) == (chief.id, made.id)


def test_a_late_reply_changes_nothing(caller: Person, chief: Person) -> None:
    three_steps()
    made = declared(caller)
    pass_time(made, 3)
    services.cancel(incident_id=made.id, by=chief, reason="rien trouvé")
    acknowledge(message_id=Message.objects.get(person=chief).id, by=chief, channel="sms")
    assert happened(made) == ["declared", "step_taken", "cancelled"]


def test_acknowledged_and_untouched_it_comes_back_and_begins_again(
    caller: Person, chief: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    three_steps()
    made = declared(caller)
    services.acknowledge(incident_id=made.id, by=caller)
    # The journal's times cannot be moved into the past, so here the clock is ahead.
    monkeypatch.setattr(stepping, "clock", lambda: clock() + timedelta(minutes=16))
    pass_time(made, 15.1)
    monkeypatch.undo()
    made.refresh_from_db()
    assert made.acknowledged_at is None
    assert (state(made).state, state(made).turn) == (EscalationState.RUNNING, 2)
    assert happened(made) == ["declared", "acknowledged", "came_back", "escalation_started"]
    pass_time(made, 3)
    assert Message.objects.filter(person=chief).count() == 1


def test_touched_meanwhile_it_waits_from_then(caller: Person, chief: Person) -> None:
    three_steps()
    made = declared(caller)
    services.acknowledge(incident_id=made.id, by=caller)
    services.comment(incident_id=made.id, by=chief, text="j'y vais")
    assert pass_time(made, 15) == 1  # looked, found the comment
    assert state(made).state == EscalationState.TAKEN
    assert Incident.objects.get(id=made.id).acknowledged_at is not None


@pytest.mark.parametrize("verb", ["start", "resolve", "cancel"])
def test_under_way_or_over_nothing_follows(caller: Person, chief: Person, verb: str) -> None:
    three_steps()
    made = declared(caller)
    services.qualify(incident_id=made.id, by=chief, priority="P2", category=cast.LIGHT)
    assert state(made).state == EscalationState.TAKEN
    words = {"resolve": {"outcome": "fait"}, "cancel": {"reason": "rien"}}.get(verb, {})
    getattr(services, verb)(incident_id=made.id, by=chief, **words)
    assert (state(made).state, state(made).due_at) == (EscalationState.ENDED, None)
    assert not Timer.objects.filter(timers.WAITING, about=made.id).exists()


def test_a_policy_changed_later_changes_nothing_that_runs(caller: Person, chief: Person) -> None:
    three_steps()
    made = declared(caller)
    policy(step(1, CRISIS), category_id=cast.LIGHT)
    pass_time(made, 3)
    assert happened(made) == ["declared", "step_taken"]
    assert json.loads(Entry.objects.get(kind="incidents.step_taken").data)["act"] == "duty"
    other = declared(caller)
    pass_time(other, 3)
    assert happened(other) == ["declared", "crisis_proposed", "step_taken"]


def test_a_published_version_cannot_be_changed(caller: Person) -> None:
    three_steps()
    version = state(declared(caller)).version_id
    with pytest.raises(DatabaseError, match="never changes"):
        PolicyVersion.objects.filter(id=version).update(number=99)


def test_snoozed_it_sleeps_and_comes_back(caller: Person, chief: Person) -> None:
    three_steps()
    made = declared(caller)
    made = services.snooze(incident_id=made.id, by=caller, minutes=30, reason="équipe prévenue")
    assert made.acknowledged_at is not None
    assert (state(made).state, state(made).reason) == (EscalationState.SNOOZED, "équipe prévenue")
    assert pass_time(made, 29) == 0
    pass_time(made, 1.5)
    assert Incident.objects.get(id=made.id).acknowledged_at is None
    assert state(made).state == EscalationState.RUNNING
    assert happened(made) == ["declared", "snoozed", "came_back", "escalation_started"]


@pytest.mark.parametrize(("priority", "minutes"), [("P1", 61), ("P2", 481), ("P3", 10081), ("P3", 0)])
def test_nothing_sleeps_too_long(caller: Person, priority: str, minutes: int) -> None:
    made = declared(caller, priority=priority)
    with pytest.raises(Invalid) as refused:
        services.snooze(incident_id=made.id, by=caller, minutes=minutes, reason="plus tard")
    assert list(refused.value.extra["errors"]) == ["minutes"]


def test_handed_over_it_waits_for_its_new_owner_whose_people_are_told(caller: Person) -> None:
    leader = cast.person(Role.CREW_LEADER, home="voirie")
    old = cast.person(Role.CREW_LEADER, home="eclairage")
    made = declared(caller)
    services.acknowledge(incident_id=made.id, by=caller)
    to = cast.organisation("voirie")
    made = services.hand_over(incident_id=made.id, by=old, organisation=to.id, reason="c'est la voirie")
    assert (made.organisation, made.assignee, made.acknowledged_at) == (to, None, None)
    assert [message.person for message in Message.objects.all()] == [leader]
    assert happened(made)[-3:] == ["withdrawn", "handed_over", "escalation_started"]
    with pytest.raises(Problem):
        services.hand_over(incident_id=made.id, by=caller, organisation=to.id, reason="encore")


def test_nobody_is_told_of_what_they_must_not_see(caller: Person, chief: Person) -> None:
    policy(step(1, DUTY, role=CHIEF), step(30, DUTY, role=Role.CRISIS_DIRECTOR), category_id=cast.LIGHT)
    director = cast.person(Role.CRISIS_DIRECTOR)
    made = declared(caller)
    services.restrict(incident_id=made.id, by=director, reason="enquête")
    pass_time(made, 2)
    assert {message.person for message in Message.objects.all()} == {director}
    subject, body = Message.objects.values_list("subject", "body").get()
    assert "Lampadaire" not in subject + body
    assert made.reference in body


def test_a_step_that_finds_nobody_brings_the_next_telling_forward(caller: Person) -> None:
    director = cast.person(Role.CRISIS_DIRECTOR)
    policy(
        step(1, StepAct.ROTA, rota="personne"), step(30, DUTY, role=Role.CRISIS_DIRECTOR), step(60, CRISIS),
        category_id=cast.LIGHT,
    )  # fmt: skip
    made = declared(caller)
    pass_time(made, 1.1)
    assert [message.person for message in Message.objects.all()] == [director]
    assert "crisis_proposed" not in happened(made)


def test_it_goes_on_with_another_policy(caller: Person, chief: Person) -> None:
    policy(step(1, DUTY, role=CHIEF), key="suite", category_id="crisis")
    policy(step(5, StepAct.POLICY, other=Policy.objects.get(key="suite")), category_id=cast.LIGHT)
    made = declared(caller)
    pass_time(made, 6.5)
    assert happened(made) == ["declared", "step_taken", "escalation_started", "step_taken"]
    assert PUBLISHED[state(made).version_id].key == "suite"


def test_assigned_by_its_policy(caller: Person) -> None:
    to = cast.organisation("voirie")
    policy(step(1, StepAct.ASSIGN, organisation=to), step(2, StepAct.ORGANISATION), category_id=cast.LIGHT)
    leader = cast.person(Role.CREW_LEADER, home="voirie")
    made = declared(caller)
    pass_time(made, 3)
    made.refresh_from_db()
    assert (made.organisation, made.acknowledged_at) == (to, None)
    assert [message.person for message in Message.objects.all()] == [leader]


def test_merged_and_taken_apart_again(caller: Person, chief: Person) -> None:
    three_steps()
    made, other = declared(caller), declared(caller)
    services.merge(incident_id=made.id, into=other.id, by=caller)
    assert state(made).state == EscalationState.ENDED
    services.unmerge(incident_id=made.id, by=caller, reason="pas le même")
    assert (state(made).state, state(made).turn) == (EscalationState.RUNNING, 2)


def test_a_timer_that_was_replaced_finds_that_it_is_not_meant(caller: Person, chief: Person) -> None:
    three_steps()
    made = declared(caller)
    old = Timer.objects.get(about=made.id)
    services.acknowledge(incident_id=made.id, by=caller)
    stepping.due(old)
    assert happened(made) == ["declared", "acknowledged"]


@pytest.mark.parametrize("category", ["hazard.gas_leak", "public_safety.fight"])
def test_the_house_never_falls_silent_about_the_vital(caller: Person, chief: Person, category: str) -> None:
    made = declared(caller, category=category, priority="P1")
    pass_time(made, 41)
    assert (state(made).state, state(made).turn) == (EscalationState.RUNNING, 3)
    assert Message.objects.filter(person=chief, about=made.id).count() >= 2, (
        "told anew in each turn that has got so far"
    )


def test_the_house_has_a_policy_for_every_priority(caller: Person) -> None:
    for priority in ("P1", "P2", "P3", "P4"):
        assert Escalation.objects.filter(incident=declared(caller, priority=priority)).exists(), priority


def test_declaring_costs_one_statement_more(caller: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted with Django's own statements and the prepared ones."""
    declared(caller)  # the versions are known to this process from now on
    asked: list[str] = []

    def note(sql: str, *values: object) -> object:
        asked.append(sql)
        return prepared(sql, *values)  # type: ignore[arg-type]

    for module in ("incidents.services.declaring", "incidents.services.surveying", "notifications.timers"):
        monkeypatch.setattr(f"{module}.prepared", note)
    with CaptureQueriesContext(connection) as seen:
        declared(caller)
    told = [query["sql"] for query in seen.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert told == []
    assert len(asked) == 3  # survey, insert, timers
    assert escalating.KIND in timers._HANDLERS
