"""Levels, decisions, actions, cards, means."""

from pathlib import Path
from typing import Any

import pytest

from access.roles import Role
from crisis import selectors, services
from crisis.areas import Shape
from crisis.models import Cell, Decision, Line
from journal.errors import Conflict, Invalid, Stale, WrongState
from notifications.models import Message
from tests import cast
from tests.crisis import world

pytestmark = pytest.mark.django_db
PROVER = Path(__file__).parents[2] / "docs" / "prove_extract.py"
OUCHE = Shape(type="polygon", points=((47.300, 5.030), (47.312, 5.030), (47.312, 5.050), (47.300, 5.050)))


@pytest.fixture
def cell() -> Cell:
    return world.opened()


def test_levels_are_decisions_with_reasons(cell: Cell) -> None:
    by = cell.director
    moved = services.set_level(cell_id=cell.id, by=by, level="crisis", reason="cote 1,95 m")
    assert (moved.level, moved.level_by) == ("crisis", by)
    decision = Decision.objects.get(cell=cell)
    assert (decision.reference, decision.grounds) == ("D-01", "cote 1,95 m")
    assert decision.authority == "Direction des opérations"
    last = Line.objects.filter(cell=cell).last()
    assert last is not None
    assert (last.kind, last.reference) == ("level", "D-01")
    assert f"Niveau porté de « Alerte » à « Crise » par {by.name}" in last.text
    for level, error in (("watch", WrongState), ("closed", Invalid), ("nothing", Invalid), ("crisis", WrongState)):
        with pytest.raises(error):
            services.set_level(cell_id=cell.id, by=by, level=level, reason="x")
    with pytest.raises(Stale):
        services.set_level(cell_id=cell.id, by=by, level="alert", reason="x", version=moved.version - 1)


def test_a_suggestion_decides_nothing_and_is_settled_by_the_decision(cell: Cell) -> None:
    first = services.suggest_level(cell=cell, source="flood", why="vigilance orange", level="crisis")
    second = services.suggest_level(cell=cell, source="flood", why="vigilance rouge", level="crisis")
    cell.refresh_from_db()
    assert cell.level == "alert"
    assert [one.id for one in selectors.suggestions(cell)] == [second.id]
    services.set_level(cell_id=cell.id, by=cell.director, level="crisis", reason="suivi")
    for one, outcome in ((first, "set_aside"), (second, "followed")):
        one.refresh_from_db()
        assert one.outcome == outcome


def test_a_decision_brings_its_actions_and_is_checked_once(cell: Cell) -> None:
    by = cell.director
    tasks = [
        services.Task(text="Fermer le parc", function="field_operations"),
        services.Task(text="Appeler", function="population_alert"),
    ]
    ruling = services.Ruling(
        what="Évacuer", grounds="cote", rejected="étage", authority="Maire de Dijon", actions=tasks
    )
    decision = services.decide(cell_id=cell.id, by=by, ruling=ruling)
    assert [action.reference for action in decision.actions.all()] == ["A-01", "A-02"]
    done = services.check(cell_id=cell.id, by=by, decision_id=decision.id, achieved=True, outcome="vide à 15:20")
    assert (done.achieved, done.checked_by) == (True, by)
    with pytest.raises(WrongState):
        services.check(cell_id=cell.id, by=by, decision_id=decision.id, achieved=False, outcome="non")
    for wrong in (services.Ruling(what="", grounds="x"), services.Ruling(what="x", grounds=" ")):
        with pytest.raises(Invalid):
            services.decide(cell_id=cell.id, by=by, ruling=wrong)


def test_actions_move_and_their_versions_protect_them(cell: Cell) -> None:
    by = cell.director
    action = services.act(cell_id=cell.id, by=by, task=services.Task(text="Barrières", function="logistics"))
    told: dict[str, Any] = {"cell_id": cell.id, "by": by, "action_id": action.id}
    assert services.advance(**told, state="doing", progress="40 m", owner=by.id).owner == by
    with pytest.raises(Stale):
        services.advance(**told, state="done", version=1)
    assert services.advance(**told, state="done").ended_at is not None
    assert services.advance(**told, state="todo").ended_at is None
    with pytest.raises(Invalid):
        services.advance(**told, owner=cast.person(Role.CALL_TAKER).id)


def test_a_card_comes_whole_or_in_part_and_stays_as_it_was(cell: Cell) -> None:
    by = cell.director
    some = services.inject(cell_id=cell.id, by=by, card="flood-field", items=["gauges", "park"])
    assert [(action.card_version, action.function) for action in some] == [(1, "field_operations")] * 2
    assert all(action.due_at is not None for action in some)
    rest = services.inject(cell_id=cell.id, by=by, card="flood-field")
    assert len(rest) == 3
    with pytest.raises(Conflict):
        services.inject(cell_id=cell.id, by=by, card="flood-field")
    for card, items in (("none", None), ("snow-field", None), ("flood-shelter", ["nothing"])):
        with pytest.raises(Invalid):
            services.inject(cell_id=cell.id, by=by, card=card, items=items)


def test_means_become_interventions_or_messages() -> None:
    by = cast.person(Role.CRISIS_DIRECTOR)
    cell = world.opened(by)
    about = cast.incident(by=by, status="qualified")
    wish = services.Wish(function="logistics", what="motopompes", quantity=2, via="intervention", incident=about.id)
    request = services.request_means(cell_id=cell.id, by=by, wish=wish)
    assert request.intervention is not None
    owner = cast.person(Role.CREW_LEADER)
    message = services.Wish(
        function="logistics", what="barrières", via="organisation", organisation=owner.organisation_id
    )
    services.request_means(cell_id=cell.id, by=by, wish=message)
    assert Message.objects.filter(person=owner, about=cell.id).exists()
    done = services.answer_request(cell_id=cell.id, by=by, request_id=request.id, state="granted", answer="à 15:00")
    assert done.state == "granted"
    for via in ("intervention", "organisation", "pigeon"):
        with pytest.raises(Invalid):
            services.request_means(cell_id=cell.id, by=by, wish=services.Wish(function="logistics", what="x", via=via))
