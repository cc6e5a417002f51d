"""Who may stay: rights lost, changed and ended, seen from the screen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
from django.utils import timezone

from access import keys, services
from access.machines import machine
from access.models import Duty, Person, Session
from access.roles import Role
from incidents import services as incidents
from journal.selectors import head
from prove._screens import session_of
from tests import cast
from tests.conftest import PATIENCE_S, Server
from tests.live.conftest import Open, declared


def duty_of(person: Person) -> Duty:
    return Duty.objects.get(person=person)


def test_a_duty_that_ends_closes_and_nothing_after_it_is_told(screen: Open) -> None:
    operator, leaver = cast.person(Role.CALL_TAKER), cast.person(Role.CALL_TAKER)
    desk = screen(leaver)
    desk.read()
    declared(operator)
    services.end_duty(duty_id=duty_of(leaver).id, by=None)
    ended = head().seq
    for _ in range(3):
        declared(operator)
    assert desk.until_closed() == 4403
    assert all(seq <= ended for seq in desk.seqs)


def test_a_disabled_person_is_out_at_once(screen: Open) -> None:
    leaver = cast.person(Role.CALL_TAKER)
    desk = screen(leaver)
    desk.read()
    services.set_active(person=leaver, active=False, by=None)
    assert desk.until_closed() in (4401, 4403)


def test_a_session_that_ended_closes_only_its_own_screens(screen: Open) -> None:
    person = cast.person(Role.CALL_TAKER)
    one, other = session_of(person), session_of(person)
    gone, stays = screen(person, session=one), screen(person, session=other)
    gone.read()
    stays.read()
    Session.objects.filter(session_key=one).delete()
    assert gone.until_closed() == 4401
    declared(person)
    stays.until_seq(head().seq)
    assert len(stays.entries) == 1


def test_a_duty_runs_out_by_itself(screen: Open) -> None:
    for seconds in (2, 30):  # a machine so slow that it is over before the socket is open gets longer
        person = cast.person(Role.CALL_TAKER)
        Duty.objects.filter(person=person).update(valid_until=timezone.now() + timedelta(seconds=seconds))
        desk = screen(person)
        assert desk.until_closed(60) == 4403
        if desk.frames:
            break
    assert desk.frames[0]["type"] == "hello"


def test_changed_rights_mean_load_again(screen: Open) -> None:
    operator = cast.person(Role.CALL_TAKER)
    officer = cast.person(Role.COMMUNE_OFFICER, home="commune-21231", communes=(cast.DIJON,))
    desk = screen(officer)
    desk.read()
    chenove = {"lat": cast.SPOTS[cast.CHENOVE][0], "lon": cast.SPOTS[cast.CHENOVE][1]}
    declared(operator, **chenove)
    services.give_duty(
        person=officer, role=Role.COMMUNE_OFFICER, organisation=officer.organisation, by=None, communes=[cast.CHENOVE]
    )
    desk.until(lambda frame: frame["type"] == "reset")
    seen = declared(operator, **chenove)
    desk.until_seq(head().seq)
    told = [entry["about"] for entry in desk.entries if entry["kind"].startswith("incidents.")]
    assert told == [str(seen.id)], desk.entries


def test_who_is_named_on_a_restricted_incident_follows_it_until_the_name_is_taken_off(screen: Open) -> None:
    police, crew = cast.person(Role.MUNICIPAL_POLICE), cast.person(Role.CREW_LEADER)
    desk = screen(crew)
    desk.read()
    incident = declared(police, category="roads.pothole")

    def comments() -> int:  # the restriction itself may come after the reset, which is as right as before it
        told = [entry["kind"] for entry in desk.entries if entry["about"] == str(incident.id)]
        assert set(told) <= {"incidents.restricted", "incidents.commented"}
        return told.count("incidents.commented")

    incidents.restrict(incident_id=incident.id, by=police, reason="mineurs", people=[crew.id])
    desk.until(lambda frame: frame["type"] == "reset")
    incidents.comment(incident_id=incident.id, by=police, text="vu")
    desk.until_seq(head().seq)
    assert comments() == 1
    incidents.name_people(incident_id=incident.id, by=police, remove=[crew.id])
    desk.until(lambda frame: frame["type"] == "reset")
    incidents.comment(incident_id=incident.id, by=police, text="encore")
    desk.until_seq(head().seq)
    assert comments() == 1


def bearer(server: Server, person: Person, scopes: list[str]) -> tuple[Any, dict[str, str]]:
    client, secret = keys.create_client(person=person, name="machine", scopes=scopes, by=None)
    form = {"grant_type": "client_credentials"}
    answer = httpx.post(f"{server.url}/oauth/token/", data=form, auth=(client.client_id, secret), timeout=PATIENCE_S)
    return client, {"Authorization": f"Bearer {answer.json()['access_token']}"}


def test_a_machine_follows_with_its_token_until_it_is_revoked(server: Server, screen: Open) -> None:
    person = machine(login="wall", name="Mur", organisation="dijon-metropole", role=Role.CALL_TAKER)
    client, headers = bearer(server, person, ["incidents.read"])
    wall = screen(person, session="none", origin=None, additional_headers=headers)
    hello = wall.read()
    assert hello is not None
    assert hello["person"]["name"] == "Mur"
    declared(cast.person(Role.CALL_TAKER))
    wall.until_seq(head().seq)
    assert len(wall.entries) == 1
    keys.revoke_client(client_id=client.client_id, by=None)
    assert wall.until_closed() == 4401


def test_a_token_without_the_scope_does_not_follow(server: Server, screen: Open) -> None:
    person = machine(login="sender", name="Émetteur", organisation="dijon-metropole", role=Role.CALL_TAKER)
    _client, headers = bearer(server, person, ["reports.write"])
    assert screen(person, session="none", origin=None, additional_headers=headers).until_closed() == 4403
    wrong = {"Authorization": "Bearer nonsense"}
    assert screen(person, session="none", origin=None, additional_headers=wrong).until_closed() == 4401
