"""Latest-only news: to those who asked, as far as they may see, the newest alone."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import msgspec

from access.roles import Role
from live import latest
from ondijon.stack.ports import wait_until
from prove._screens import Screen
from tests import cast
from tests.conftest import PATIENCE_S
from tests.live.conftest import Open


def say(id_: UUID, number: int, *audiences: str) -> None:
    body = msgspec.Raw(msgspec.json.encode({"id": id_, "n": number}))
    assert latest.publish("numbers", [latest.Item(id_, audiences, body)])


def shown(screen: Screen) -> list[Any]:
    screen.read(0.2)
    return [item for frame in screen.frames if frame["type"] == "latest" for item in frame["items"]]


def test_only_what_was_asked_for_and_may_be_seen(screen: Open) -> None:
    operator, partner = cast.person(Role.CALL_TAKER), cast.person(Role.CREW_LEADER)
    wanting, idle, outside = screen(operator), screen(operator), screen(partner)
    for one in (wanting, outside):
        one.send(type="want", topics=["numbers"])
    thing, ours = uuid4(), f"organisation:{partner.organisation_id}"

    def told() -> bool:
        say(thing, 7, "post")
        return bool(shown(wanting))

    assert wait_until(told, seconds=PATIENCE_S, step=0.3)

    def told_to_both() -> bool:
        say(thing, 9, "post", ours)
        return bool(shown(outside))

    assert wait_until(told_to_both, seconds=PATIENCE_S, step=0.3)
    assert shown(idle) == []
    assert {item["n"] for item in shown(outside)} == {9}
    assert {item["id"] for item in shown(wanting)} == {str(thing)}
