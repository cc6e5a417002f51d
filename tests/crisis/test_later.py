"""What happens by itself: late actions, briefings, checks, guests, escalations."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from access.models import Person
from access.roles import Role
from access.selectors import access_of
from crisis import selectors, services
from crisis.models import Action, Cell, Member, Suggestion
from crisis.services.acting import clock
from incidents.events import CrisisProposed
from incidents.rows import row_of
from journal.errors import Conflict, Invalid, NotAllowed, WrongState
from journal.services import writing
from notifications import timers
from notifications.models import Message, Timer
from notifications.services.answering import acknowledge
from tests import cast
from tests.crisis import world

pytestmark = pytest.mark.django_db
PAST = timedelta(minutes=5)


@pytest.fixture
def cell() -> Cell:
    return world.opened()


def fire(kind: str) -> int:
    """Let the timers of a kind be due, and sweep."""
    Timer.objects.filter(kind=kind, fired_at=None).update(due_at=Now() - PAST)
    return timers.sweep()


def messages(person: Person, kind: str) -> int:
    return Message.objects.filter(person=person, key__startswith=f"{kind}:").count()


def test_a_late_action_is_told_to_its_function_then_to_the_director(cell: Cell) -> None:
    holder = cast.person(Role.CREW_LEADER)
    world.join(cell, holder, "field_operations")
    task = services.Task(text="Barrières", function="field_operations", due_at=clock() - PAST)
    action = services.act(cell_id=cell.id, by=cell.director, task=task)
    assert fire("crisis.action_due") == 1
    action.refresh_from_db()
    assert action.late_told_at is not None
    assert (messages(holder, "crisis.late"), messages(cell.director, "crisis.late")) == (1, 0)
    assert fire("crisis.action_due") == 1
    assert messages(cell.director, "crisis.late") == 1
    assert [entry["step"] for entry in world.told(cell, "action_late")] == [1, 2]
    assert fire("crisis.action_due") == 0


def test_an_action_done_or_put_off_is_not_late(cell: Cell) -> None:
    by, due = cell.director, clock() + PAST
    task = services.Task(text="Barrières", function="logistics", due_at=due)
    done, later = (services.act(cell_id=cell.id, by=by, task=task) for _ in range(2))
    services.advance(cell_id=cell.id, by=by, action_id=done.id, state="done")
    services.advance(cell_id=cell.id, by=by, action_id=later.id, due_at=due + timedelta(hours=1))
    fire("crisis.action_due")
    assert not Action.objects.filter(cell=cell).exclude(late_told_at=None).exists()


def test_the_briefing_comes_round(cell: Cell) -> None:
    by = cell.director
    services.set_briefing(cell_id=cell.id, by=by, every=30)
    for turn in range(1, 4):
        Cell.objects.filter(id=cell.id).update(next_briefing_at=Now() - timedelta(minutes=turn))
        fire("crisis.briefing")
        cell.refresh_from_db()
        assert cell.next_briefing_at is not None
        assert cell.next_briefing_at > clock()
        assert messages(by, "crisis.briefing") == turn
    services.set_level(cell_id=cell.id, by=by, level="recovery", reason="fin")
    closed = services.close(cell_id=cell.id, by=by, reason="fin")
    fire("crisis.briefing")
    closed.refresh_from_db()
    assert closed.next_briefing_at is None


def test_an_outcome_to_check_is_asked_for(cell: Cell) -> None:
    by = cell.director
    ruling = services.Ruling(what="Fermer", grounds="cote", check_due=clock() + PAST)
    services.decide(cell_id=cell.id, by=by, ruling=ruling)
    assert fire("crisis.check_due") == 1
    assert messages(by, "crisis.check") == 1


def test_a_guest_looks_in_until_the_time_is_over(cell: Cell) -> None:
    guest = cast.person(Role.CALL_TAKER)
    member = services.invite(cell_id=cell.id, by=cell.director, person=guest.id, until=clock() + PAST)
    assert selectors.visible(access_of(guest)).exists()
    Member.objects.filter(id=member.id).update(until=Now() - PAST)
    assert not selectors.visible(access_of(guest)).exists(), "even before a worker has come by"
    assert fire("crisis.guest_until") == 1
    assert f"cell:{cell.id}" not in access_of(guest).audiences
    assert Timer.objects.get(kind="crisis.guest_until").failure == ""


def test_acknowledging_the_call_by_telephone_means_coming(cell: Cell) -> None:
    called = cast.person(Role.CRISIS_MEMBER)
    member = services.call(cell_id=cell.id, by=cell.director, function="logistics", person=called.id)
    acknowledge(message_id=Message.objects.get(person=called).id, by=called, channel="sms")
    member.refresh_from_db()
    assert (member.state, member.expected_at) == ("coming", None)


@pytest.mark.parametrize(
    ("category", "plan"), [("hazard.gas_leak", "industrial"), (cast.LIGHT, "pics"), ("crisis.major_flood", "flood")]
)
def test_an_escalation_proposes_and_a_person_opens(category: str, plan: str) -> None:
    about = cast.incident(category=category)
    for _again in range(2):
        with writing(None) as record:
            record(CrisisProposed(row=row_of(about), policy="P1"), about=about)
    proposal = Suggestion.objects.get(incident=about)
    assert (proposal.plan_id, proposal.outcome) == (plan, "")
    by = world.director()
    assert [one.id for one in selectors.proposals(access_of(by))] == [proposal.id]
    assert not selectors.proposals(access_of(cast.person(Role.CALL_TAKER))).exists()
    cell = world.opened(by, plan=plan, incidents=[about.id], suggestion=proposal.id)
    proposal.refresh_from_db()
    assert proposal.outcome == "opened"
    assert selectors.linked_incidents(cell) == [about.id]


def test_a_proposal_may_be_set_aside_and_hides_with_its_incident() -> None:
    from incidents import services as incidents

    about, by = cast.incident(), world.director()
    proposal = services.propose_cell(by=None, source="escalation", why="P1", level="alert", incident=about)
    incidents.restrict(incident_id=about.id, by=cast.person(Role.MUNICIPAL_POLICE), reason="enquête")
    assert not selectors.proposals(access_of(by)).exists()
    other = services.propose_cell(by=None, source="weather", why="vigilance orange", level="alert")
    told: dict[str, Any] = {"suggestion_id": other.id}
    assert services.set_aside(**told, by=by).outcome == "set_aside"
    assert proposal.settled_at is None


def test_somebody_who_sees_an_incident_proposes_a_cell_once() -> None:
    about, by = cast.incident(category="hazard.gas_leak"), cast.person(Role.CALL_TAKER)
    made = services.propose_for(by=by, incident=about.id, why="façade effondrée")
    assert (made.plan_id, made.source, made.why) == ("industrial", "somebody", "façade effondrée")
    with pytest.raises(Conflict):
        services.propose_for(by=by, incident=about.id, why="encore")
    hidden, over = cast.incident(sensitivity="restricted"), cast.incident(status="closed")
    for incident, error in ((hidden.id, Invalid), (over.id, WrongState)):
        with pytest.raises(error):
            services.propose_for(by=by, incident=incident, why="x")
    with pytest.raises(NotAllowed):
        services.propose_for(by=cast.person(Role.AUDITOR), incident=about.id, why="x")
