"""The link and the crisis cell: what the cell does leaves by itself, what comes for it stands in its log and on its board."""

from typing import Any

import pytest

from access.roles import Role
from access.selectors import access_of
from crisis import services as crisis
from crisis.models import Action, Cell, CellIncident, Line, MeansRequest, Report
from crisis.services import Task, Wish, closing
from journal.errors import NotFound
from journal.models import Entry
from notifications import timers
from prefecture import selectors, services
from prefecture.models import Instruction, Message
from prefecture.services.describing import situation
from prefecture.wire import envelope, kinds
from prefecture.wire.kinds import Kind
from tests import cast
from tests.crisis.world import director, join, opened
from tests.interventions import means
from tests.prefecture.world import Cod, instruction, measure, now, soon

pytestmark = pytest.mark.django_db


def sent(cell: Cell) -> list[Message]:
    return list(Message.objects.filter(direction="out", crisis=cell.id).exclude(kind="ack").order_by("sequence"))


def test_opening_levels_means_reports_and_closing_leave_in_order() -> None:
    by = director(name="C. Morel")
    cell = opened(by)
    crisis.set_level(cell_id=cell.id, by=by, level="crisis", reason="1,95 m dépassé")
    crisis.request_means(
        cell_id=cell.id, by=by, wish=Wish(function="logistics", what="motopompe", via="prefecture", quantity=2)
    )
    crisis.request_means(cell_id=cell.id, by=by, wish=Wish(function="logistics", what="lit", via="organisation",
                         organisation=cast.organisation("divia").id))  # fmt: skip
    crisis.act(cell_id=cell.id, by=by, task=Task(text="Fermer la voie basse", function="field_operations"))
    report = crisis.draft_report(cell_id=cell.id, by=by)
    crisis.approve_report(cell_id=cell.id, by=by, report_id=report.id)
    crisis.send_report(cell_id=cell.id, by=by, report_id=report.id)
    kinds = [(one.kind, one.sequence) for one in sent(cell)]
    assert kinds == [("crisis_activation", 1), ("level_change", 2), ("resource_request", 3), ("situation_report", 4)]
    activation, level, wanted, report_told = (envelope.read(bytes(one.raw)).message.body for one in sent(cell))
    assert (activation.title, activation.level, activation.director) == (cell.title, "alert", "C. Morel")
    assert (level.level_before, level.level) == ("alert", "crisis")
    assert (wanted.resources[0].what, wanted.resources[0].quantity) == ("motopompe", 2)
    assert cell.reference == report_told.emsi.EVENT.ID
    assert [(one.NAME, one.STATUS) for one in report_told.emsi.MISSION] == [("Fermer la voie basse", "NST")]
    assert report_told.text
    for request in MeansRequest.objects.all():
        crisis.answer_request(cell_id=cell.id, by=by, request_id=request.id, state="granted")
    crisis.advance(cell_id=cell.id, by=by, action_id=Action.objects.get().id, state="done")
    crisis.set_level(cell_id=cell.id, by=by, level="recovery", reason="décrue")
    crisis.close(cell_id=cell.id, by=by, reason="fin")
    assert sent(cell)[-1].kind == "closure"


def test_the_work_on_its_incidents_and_what_was_lent_leave_as_missions_and_resources() -> None:
    by = director()
    flooded, secret = cast.incident(), cast.incident(sensitivity="restricted")
    cell = opened(by)
    for one in (flooded, secret):
        CellIncident.objects.create(cell=cell, incident=one, by=by, at=cast.NOW)
    crew, lender = means.crew(), cast.organisation("divia")
    work = means.mission(status="on_site", incident=flooded, with_crew=crew)
    means.mission(status="en_route", incident=secret)
    loan = crisis.lend(cell_id=cell.id, by=by, what="bus", quantity=2, lender=lender.id, agreed_by="M. Faure")
    found = situation(cell, number=1, kind=Report.Kind.SITUATION)
    assert [(one.ID, one.STATUS, one.RESOURCE_ID) for one in found.MISSION] == [(work.reference, "IPR", [crew.name])]
    assert [(one.NAME, one.STATUS, one.RTYPE.RCLASS) for one in found.RESOURCE] == [
        (crew.name, "IN_USE/ON_SCENE", ["HUM/UNIT"]), (loan.what, "RESRVD", ["MAT"]),
    ]  # fmt: skip
    assert [one.POSITION.NAME for one in found.EVENT.EGEO if one.POSITION] == [flooded.reference]


def test_what_a_cell_says_is_seen_by_the_cell_and_the_prefecture_alone() -> None:
    cell = opened()
    (message,) = sent(cell)
    assert message.audiences == sorted([*cell.audiences, "prefecture"])
    assert "post" not in Entry.objects.get(kind="prefecture.sent").audiences


def test_an_instruction_becomes_a_line_and_an_action_with_its_deadline(cod: Cod) -> None:
    by = director()
    cell = opened(by)
    cod.say(Kind.INSTRUCTION, instruction(), crisis=cell.id)
    timers.sweep()
    one = Instruction.objects.get()
    action = Action.objects.get()
    assert one.action == action.id
    assert (action.function, action.due_at, action.by_id) == ("prefecture_liaison", one.due_at, cod.machine.id)
    assert "COD-0012" in action.text
    line = Line.objects.filter(cell=cell, kind="message").get()
    assert "Confirmer la capacité" in line.text
    assert one.audiences == sorted([*cell.audiences, "prefecture"])
    assert any("1 instruction" in sentence for sentence in closing.left_open(Cell.objects.get(id=cell.id)))
    timers.sweep()
    assert Action.objects.count() == 1
    crisis.advance(cell_id=cell.id, by=by, action_id=action.id, state="done")
    one.refresh_from_db()
    assert one.status == "done"


