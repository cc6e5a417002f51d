"""Colours of the weather and flood services suggest, and a person decides."""

import pytest

from access.roles import Role
from crisis import selectors, services
from crisis.models import Suggestion
from crisis.services.watching import SUGGESTS, WATCHED, Colour, Hazard
from journal.errors import Invalid, NotAllowed
from tests import cast
from tests.crisis import world

pytestmark = pytest.mark.django_db


def test_a_colour_suggests_a_level_to_the_cells_under_its_plan_and_changes_none() -> None:
    flood, snow = world.opened(), world.opened(plan="snow")
    (made,) = services.pass_on(by=cast.person(Role.CALL_TAKER), hazard="flood", colour="red", why="Ouche à 2,10 m")
    assert (made.cell_id, made.level, made.source) == (flood.id, "crisis", "flood")
    assert "Ouche à 2,10 m" in made.why
    flood.refresh_from_db()
    assert flood.level == "alert"
    assert not selectors.suggestions(snow).exists()
    services.set_level(cell_id=flood.id, by=flood.director, level="crisis", reason="suivi")
    made.refresh_from_db()
    assert made.outcome == "followed"


def test_without_a_cell_one_is_proposed_once_and_green_sets_it_aside() -> None:
    by = cast.person(Role.CALL_TAKER)
    (first,) = services.pass_on(by=by, hazard="snow", colour="yellow", why="gel")
    (second,) = services.pass_on(by=by, hazard="snow", colour="orange", why="10 cm")
    assert (first.plan_id, first.level, second.level) == ("snow", "watch", "alert")
    waiting = Suggestion.objects.filter(settled_at=None)
    assert [one.id for one in waiting.all()] == [second.id]
    assert services.pass_on(by=by, hazard="snow", colour="green", why="redoux") == []
    assert not waiting.exists()


def test_no_level_is_suggested_that_the_cell_cannot_take() -> None:
    cell = world.opened(level="alert")
    assert services.pass_on(by=cell.director, hazard="flood", colour="orange", why="stable") == []


def test_who_may_not_and_what_is_unknown() -> None:
    for role in (Role.AUDITOR, Role.ADMINISTRATOR):
        with pytest.raises(NotAllowed):
            services.pass_on(by=cast.person(role), hazard="flood", colour="red", why="x")
    by = cast.person(Role.CALL_TAKER)
    for hazard, colour, why in (("fire", "red", "x"), ("flood", "purple", "x"), ("flood", "red", " ")):
        with pytest.raises(Invalid):
            services.pass_on(by=by, hazard=hazard, colour=colour, why=why)


def test_every_hazard_has_a_plan_and_every_colour_but_green_a_level() -> None:
    assert {one.plan for one in WATCHED.values()} <= {plan.key for plan in selectors.plans()}
    assert set(WATCHED) == set(Hazard)
    assert set(SUGGESTS) == set(Colour) - {Colour.GREEN}
