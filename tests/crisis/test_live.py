"""A cell on open screens: members see it at once, others never, and somebody removed no longer."""

import time

import pytest
from websockets.exceptions import ConnectionClosed

from access.roles import Role
from crisis import services
from tests import cast
from tests.conftest import Server
from tests.crisis import world
from tests.live.conftest import Open

PROMISED_SECONDS = 5.0


def test_members_follow_and_the_rest_of_the_post_does_not(server: Server, screen: Open) -> None:
    cell = world.opened()
    member, colleague, auditor = (
        cast.person(role) for role in (Role.CRISIS_MEMBER, Role.CRISIS_DIRECTOR, Role.AUDITOR)
    )
    world.join(cell, member, "planning")
    screens = [screen(one) for one in (member, auditor, colleague)]
    for one in screens:
        one.until(lambda frame: frame["type"] == "hello")
    services.log(cell_id=cell.id, by=cell.director, entry=services.Words(text="Berge sous l'eau"))
    for one in screens[:2]:
        one.until(lambda frame: "crisis.logged" in [entry["kind"] for entry in frame.get("entries", [])])
    assert screens[2].read(1.0) is None or not any(entry["kind"].startswith("crisis.") for entry in screens[2].entries)


def test_somebody_removed_sees_nothing_that_is_written_afterwards(server: Server, screen: Open) -> None:
    cell, member = world.opened(), cast.person(Role.CRISIS_MEMBER)
    seat = world.join(cell, member, "planning")
    watching = screen(member)
    watching.until(lambda frame: frame["type"] == "hello")
    services.remove(cell_id=cell.id, by=cell.director, member_id=seat.id)
    began = time.monotonic()
    ended = False
    while time.monotonic() - began < PROMISED_SECONDS and not ended:
        try:
            frame = watching.read(0.2)
        except ConnectionClosed:
            ended = True
        else:
            ended = frame is not None and frame["type"] == "reset"
    assert ended, "neither closed nor told to load again"
    services.log(cell_id=cell.id, by=cell.director, entry=services.Words(text="Secret de la cellule"))
    try:
        while watching.read(1.0) is not None:
            pass
    except ConnectionClosed:
        pass
    assert "Secret de la cellule" not in str(watching.frames)


@pytest.mark.parametrize("role", [Role.CRISIS_MEMBER, Role.COMMUNE_OFFICER], ids=str)
def test_somebody_called_sees_the_cell_without_signing_in_again(server: Server, screen: Open, role: Role) -> None:
    cell, called = world.opened(), cast.person(role)
    waiting = screen(called)
    waiting.until(lambda frame: frame["type"] == "hello")
    services.call(cell_id=cell.id, by=cell.director, function="logistics", person=called.id)
    waiting.until(lambda frame: frame["type"] == "reset")
    services.log(cell_id=cell.id, by=cell.director, entry=services.Words(text="Pour tous"))
    waiting.until(lambda frame: "crisis.logged" in [entry["kind"] for entry in frame.get("entries", [])])