def test_what_the_prefecture_says_is_confirmed_and_stands_at_its_own_time(cod: Cod) -> None:
    cell = opened()
    cod.say(
        Kind.SITUATION_REQUEST, kinds.SituationRequest(text="Où en êtes-vous ?"), crisis=cell.id, sent=now(minutes=-3)
    )
    timers.sweep()
    line = Line.objects.get(cell=cell, kind="message")
    assert (line.reliability, line.credibility) == ("A", 1)
    assert line.occurred_at == Message.objects.get(direction="in").sent_at


def test_a_transfer_that_comes_takes_the_direction_that_was_offered(cod: Cod) -> None:
    by = director()
    cell = opened(by)
    told = kinds.DirectionTransfer(from_authority="Maire", to_authority="Préfet", effective_at=soon(0))
    cod.say(Kind.DIRECTION_TRANSFER, told, crisis=cell.id)
    timers.sweep()
    cell.refresh_from_db()
    assert cell.direction == "cell"  # nobody offered it: it stands in the log
    crisis.offer_direction(cell_id=cell.id, by=by, prefect=True, reason="plusieurs communes")
    cod.say(Kind.DIRECTION_TRANSFER, told, crisis=cell.id)
    timers.sweep()
    cell.refresh_from_db()
    assert cell.direction == "prefect"
    assert cell.transfers.get().answered_by == cod.machine
    numbers = list(Line.objects.filter(cell=cell).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def test_nobody_writes_to_the_prefecture_in_the_name_of_a_cell_that_they_do_not_see() -> None:
    cell, coordinator = opened(), cast.person(Role.INTERVENTION_COORDINATOR)
    with pytest.raises(NotFound):
        services.send(kind="measure_taken", payload=measure(), by=coordinator, crisis=cell.id)
    assert len(sent(cell)) == 1


def test_an_instruction_that_is_changed_or_withdrawn_takes_its_action_along(cod: Cod) -> None:
    by = director()
    cell = opened(by)
    first = cod.parcel(Kind.INSTRUCTION, instruction(), crisis=cell.id)
    cod.post(first)
    timers.sweep()
    second = cod.parcel(Kind.INSTRUCTION, instruction(number="bis"), crisis=cell.id, supersedes=first.message.messageId)
    cod.post(second)
    timers.sweep()
    assert list(Action.objects.order_by("number").values_list("state", flat=True)) == ["dropped", "todo"]
    cod.say(Kind.INSTRUCTION, instruction(), crisis=cell.id, supersedes=second.message.messageId, cancels=True)
    timers.sweep()
    assert set(Action.objects.values_list("state", flat=True)) == {"dropped"}
    assert set(Instruction.objects.values_list("status", flat=True)) == {"cancelled"}
    titles = Message.objects.filter(direction="in").order_by("sequence").values_list("title", flat=True)
    assert [one.partition(" :")[0] for one in titles] == [
        "Instruction", "Instruction (mise à jour)", "Instruction (annulation)",
    ]  # fmt: skip


def test_an_action_that_is_dropped_leaves_its_instruction_open(cod: Cod) -> None:
    by = director()
    cell = opened(by)
    cod.say(Kind.INSTRUCTION, instruction(), crisis=cell.id)
    timers.sweep()
    crisis.advance(cell_id=cell.id, by=by, action_id=Action.objects.get().id, state="dropped")
    assert Instruction.objects.get().status == "open"


def test_saying_it_done_on_the_link_s_page_ends_the_cell_s_action(cod: Cod) -> None:
    by = director()
    cell = opened(by)
    cod.say(Kind.INSTRUCTION, instruction(), crisis=cell.id)
    timers.sweep()
    one = services.say_done(instruction_id=Instruction.objects.get().id, by=by)
    assert one.status == "done"
    assert Action.objects.get().state == "done"
    assert Entry.objects.filter(kind="prefecture.instruction_done").count() == 1


def test_what_comes_for_no_cell_of_ours_is_the_post_s(cod: Cod) -> None:
    cod.say(Kind.INSTRUCTION, instruction())
    timers.sweep()
    assert Instruction.objects.get().audiences == ["post", "prefecture"]
    assert not Action.objects.exists()


def test_a_member_sees_the_cell_s_conversation_and_nobody_else_of_the_post() -> None:
    cell = opened()
    member, other = cast.person(Role.CRISIS_MEMBER), cast.person(Role.CALL_TAKER)
    join(cell, member, "communication")
    assert [one.crisis for one in selectors.conversations(access_of(member))] == [cell.id]
    assert selectors.conversations(access_of(other)) == []
    assert selectors.conversations(access_of(member))[0].title == cell.title


@pytest.mark.parametrize(
    ("decision", "state", "answer"),
    [
        ("granted", "granted", "à 15:00"),
        ("partly", "granted", "En partie : à 15:00"),
        ("refused", "refused", "à 15:00"),
    ],
)
def test_the_prefecture_s_answer_settles_the_cell_s_request(cod: Cod, decision: str, state: str, answer: str) -> None:
    by = director()
    cell = opened(by)
    request = crisis.request_means(
        cell_id=cell.id, by=by, wish=Wish(function="logistics", what="motopompe", via="prefecture")
    )
    told: dict[str, Any] = {"answers": sent(cell)[-1].message_id, "decision": decision, "text": "à 15:00"}
    for _twice in range(2):
        cod.say(Kind.RESOURCE_RESPONSE, kinds.ResourceResponse(**told), crisis=cell.id)
        timers.sweep()
    request.refresh_from_db()
    assert (request.state, request.answer) == (state, answer)
    assert Entry.objects.filter(kind="crisis.means_answered").count() == 1
    assert not any("motopompe" in sentence for sentence in closing.left_open(Cell.objects.get(id=cell.id)))
