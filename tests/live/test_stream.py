"""The stream over a real uvicorn, PostgreSQL and Valkey: who is told what, once, in order."""

from __future__ import annotations

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from access.roles import Role
from incidents import services as incidents
from journal.chain import Cursor
from journal.selectors import head
from prove._screens import Screen, session_of
from tests import cast
from tests.conftest import Server
from tests.live.conftest import Open, declared, declared_many


def kinds(screen: Screen) -> list[str]:
    return [entry["kind"] for entry in screen.entries]


def test_an_incident_is_on_the_desk_at_once(screen: Open) -> None:
    operator = cast.person(Role.CALL_TAKER)
    desk = screen(operator)
    hello = desk.read()
    assert hello is not None
    assert hello["type"] == "hello"
    assert hello["person"] == {"id": str(operator.id), "name": operator.name}
    assert hello["cursor"] == str(head())
    incident = declared(operator)
    frame = desk.until(lambda frame: frame["type"] == "entries")
    assert [entry["kind"] for entry in frame["entries"]] == ["incidents.declared"]
    assert frame["entries"][0]["data"]["row"]["reference"] == incident.reference
    assert "audiences" not in frame["entries"][0]
    assert frame["cursor"] == str(head())


def test_each_duty_is_told_its_own_share(screen: Open) -> None:
    operator = cast.person(Role.CALL_TAKER)
    dijon = cast.person(Role.COMMUNE_OFFICER, home="commune-21231", communes=(cast.DIJON,))
    chenove = cast.person(Role.COMMUNE_OFFICER, home="commune-21166", communes=(cast.CHENOVE,))
    desks = {person: screen(person) for person in (operator, dijon, chenove)}
    for desk in desks.values():
        desk.read()
    there = declared(operator, lat=cast.SPOTS[cast.CHENOVE][0], lon=cast.SPOTS[cast.CHENOVE][1])
    here = declared(operator)
    for person, expected in ((operator, [there, here]), (dijon, [here]), (chenove, [there])):
        desks[person].until_seq(head().seq)
        assert [entry["about"] for entry in desks[person].entries] == [str(one.id) for one in expected]


def test_coming_back_brings_what_was_missed_and_nothing_else(screen: Open) -> None:
    operator = cast.person(Role.CALL_TAKER)
    declared(operator)
    left = head()
    missed = [declared(operator) for _ in range(3)]
    desk = screen(operator, cursor=str(left))
    desk.until_seq(head().seq)
    assert desk.frames[0] == {**desk.frames[0], "type": "hello", "cursor": str(left)}
    assert [entry["about"] for entry in desk.entries] == [str(one.id) for one in missed]
    declared(operator)
    desk.until_seq(head().seq)
    assert desk.seqs == list(range(left.seq + 1, head().seq + 1))


@pytest.mark.parametrize("cursor", ["1.deadbeef", "999999.deadbeef", "0.12345678", "nonsense", "5", "-1.00000000"])
def test_a_place_nobody_knows_means_load_again(screen: Open, cursor: str) -> None:
    operator = cast.person(Role.CALL_TAKER)
    declared(operator)
    desk = screen(operator, cursor=cursor)
    assert [frame["type"] for frame in (desk.read(), desk.read()) if frame] == ["hello", "reset"]
    assert desk.frames[1]["cursor"] == str(head())
    declared(operator)
    desk.until_seq(head().seq)
    assert len(desk.entries) == 1


def test_a_thousand_entries_are_replayed_and_more_are_not(screen: Open) -> None:
    operator = cast.person(Role.CALL_TAKER)
    start = head()
    declared_many(operator, 1000)
    desk = screen(operator, cursor=str(start))
    desk.until_seq(head().seq)
    assert desk.seqs == list(range(start.seq + 1, head().seq + 1))
    declared_many(operator, 500)
    desk.until_seq(head().seq)
    assert desk.seqs == list(range(start.seq + 1, head().seq + 1))
    late = screen(operator, cursor=str(start))
    late.until(lambda frame: frame["type"] == "reset")
    assert late.frames[-1]["cursor"] == str(head())


def test_what_was_restricted_meanwhile_is_not_replayed(screen: Open) -> None:
    operator, police = cast.person(Role.CALL_TAKER), cast.person(Role.MUNICIPAL_POLICE)
    start = head()
    incident = declared(operator)
    incidents.restrict(incident_id=incident.id, by=police, reason="mineurs", people=[])
    desk = screen(operator, cursor=str(start))
    desk.until_seq(head().seq)
    assert kinds(desk) == ["incidents.withdrawn"]
    assert desk.entries[0]["data"] == {}


def test_who_loses_sight_is_told_only_that_it_is_gone(screen: Open) -> None:
    operator, police = cast.person(Role.CALL_TAKER), cast.person(Role.MUNICIPAL_POLICE)
    incident = declared(operator)
    desk = screen(operator)
    desk.read()
    incidents.restrict(incident_id=incident.id, by=police, reason="mineurs", people=[])
    desk.until_seq(head().seq)
    assert kinds(desk) == ["incidents.withdrawn"]


def test_a_screen_that_sees_nothing_still_learns_how_far_it_is(screen: Open) -> None:
    administrator, operator = cast.person(Role.ADMINISTRATOR), cast.person(Role.CALL_TAKER)
    desk = screen(administrator)
    desk.read()
    declared(operator)
    desk.until_seq(head().seq)
    assert desk.entries == []
    assert Cursor.parse(desk.cursor) == head()


def test_a_page_that_is_not_ours_is_refused(server: Server, secret: None) -> None:
    session = session_of(cast.person(Role.CALL_TAKER))
    for origin in ("https://evil.example", f"{server.url}.evil.example", "null", None):
        with pytest.raises(InvalidStatus) as refused:
            Screen(server.live_url, session=session, origin=origin)  # type: ignore[arg-type]
        assert refused.value.response.status_code == 403


@pytest.mark.parametrize("session", ["", "unknown", "x" * 5000])
def test_nobody_gets_in_without_a_session(server: Server, committed: None, session: str) -> None:
    with Screen(server.live_url, session=session, origin=server.url) as desk:
        assert desk.until_closed() == 4401


def test_nobody_gets_in_without_a_duty(screen: Open) -> None:
    assert screen(cast.person(None)).until_closed() == 4403


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", '{"type":"look"}', '{"type":"shout"}', '{"type":"look","about":"x","doing":"viewing"}', b"{}"),
        '{"type":"look","about":"5b0fd4e6-5d1c-4a61-9b61-3b9a2b0c7a11","doing":"viewing","more":1}',
    ],
)
def test_a_frame_that_means_nothing_closes(screen: Open, text: str | bytes) -> None:
    desk = screen(cast.person(Role.CALL_TAKER))
    desk.read()
    desk.socket.send(text)
    assert desk.until_closed() == 4400


def test_too_many_frames_close(screen: Open) -> None:
    desk = screen(cast.person(Role.CALL_TAKER))
    desk.read()
    with pytest.raises(ConnectionClosed) as closed:
        for _ in range(2000):
            desk.send(type="look", about="5b0fd4e6-5d1c-4a61-9b61-3b9a2b0c7a11", doing="left")
            desk.read(0)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4429


def test_a_frame_that_is_too_big_closes(screen: Open) -> None:
    desk = screen(cast.person(Role.CALL_TAKER))
    desk.read()
    desk.socket.send("x" * 70_000)
    assert desk.until_closed() == 1009
