"""Timers: set, moved, called off, fired once, put off when they fail."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from celery import current_app
from django.db import connection, transaction
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from journal.models import Entry
from journal.statements import prepared
from notifications import nudging, sweeping, timers
from notifications.models import Timer

pytestmark = pytest.mark.django_db
KIND = "tests.timer"
PAST, FUTURE = timedelta(seconds=-1), timedelta(hours=1)


@pytest.fixture
def fired(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    seen: list[str] = []
    monkeypatch.setattr(timers, "_HANDLERS", {KIND: lambda timer: seen.append(timer.key)})
    return seen


def test_what_is_due_fires_once_and_the_rest_waits(fired: list[str]) -> None:
    timers.start(kind=KIND, key="now", after=PAST)
    timers.start(kind=KIND, key="later", after=FUTURE)
    assert (timers.sweep(), timers.sweep()) == (1, 0)
    assert fired == ["now"]
    assert Timer.objects.get(key="now").fired_at is not None
    assert Timer.objects.get(key="later").fired_at is None


def test_the_same_key_moves_it_and_sets_it_anew(fired: list[str]) -> None:
    timers.start(kind=KIND, key="one", after=PAST)
    timers.start(kind=KIND, key="one", after=FUTURE)
    assert timers.sweep() == 0
    timers.start(kind=KIND, key="one", after=PAST, about=uuid4())
    assert timers.sweep() == 1
    timers.start(kind=KIND, key="one", after=PAST)
    assert timers.sweep() == 1
    assert fired == ["one", "one"]
    assert Timer.objects.count() == 1


def test_called_off(fired: list[str]) -> None:
    timers.start(kind=KIND, key="one", after=PAST)
    assert timers.cancel(key="one")
    assert not timers.cancel(key="one")
    assert timers.sweep() == 0
    assert fired == []


def test_one_that_fails_is_undone_and_comes_back_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(timer: Timer) -> None:
        Timer.objects.filter(id=timer.id).update(data={"half": "done"})
        raise LookupError("nobody there")

    monkeypatch.setattr(timers, "_HANDLERS", {KIND: fail})
    timers.start(kind=KIND, key="one", after=PAST)
    assert timers.sweep() == 1
    timer = Timer.objects.get()
    assert (timer.data, timer.attempts, timer.failure) == ({}, 1, "LookupError: nobody there")
    assert timers.sweep() == 0, "it waits before it tries again"
    assert Entry.objects.filter(kind__startswith="tests").count() == 0


def test_either_a_time_or_a_delay() -> None:
    with pytest.raises(ValueError, match="either"):
        timers.start(kind=KIND, key="one")


def test_a_handler_may_set_its_own_timer_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    def again(timer: Timer) -> None:
        timers.start(kind=KIND, key=timer.key, after=FUTURE, turn=timer.data.get("turn", 0) + 1)

    monkeypatch.setattr(timers, "_HANDLERS", {KIND: again})
    timers.start(kind=KIND, key="one", after=PAST)
    assert (timers.sweep(), timers.sweep()) == (1, 0)
    timer = Timer.objects.get()
    assert (timer.fired_at, timer.data) == (None, {"turn": 1})


def test_many_are_set_with_one_statement(fired: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = [timers.Setting(kind=KIND, key=f"{n}", after=PAST, about=uuid4(), data={"n": n}) for n in range(30)]
    asked: list[str] = []

    def ask(sql: str, values: Any) -> Any:
        asked.append(sql)
        return prepared(sql, values)

    monkeypatch.setattr(timers, "prepared", ask)
    timers.start_many(wanted)
    timers.start_many([])
    assert len(asked) == 1
    assert Timer.objects.count() == 30
    assert timers.sweep() == 30


def test_the_pause_ends_when_the_next_one_is_due(fired: list[str]) -> None:
    assert timers.pause() == timers.LONGEST_PAUSE
    timers.start(kind=KIND, key="later", after=FUTURE)
    assert timers.pause() == timers.LONGEST_PAUSE
    timers.start(kind=KIND, key="soon", after=timedelta(seconds=0.5))
    assert timers.SHORTEST_PAUSE <= timers.pause() < timers.LONGEST_PAUSE
    timers.start(kind=KIND, key="now", after=PAST)
    assert timers.pause() == timers.SHORTEST_PAUSE
    timers.start(kind="tests.nobody", key="unknown here", after=PAST)
    assert timers.sweep() == 1


def test_old_ones_are_forgotten(fired: list[str]) -> None:
    for key in ("fired", "called off", "waiting", "fresh"):
        timers.start(kind=KIND, key=key, after=PAST if "fired" in key or key == "fresh" else FUTURE)
    timers.sweep()
    timers.cancel(key="called off")
    month = Now() - timers.KEPT - timedelta(minutes=1)
    Timer.objects.filter(key="fired").update(fired_at=month)
    Timer.objects.filter(key="called off").update(cancelled_at=month)
    assert timers.forget_old() == 2
    assert set(Timer.objects.values_list("key", flat=True)) == {"waiting", "fresh"}


@pytest.mark.django_db(transaction=True)
def test_one_timer_fires_once_however_many_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(timers, "_HANDLERS", {KIND: lambda timer: seen.append(timer.key)})
    timers.start_many(timers.Setting(kind=KIND, key=f"{n}", after=PAST) for n in range(60))
    gate = Barrier(4)

    def worker() -> int:
        gate.wait(20)
        try:
            return timers.sweep()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        done = sum(work.result() for work in [pool.submit(worker) for _ in range(4)])
    assert done == 60
    assert sorted(seen) == sorted(f"{n}" for n in range(60))


def test_a_sweeper_survives_a_fault_and_looks_again() -> None:
    turns: list[int] = []

    def work() -> float:
        turns.append(1)
        if len(turns) == 1:
            raise LookupError("the database is away")
        return 0.25

    sweeper = sweeping.Sweeper("tests", work)
    assert (sweeper.once(), sweeper.once()) == (sweeping.REST_SECONDS, 0.25)


@pytest.mark.django_db(transaction=True)
def test_what_is_due_at_once_nudges_the_workers_after_the_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nudging, "_next_at", {})
    sent: list[str] = []
    monkeypatch.setattr(current_app, "send_task", sent.append)
    with transaction.atomic():
        timers.start(kind=KIND, key="later", after=FUTURE)
        timers.start(kind=KIND, key="now", after=timedelta())
        assert sent == []
    assert sent == [nudging.TIMERS]


@pytest.mark.django_db(transaction=True)
def test_a_dead_broker_is_asked_once_and_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nudging, "_next_at", {})
    asked: list[str] = []

    def refuse(task: str) -> None:
        asked.append(task)
        raise OperationalError("no broker")

    monkeypatch.setattr(current_app, "send_task", refuse)
    for _turn in range(3):
        nudging.nudge_timers()
        nudging.nudge()
    assert asked == [nudging.TIMERS]
