"""The change of shift: both sign, under their own names; what stood open is kept with it, and nothing restricted."""

import json
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.template.loader import render_to_string
from django.test import Client

from access.models import Person
from access.roles import Role
from access.selectors import access_of
from incidents import handing, services
from incidents.models import Handover
from incidents.services.handing import digest, leave_shift, take_shift
from journal.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from journal.models import Entry
from tests import cast
from tests.incidents.api.calling import Api, problem
from tests.incidents.escalations import declared
from tests.incidents.test_races import at_once

pytestmark = pytest.mark.django_db
DESK = {
    *(Role.CALL_TAKER, Role.VIDEO_OPERATOR, Role.BUILDING_SUPERVISOR, Role.EQUIPMENT_SUPERVISOR),
    *(Role.INTERVENTION_COORDINATOR, Role.MUNICIPAL_POLICE, Role.CRISIS_DIRECTOR),
}


@pytest.fixture
def night() -> Person:
    return cast.person(Role.CALL_TAKER, name="Équipe de nuit")


@pytest.fixture
def day() -> Person:
    return cast.person(Role.VIDEO_OPERATOR, name="Équipe de jour")


def test_both_sign_and_it_is_in_the_record(night: Person, day: Person) -> None:
    made = declared(night, priority="P1")
    services.snooze(incident_id=declared(night, priority="P3").id, by=night, minutes=60, reason="équipe prévenue")
    left = leave_shift(by=night, notes=" Surveiller la rue Monge. ")
    taken = take_shift(handover_id=left.id, by=day)
    assert take_shift(handover_id=left.id, by=day).taken_at == taken.taken_at
    sections = {section["key"]: section["lines"] for section in taken.picture}
    assert [line["reference"] for line in sections["urgent"]] == [made.reference]
    assert [line["reference"] for line in sections["waiting"]] == [made.reference]
    assert "équipe prévenue" in sections["snoozed"][0]["note"]
    assert sections["due"]
    first, second = Entry.objects.filter(kind__startswith="incidents.shift").order_by("seq")
    assert (first.by, second.by, first.audiences) == (night.id, day.id, ["post"])
    said = json.loads(first.data)
    assert (said["notes"], said["open"], said["unacknowledged"]) == ("Surveiller la rue Monge.", 1, 1)
    assert said["digest"] == json.loads(second.data)["digest"] == digest(Handover.objects.get())


def test_it_takes_two_and_one_waits_at_a_time(night: Person, day: Person) -> None:
    left = leave_shift(by=night, notes="")
    with pytest.raises(Conflict):
        take_shift(handover_id=left.id, by=night)
    with pytest.raises(Conflict):
        leave_shift(by=day, notes="")
    take_shift(handover_id=left.id, by=day)
    with pytest.raises(Conflict):
        take_shift(handover_id=left.id, by=cast.person(Role.CALL_TAKER))
    leave_shift(by=day, notes="")
    with pytest.raises(NotFound):
        take_shift(handover_id=declared(night).id, by=day)


def test_nothing_restricted_is_kept_with_it(night: Person) -> None:
    chief = cast.person(Role.CRISIS_DIRECTOR)
    made = declared(night, priority="P1", title="Planque")
    services.restrict(incident_id=made.id, by=chief, reason="enquête")
    assert "Planque" in str(handing.picture(access_of(chief)))
    assert "Planque" not in str(leave_shift(by=chief, notes="").picture)


def test_notes_never_name_a_reporter(night: Person) -> None:
    declared(night, priority="P1", reporter_name="Jeanne Dupont", reporter_phone="06 12 34 56 78")
    for notes in ("Rappeler Jeanne Dupont", "rappeler le 0612345678"):
        with pytest.raises(Invalid):
            leave_shift(by=night, notes=notes)
    assert not Handover.objects.exists()


@pytest.mark.parametrize("role", [*Role, None], ids=lambda role: str(role or "outsider"))
def test_who_may(role: Role | None, night: Person) -> None:
    by = cast.person(role)
    if role in DESK:
        left = leave_shift(by=by, notes="")
        take_shift(handover_id=left.id, by=night)
        return
    with pytest.raises(NotAllowed):
        leave_shift(by=by, notes="")
    with pytest.raises(NotAllowed):
        take_shift(handover_id=leave_shift(by=night, notes="").id, by=by)


@pytest.mark.django_db(transaction=True)
def test_two_who_sign_at_once_leave_one() -> None:
    people = [cast.person(Role.CALL_TAKER) for _ in range(4)]
    results = at_once(*[partial(leave_shift, by=by, notes="") for by in people])
    assert sum(isinstance(result, Handover) for result in results) == 1
    assert sum(isinstance(result, Problem) for result in results) == 3
    left = next(result for result in results if isinstance(result, Handover))
    others = [by for by in people if by.id != left.left_by_id]
    taken = at_once(*[partial(take_shift, handover_id=left.id, by=by) for by in others])
    assert sum(isinstance(result, Handover) for result in taken) == 1


def test_by_the_api(night: Person, day: Person) -> None:
    left = Api(night).post("/handovers/", {"notes": "Rien à signaler"})
    assert left.status_code == 201
    found = left.json()
    assert (found["left_by"]["name"], found["taken_by"]) == ("Équipe de nuit", None)
    problem(Api(night).post(f"/handovers/{found['id']}/take/"), 409, "conflict")
    taken = Api(day).post(f"/handovers/{found['id']}/take/").json()
    assert taken["taken_by"]["name"] == "Équipe de jour"
    assert [one["id"] for one in Api(day).get("/handovers/").json()["results"]] == [found["id"]]


def test_the_page_and_who_is_turned_away(night: Person) -> None:
    declared(night, priority="P1", title="Fuite rue Monge")

    def page(person: Person) -> tuple[int, str]:
        client = Client()
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        response = client.get("/handover/")
        return response.status_code, response.content.decode()

    status, text = page(night)
    assert status == 200
    assert "Fuite rue Monge" in text
    assert page(cast.person(Role.CREW_LEADER))[0] == 403
    assert Client().get("/handover/").status_code == 302


def test_a_higher_room_adds_its_section(night: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handing, "_MORE", [])
    section = handing.Section("commands", "Commandes en vigueur", [handing.Line("Éclairage forcé")])
    handing.register(lambda access: section)
    handing.register(lambda access: None)
    assert section in handing.picture(access_of(night))
    assert handing.record_of()[4]["key"] == "commands"


@pytest.mark.parametrize(("minute", "shown"), [(42, "23:42"), (102, "26/11 00:42")])
def test_an_hour_of_tomorrow_says_its_day(minute: int, shown: str) -> None:
    """Of tomorrow where the post is: by UTC both stand on the 25th."""
    now = datetime(2026, 11, 25, 22, 0, tzinfo=UTC)
    line = handing.Line(words="Fuite", at=now + timedelta(minutes=minute))
    said = render_to_string("incidents/handover_line.html", {"line": line, "section": {}, "now": now})
    assert f">{shown}</time>" in said
