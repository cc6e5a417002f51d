"""A rota gets another name or comes to its end: by the service, the API and the page; the past still answers."""

from datetime import timedelta
from typing import Any

import pytest

from access.models import Person
from access.roles import Role
from journal.errors import Invalid, NotAllowed, NotFound, Stale, WrongState
from journal.models import Entry
from notifications import on_call, picture
from notifications.models import Drill, Message, Override, Rota, Swap
from notifications.on_call import clock
from notifications.services import (
    Shift,
    add_override,
    end_rota,
    propose_swap,
    rename_rota,
    set_layers,
    start_drill,
)
from notifications.services.warning import warn_of_gaps
from notifications.shifts import PARIS
from tests.cast import person
from tests.incidents.api.calling import Api, problem
from tests.notifications.rotas import layer, people, rota
from tests.notifications.test_pages import enter, said

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def lasting(*who: Person) -> Rota:
    return rota(layer(*who, starts_on=clock().date() - 3 * DAY, turn_days=28))


def told(what: str) -> Entry:
    return Entry.objects.filter(kind="notifications.rota_changed", data__contains=f'"{what}"').latest("seq")


def test_another_name_under_the_same_key() -> None:
    leader, made = person(Role.INTERVENTION_COORDINATOR), lasting(*people(1))
    changed = rename_rota(rota_id=made.id, name="  Cadres de nuit ", by=leader, version=made.version)
    assert (changed.name, changed.key, changed.version) == ("Cadres de nuit", made.key, made.version + 1)
    assert '"name_before":"Directors"' in told("renamed").data
    with pytest.raises(Stale):
        rename_rota(rota_id=made.id, name="X", by=leader, version=made.version)
    with pytest.raises(Invalid):
        rename_rota(rota_id=made.id, name="  ", by=leader, version=changed.version)
    for who, refusal in ((person(Role.CALL_TAKER), NotAllowed), (person(Role.CREW_LEADER), NotFound)):
        for act, more in ((rename_rota, {"name": "X"}), (end_rota, {})):
            with pytest.raises(refusal):
                act(rota_id=made.id, by=who, version=changed.version, **more)


def test_the_end_leaves_the_past_as_it_was() -> None:
    leader = person(Role.CRISIS_DIRECTOR)
    anna, bruno, clara = people()
    made, now = lasting(anna), clock()
    add_override(rota_id=made.id, person_id=bruno.id, starts_at=now, ends_at=now + DAY, reason="", by=None)
    add_override(rota_id=made.id, person_id=clara.id, starts_at=now + DAY, ends_at=now + 2 * DAY, reason="", by=None)
    swap = propose_swap(rota_id=made.id, asked_to=anna.id, give=Shift(now, now + DAY), by=bruno)
    before = clock()
    ended = end_rota(rota_id=made.id, by=leader, version=made.version)
    assert ended.ended_at is not None
    assert on_call.on_call(rota=made.key, at=before) == bruno
    assert on_call.on_call(rota=made.key, at=ended.ended_at) is None
    assert on_call.on_call(rota=made.key, at=now + DAY + DAY / 2) is None
    assert not on_call.is_on_call(bruno, at=clock())
    assert [one.person for one in Override.objects.filter(rota=made)] == [bruno], "what was still to come is gone"
    assert Swap.objects.get(id=swap.id).state == Swap.State.WITHDRAWN
    subjects = Message.objects.filter(key=f"notifications.rota_ended:{made.id}").values_list("person", flat=True)
    assert set(subjects) == {anna.id, bruno.id, clara.id}
    assert told("ended").by == leader.id


