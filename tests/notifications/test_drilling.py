"""Drills, gaps, fairness, calendars, and how somebody is reached."""

from datetime import datetime, time, timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db.models.functions import Now
from icalendar import Calendar

from access.models import Person
from access.roles import Role
from journal.errors import Invalid, NotAllowed, NotFound, Stale
from journal.models import Entry
from notifications import calendars, picture, timers
from notifications.drills import result_of
from notifications.models import CalendarFeed, Channel, Contact, Drill, Message, PushSubscription, Timer
from notifications.on_call import clock
from notifications.services import (
    Wishes,
    acknowledge,
    add_override,
    drop_feed,
    new_feed,
    save_contact,
    start_drill,
    subscribe,
    try_out,
    unsubscribe,
)
from notifications.services.warning import warn_of_gaps
from notifications.shifts import PARIS
from tests.cast import person
from tests.notifications.rotas import HOUR, layer, people, rota
from tests.notifications.test_webpush import AUTH, PUBLIC

pytestmark = pytest.mark.django_db
YESTERDAY = timedelta(days=1)


def now_on_call(*who: Person, **fields: Any) -> Any:
    """A rota that is manned since yesterday."""
    return rota(layer(*who, starts_on=clock().date() - YESTERDAY, turn_days=28, **fields))


def test_a_drill_says_who_answered_how_and_how_fast() -> None:
    leader = person(Role.CRISIS_DIRECTOR)
    anna, bruno, _clara = people()
    now_on_call(anna), now_on_call(anna), now_on_call(bruno), rota()
    drill = start_drill(minutes=10, by=leader)
    assert Message.objects.filter(about=drill.id).count() == 2, "each person once"
    first = Message.objects.get(person=anna)
    acknowledge(message_id=first.id, by=anna, channel=Channel.SMS)
    result = result_of(drill)
    assert (result.called, result.reached, result.unmanned, result.running) == (2, 1, 1, True)
    assert sorted(line.state for line in result.lines) == ["answered", "answered", "nobody", "waiting"]
    answered = next(line for line in result.lines if line.state == "answered")
    assert (answered.name, answered.channel) == (anna.name, "sms")
    assert answered.seconds is not None


def test_when_its_time_is_over_it_is_counted_once_on_record() -> None:
    anna, *_rest = people()
    now_on_call(anna)
    drill = start_drill(by=None)
    Timer.objects.update(due_at=Now() - HOUR)
    Drill.objects.update(ends_at=Now() - HOUR)
    timers.sweep()
    timers.sweep()
    entry = Entry.objects.get(kind="notifications.drill_ended")
    assert '"called":1,"reached":0,"unmanned":0' in entry.data
    drill.refresh_from_db()
    (message,) = Message.objects.filter(person=anna)
    acknowledge(message_id=message.id, by=anna)
    assert [line.state for line in result_of(drill).lines] == ["late"]


def test_who_may_start_a_drill() -> None:
    now_on_call(*people(1))
    with pytest.raises(NotAllowed):
        start_drill(by=person(Role.CALL_TAKER))
    with pytest.raises(NotFound):
        start_drill(rotas=[uuid4()], by=person(Role.CRISIS_DIRECTOR))
    for minutes in (0, 121):
        with pytest.raises(Invalid):
            start_drill(minutes=minutes, by=None)


def test_without_rotas_there_is_nothing_to_try() -> None:
    with pytest.raises(Invalid):
        start_drill(by=None)


def test_the_command() -> None:
    anna, *_rest = people()
    made = now_on_call(anna)
    said = StringIO()
    call_command("reachability_drill", "--rota", made.key, "--no-wait", stdout=said)
    assert said.getvalue().startswith("drill ")
    with pytest.raises(CommandError, match="no such rota: nothing"):
        call_command("reachability_drill", "--rota", "nothing")


def test_a_gap_is_told_to_those_who_plan_once() -> None:
    anna, *_rest = people()
    now_on_call(anna, hours_from=time(0), hours_until=time(23))
    call_taker = person(Role.CALL_TAKER)
    assert warn_of_gaps() >= 7
    told = Message.objects.filter(key__startswith="notifications.gap:")
    first = told.count()
    assert set(told.values_list("person", flat=True)) >= {anna.id}
    assert not told.filter(person=call_taker).exists()
    warn_of_gaps()
    assert told.count() == first


def test_the_week_has_everything_in_it_and_few_queries() -> None:
    anna, bruno, _clara = people()
    made = now_on_call(anna, bruno)
    now = clock()
    add_override(rota_id=made.id, person_id=bruno.id, starts_at=now, ends_at=now + HOUR, reason="", by=None)
    (week,) = picture.weeks([made], picture.monday(now.astimezone(PARIS).date()))
    assert week.now is not None
    assert (week.now.person, week.following and week.following.person) == (bruno, anna)
    assert sum(float(shift.width.rstrip("%")) for shift in week.shifts) == pytest.approx(100, abs=0.01)


