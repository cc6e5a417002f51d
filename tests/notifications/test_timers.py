"""Timers: set, moved, called off, fired once, put off when they fail."""

from datetime import timedelta
from uuid import uuid4

import pytest

from journal.models import Entry
from notifications import timers
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
