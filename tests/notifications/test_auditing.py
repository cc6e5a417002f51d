"""The auditor: what is late or silent is an alarm on the desks, once, until it is over."""

import json
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.core.management import call_command
from django.db.models import F
from django.db.models.functions import Now
from pytest_django.fixtures import Settings

from access.roles import Role
from journal.models import Entry
from notifications import auditing, sources, timers
from notifications.management.commands import auditor
from notifications.models import Alarm, Delivery, Source, Urgency
from notifications.services import notify
from tests import cast
from tests.incidents.api.calling import Api

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(minutes=-5)


@pytest.fixture(autouse=True)
def _nobody_was_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "_heard", {})


def told() -> list[tuple[str, str]]:
    entries = Entry.objects.filter(kind__startswith="notifications.alarm").order_by("seq")
    return [(entry.kind.rpartition("_")[2], json.loads(entry.data)["key"]) for entry in entries]


def test_a_late_timer_is_one_alarm_until_it_is_over() -> None:
    assert auditing.audit() == 0
    timers.start(kind="tests.nobody", key="late", after=LONG_AGO)
    timers.start(kind="tests.nobody", key="in time", after=timedelta(minutes=5))
    assert (auditing.audit(), auditing.audit()) == (1, 1)
    alarm = Alarm.objects.get()
    assert (alarm.key, alarm.count, alarm.cleared_at) == ("timers", 1, None)
    timers.start(kind="tests.nobody", key="later", after=LONG_AGO)
    auditing.audit()
    assert Alarm.objects.get().count == 2
    timers.cancel(key="late")
    timers.cancel(key="later")
    assert auditing.audit() == 0
    assert Alarm.objects.get().cleared_at is not None
    assert told() == [("raised", "timers"), ("cleared", "timers")]


def test_a_message_that_nobody_tries_to_send() -> None:
    person = cast.person(Role.CALL_TAKER)
    person.email = "astreinte@exemple.fr"
    person.save()
    notify(to=[person], subject="x", body="y", urgency=Urgency.VITAL, key="tests:1")
    auditing.audit()
    assert told() == []
    Delivery.objects.update(due_at=F("due_at") - timedelta(minutes=2))
    auditing.audit()
    assert told() == [("raised", "outbox")]


def test_a_source_gone_silent() -> None:
    for key in ("app", "workers"):
        sources.hear(key, label=key, silent_after=timedelta(seconds=30))
        sources.hear(key, label="not written: too soon", silent_after=timedelta(seconds=30))
    sources.hear(auditing.OWN, label="itself", silent_after=timedelta(seconds=30))
    assert set(Source.objects.values_list("label", flat=True)) == {"app", "workers", "itself"}
    Source.objects.exclude(key="app").update(heard_at=Now() - timedelta(minutes=1))
    auditing.audit()
    assert list(Alarm.objects.values_list("key", "of")) == [("source", "workers")]


def test_a_live_server_that_does_not_answer(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.LIVE_STATUS_URL = "http://127.0.0.1:9"
    cast.person(Role.CALL_TAKER)
    notify(to=[cast.person(Role.CALL_TAKER)], subject="x", body="y", urgency=Urgency.NORMAL, key="tests:1")
    assert list(auditing.live_lag()) == [], "what was written just now is not late"


def test_two_checks_of_one_name_are_refused() -> None:
    with pytest.raises(TypeError, match="two checks"):
        auditing.on("timers")(list)


def test_the_desks_are_told_and_whether_anybody_looks() -> None:
    api = Api(cast.person(Role.CALL_TAKER))
    timers.start(kind="tests.nobody", key="late", after=LONG_AGO)
    auditing.audit()
    answer = api.get("/alarms/").json()
    assert ([one["key"] for one in answer["results"]], answer["watched"]) == (["timers"], False)
    sources.hear(auditing.OWN, label="itself", silent_after=timedelta(seconds=30))
    assert api.get("/alarms/").json()["watched"]
    assert Api(cast.person(Role.PREFECTURE_LIAISON)).get("/alarms/").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_it_calls_the_dead_mans_switch_only_when_it_could_see(settings: Settings) -> None:
    heard: list[object] = []

    class Switch(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            return None

    server = HTTPServer(("127.0.0.1", 0), Switch)
    Thread(target=server.serve_forever, daemon=True).start()
    auditor.beat(1)
    settings.HEARTBEAT_URL = f"http://127.0.0.1:{server.server_port}/"
    auditor.Command().turn()
    server.shutdown()
    server.server_close()
    assert heard == [{"alarms": 0}]
    settings.HEARTBEAT_URL = "http://127.0.0.1:9/"
    auditor.beat(0)  # nobody there: the audit goes on


def test_the_command_says_what_it_is_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("auditor", "--help")
    assert "HEARTBEAT_URL" in capsys.readouterr().out