def test_an_ended_rota_changes_no_more_and_is_missed_by_nobody() -> None:
    leader, (anna, bruno, _clara) = person(Role.CRISIS_DIRECTOR), people()
    made, kept = lasting(anna), lasting(bruno)
    now = clock()
    ended = end_rota(rota_id=made.id, by=leader, version=made.version)
    fields: dict[str, Any] = {"rota_id": made.id, "by": leader}
    shift = {"person_id": anna.id, "starts_at": now, "ends_at": now + DAY, "reason": ""}
    for act, more in (
        (end_rota, {"version": ended.version}), (rename_rota, {"name": "X", "version": ended.version}),
        (set_layers, {"layers": [], "version": ended.version}), (add_override, shift),
    ):  # fmt: skip
        with pytest.raises(WrongState):
            act(**fields, **more)
    warn_of_gaps()
    assert not Message.objects.filter(key__startswith=f"notifications.gap:{made.id}").exists()
    start_drill(by=leader)
    called = Drill.objects.get().calls.values_list("rota", flat=True)
    assert kept.id in called
    assert made.id not in called
    with pytest.raises(NotFound):
        start_drill(rotas=[made.id], by=leader)


def test_the_week_stops_at_its_end() -> None:
    made = lasting(*people(1))
    end_rota(rota_id=made.id, by=person(Role.CRISIS_DIRECTOR), version=made.version)
    made.refresh_from_db()
    (week,) = picture.weeks([made], picture.monday(clock().date()))
    assert week.shifts[-1].end == made.ended_at
    assert (week.now, week.following) == (None, None)


def test_over_the_api() -> None:
    anna, *_rest = people()
    made, leader, reader = lasting(anna), Api(person(Role.INTERVENTION_COORDINATOR)), Api(person(Role.CALL_TAKER))
    path = f"/on-call/{made.id}/"
    first = reader.get(path)
    assert (first["ETag"], first.json()["ended_at"]) == (f'"{made.version}"', None)
    problem(leader.send("PUT", path, {"name": "Nuit"}), 428, "version-required")
    renamed = leader.send("PUT", path, {"name": "Nuit"}, version=made.version)
    assert (renamed.json()["name"], renamed["ETag"]) == ("Nuit", f'"{made.version + 1}"')
    problem(leader.send("PUT", path, {"name": "Jour"}, version=made.version), 412, "stale")
    problem(reader.send("POST", f"{path}end/", version=made.version + 1), 403, "not-allowed")
    problem(leader.send("POST", f"{path}end/", version=made.version), 412, "stale")
    before = clock()
    assert leader.send("POST", f"{path}end/", version=made.version + 1).json()["ended_at"] is not None
    problem(leader.send("POST", f"{path}end/", version=made.version + 2), 409, "wrong-state")
    assert str(made.id) not in [one["id"] for one in reader.get("/on-call/").json()["results"]]
    (then,) = [
        one for one in reader.get("/on-call/", at=before.isoformat()).json()["results"] if one["id"] == str(made.id)
    ]
    assert then["on_call"]["id"] == str(anna.id)
    assert reader.get(path).json()["on_call"] is None


def test_on_its_page() -> None:
    anna, *_rest = people()
    made, leader = lasting(anna), enter(person(Role.CRISIS_DIRECTOR))
    page = f"/on-call/{made.key}/"
    sent = {"act": "rename", "name": "Nuit", "version": made.version}
    assert said(leader.post(page, sent, follow=True)) == "It has another name; policies that call it go on as before."
    assert said(leader.post(page, sent, follow=True)) == "Changed by someone else meanwhile"
    assert "This field is required." in leader.post(page, {**sent, "name": " "}).content.decode()
    enter(person(Role.CALL_TAKER)).post(page, {"act": "end", "version": made.version + 1})
    made.refresh_from_db()
    assert (made.name, made.ended_at) == ("Nuit", None)
    made.layers.update(in_force_from=clock() - 2 * DAY)
    leader.post(page, {"act": "end", "version": made.version})
    shown = leader.get(page).content.decode()
    assert "This rota ended on" in shown
    assert "Weeks" in shown, "the layers that it had are still read"
    assert "End this rota" not in shown
    board = leader.get("/on-call/")
    assert made.id not in [value for value, _name in board.context["override_form"].fields["rota"].choices]
    yesterday = (clock() - DAY).astimezone(PARIS)
    then = leader.get("/on-call/", {"at": f"{yesterday:%Y-%m-%d}T12:00"})  # an hour that every day has, and once
    assert (made, anna) in then.context["asked_people"]
    assert anna.id in [share.person.id for share in then.context["shares"]], "what was carried counts still"
