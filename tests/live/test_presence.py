"""Who looks at the same incident, told only to those who may see it and do look at it."""

from __future__ import annotations

from typing import Any

from access.roles import Role
from incidents import services as incidents
from prove._screens import Screen
from tests import cast
from tests.live.conftest import Open, declared


def lookers(screen: Screen, about: object) -> list[tuple[str, str]]:
    frame = screen.until(lambda frame: frame["type"] == "presence")
    assert frame["about"] == str(about)
    return [(person["name"], person["doing"]) for person in frame["people"]]


def nothing_of_presence(screen: Screen) -> bool:
    return all(frame["type"] != "presence" for frame in screen.frames)


def test_people_on_the_same_incident_know_of_each_other(screen: Open) -> None:
    ana, bob = cast.person(Role.CALL_TAKER, name="Ana"), cast.person(Role.CALL_TAKER, name="Bob")
    incident = declared(ana)
    one, two, idle = screen(ana), screen(bob), screen(bob)
    one.send(type="look", about=incident.id, doing="viewing")
    assert lookers(one, incident.id) == [("Ana", "viewing")]
    two.send(type="look", about=incident.id, doing="editing")
    assert lookers(one, incident.id) == lookers(two, incident.id) == [("Ana", "viewing"), ("Bob", "editing")]
    two.send(type="look", about=incident.id, doing="left")
    assert lookers(one, incident.id) == [("Ana", "viewing")]
    two.send(type="look", about=incident.id, doing="viewing")
    assert lookers(one, incident.id) == [("Ana", "viewing"), ("Bob", "viewing")]
    two.close()
    assert lookers(one, incident.id) == [("Ana", "viewing")]
    idle.read(0.5)
    assert nothing_of_presence(idle)


def test_what_one_may_not_see_one_cannot_look_at(screen: Open) -> None:
    police, operator = cast.person(Role.MUNICIPAL_POLICE), cast.person(Role.CALL_TAKER)
    incident = declared(police)
    incidents.restrict(incident_id=incident.id, by=police, reason="mineurs", people=[])
    inside, outside = screen(police), screen(operator)
    inside.send(type="look", about=incident.id, doing="editing")
    assert lookers(inside, incident.id)
    outside.send(type="look", about=incident.id, doing="viewing")
    outside.send(type="look", about="5b0fd4e6-5d1c-4a61-9b61-3b9a2b0c7a11", doing="viewing")
    for one in (outside, inside):
        while one.read(1) is not None:
            pass
    assert nothing_of_presence(outside)
    assert [frame["type"] for frame in inside.frames].count("presence") == 1


def test_who_loses_sight_looks_no_longer(screen: Open) -> None:
    police, operator = cast.person(Role.MUNICIPAL_POLICE, name="Chloé"), cast.person(Role.CALL_TAKER, name="Ana")
    incident = declared(operator)
    one, two = screen(police), screen(operator)
    one.send(type="look", about=incident.id, doing="viewing")
    assert lookers(one, incident.id) == [("Chloé", "viewing")]
    two.send(type="look", about=incident.id, doing="viewing")
    assert lookers(one, incident.id) == [("Ana", "viewing"), ("Chloé", "viewing")]
    incidents.restrict(incident_id=incident.id, by=police, reason="mineurs", people=[])
    gone: dict[str, Any] = one.until(lambda f: f["type"] == "presence" and len(f["people"]) == 1)
    assert gone["people"][0]["name"] == "Chloé"