def test_fairness_adds_up() -> None:
    anna, bruno, _clara = people()
    made = rota(layer(anna, bruno, starts_on=clock().date() - timedelta(days=100), turn_days=1))
    shares = picture.fairness([made], days=10)
    assert {share.person for share in shares} == {anna, bruno}
    assert sum(share.share for share in shares) == pytest.approx(100)
    assert all(share.load.night <= share.load.hours for share in shares)


# Calendars --------------------------------------------------------------------------------------------------------


def test_a_calendar_holds_one_s_own_shifts_behind_a_secret() -> None:
    anna, bruno, _clara = people()
    made = rota(layer(anna, bruno, starts_on=clock().date() - YESTERDAY, turn_days=7))
    token = new_feed(by=anna)
    assert token not in "".join(CalendarFeed.objects.values_list("digest", flat=True))
    assert calendars.owner_of(token) == anna
    calendar = Calendar.from_ical(calendars.calendar_of(anna))
    events: list[Any] = calendar.walk("VEVENT")
    assert all(made.name in str(event["summary"]) for event in events)
    spans = [(event["dtstart"].dt, event["dtend"].dt) for event in events]
    expected = [(span.start.replace(microsecond=0), span.end.replace(microsecond=0)) for _rota, span in own(anna)]
    assert spans == expected
    again = new_feed(by=anna)
    assert calendars.owner_of(token) is None
    drop_feed(by=anna)
    assert calendars.owner_of(again) is None


def own(who: Person) -> list[Any]:
    now = clock()
    return picture.shifts_of(who, since=now - calendars.BEHIND, until=now + calendars.AHEAD)


# How somebody is reached ------------------------------------------------------------------------------------------


def test_numbers_as_people_write_them() -> None:
    someone = person(Role.CRISIS_DIRECTOR)
    for version, (text, number) in enumerate(
        [
            ("06 12 34 56 78", "+33612345678"),
            ("+32 470.12.34.56", "+32470123456"),
            ("0033612345678", "+33612345678"),
            ("", ""),
        ]
    ):
        assert save_contact(wishes=Wishes(phone=text), by=someone, version=version).phone == number
    for wrong in ("12", "abc", "+0612345678", "06123456789012345"):
        with pytest.raises(Invalid):
            save_contact(wishes=Wishes(phone=wrong), by=someone, version=4)
    assert "612345678" not in "".join(Entry.objects.values_list("data", flat=True))


def test_wishes_that_make_no_sense_are_refused() -> None:
    someone = person(Role.CRISIS_DIRECTOR)
    for wrong in ({"cap": 0}, {"cap": 61}, {"quiet_from": time(22)}, {"vital": ["pigeon"]}, {"normal": ["screen"]}):
        with pytest.raises(Invalid):
            save_contact(wishes=Wishes(**wrong), by=someone, version=0)
    save_contact(wishes=Wishes(urgent=["sms", "sms", "email"]), by=someone, version=0)
    with pytest.raises(Stale):
        save_contact(wishes=Wishes(), by=someone, version=0)
    assert Contact.objects.get(person=someone).urgent == ["sms", "email"]


def test_browsers_come_and_go() -> None:
    someone, other = person(Role.CRISIS_DIRECTOR), person(Role.CALL_TAKER)
    keys = {"public": PUBLIC, "auth": AUTH, "device": "Firefox"}
    for n in range(12):
        made = subscribe(endpoint=f"https://fcm.googleapis.com/{n}", by=someone, **keys)
    assert PushSubscription.objects.count() == 10
    assert subscribe(endpoint="https://fcm.googleapis.com/11", by=other, **keys).person == other
    with pytest.raises(NotFound):
        unsubscribe(subscription_id=made.id, by=someone)
    unsubscribe(subscription_id=made.id, by=other)
    for wrong in ({"endpoint": "https://example.org/x"}, {"public": "AAAA"}, {"auth": "AAAA"}, {"auth": "é"}):
        with pytest.raises(Invalid):
            subscribe(**{"endpoint": "https://fcm.googleapis.com/x", **keys, **wrong}, by=someone)


def test_one_tries_one_s_own_ways() -> None:
    someone = person(Role.CRISIS_DIRECTOR)
    first, second = try_out(by=someone), try_out(by=someone)
    assert first.key != second.key
    acknowledge(message_id=first.id, by=someone)
    assert isinstance(first.told_at, datetime)
