"""People called, the direction handed over."""

from pathlib import Path

import pytest

from access.roles import Role
from access.selectors import access_of
from crisis import selectors, services
from crisis.areas import Shape
from crisis.models import Cell, Line, Member
from journal.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from notifications.models import Message
from tests import cast
from tests.crisis import world

pytestmark = pytest.mark.django_db
PROVER = Path(__file__).parents[2] / "docs" / "prove_extract.py"
OUCHE = Shape(type="polygon", points=((47.300, 5.030), (47.312, 5.030), (47.312, 5.050), (47.300, 5.050)))


@pytest.fixture
def cell() -> Cell:
    return world.opened()


def test_people_are_called_answer_and_go(cell: Cell) -> None:
    by, called = cell.director, cast.person(Role.MOBILITY_OPERATOR)
    member = services.call(cell_id=cell.id, by=by, function="mobility_transit", person=called.id)
    assert selectors.visible(access_of(called)).get() == cell
    message = Message.objects.get(person=called, about=cell.id)
    assert (message.wants_ack, message.urgency) == (True, "vital")
    (answered,) = services.answer(cell_id=cell.id, by=called, state="coming", minutes=20, note="tram")
    assert answered.expected_at is not None
    message.refresh_from_db()
    assert message.acknowledged_at is not None
    with pytest.raises(Conflict):
        services.call(cell_id=cell.id, by=by, function="mobility_transit", person=called.id)
    services.remove(cell_id=cell.id, by=by, member_id=member.id)
    assert not selectors.visible(access_of(called)).exists()
    with pytest.raises(NotFound):
        services.answer(cell_id=cell.id, by=called, state="present")
    outside = services.call(cell_id=cell.id, by=by, function="incident_commander", name="Cdt Roy, SDIS")
    assert (outside.person, outside.state) == (None, "present")


def test_whoever_has_no_duty_is_not_called(cell: Cell) -> None:
    for role in (None, Role.ADMINISTRATOR):
        with pytest.raises(Invalid):
            services.call(cell_id=cell.id, by=cell.director, function="logistics", person=cast.person(role).id)
    with pytest.raises(Invalid):
        services.call(cell_id=cell.id, by=cell.director, function="operations_director", person=world.director().id)
    seat = Member.objects.get(cell=cell, function="operations_director")
    with pytest.raises(WrongState):
        services.remove(cell_id=cell.id, by=cell.director, member_id=seat.id)


def test_direction_passes_when_it_is_accepted(cell: Cell) -> None:
    before, after = cell.director, world.director()
    offer = services.offer_direction(cell_id=cell.id, by=before, person=after.id, reason="relève")
    cell.refresh_from_db()
    assert cell.director == before
    with pytest.raises(Conflict):
        services.offer_direction(cell_id=cell.id, by=before, person=after.id, reason="encore")
    with pytest.raises(NotFound):
        services.answer_offer(transfer_id=offer.id, by=world.director(), accept=True)
    with pytest.raises(NotAllowed):
        services.answer_offer(transfer_id=offer.id, by=before, accept=True)
    services.answer_offer(transfer_id=offer.id, by=after, accept=True)
    cell.refresh_from_db()
    assert cell.director == after
    held = {one.function for one in Member.objects.filter(cell=cell, person=before, ended_at=None)}
    assert held == {"intermunicipal_coordinator"}
    with pytest.raises(NotAllowed):
        services.set_level(cell_id=cell.id, by=before, level="crisis", reason="x")
    services.set_level(cell_id=cell.id, by=after, level="crisis", reason="x")


def test_direction_passes_to_the_prefect_and_back(cell: Cell) -> None:
    by, liaison = cell.director, cast.person(Role.PREFECTURE_LIAISON)
    offer = services.offer_direction(cell_id=cell.id, by=by, prefect=True, reason="plusieurs communes")
    services.answer_offer(transfer_id=offer.id, by=liaison, accept=True)
    cell.refresh_from_db()
    assert (cell.direction, cell.director) == ("prefect", by)
    assert services.decide(cell_id=cell.id, by=by, ruling=services.Ruling(what="x", grounds="y")).authority == "Préfet"
    services.set_level(cell_id=cell.id, by=by, level="crisis", reason="x")
    assert "direction : le préfet." in Line.objects.filter(cell=cell, kind="level").latest("number").text
    assert not selectors.visible(access_of(liaison)).exists(), "answering opens no cell"
    back = services.offer_direction(cell_id=cell.id, by=by, person=by.id, reason="fin")
    services.answer_offer(transfer_id=back.id, by=by, accept=True)
    cell.refresh_from_db()
    assert (cell.direction, cell.director) == ("cell", by)


def test_the_words_of_an_answer_stay_out_of_the_record(cell: Cell) -> None:
    called = cast.person(Role.CRISIS_MEMBER)
    services.call(cell_id=cell.id, by=cell.director, function="logistics", person=called.id)
    (mine,) = services.answer(cell_id=cell.id, by=called, state="coming", minutes=20, note="garde d'enfant")
    assert mine.note == "garde d'enfant"
    last = world.told(cell, "member_changed")[-1]["member"]
    assert (last["state"], last["note"]) == ("coming", "")
