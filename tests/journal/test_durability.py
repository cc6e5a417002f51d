"""Acknowledged means on the disk, also when writers crowd and commit early to free the journal's head."""

from collections.abc import Iterator
from threading import Event as Signal
from threading import Thread

import pytest
from django.db import connection

from access.events import PersonChanged
from access.models import Person
from journal import durability, hints
from journal.errors import Invalid
from journal.models import Entry
from journal.services import writing
from tests import cast

NEWS = PersonChanged(login="x", active=True)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """In order: commits chosen to be early, flushes and hints."""
    heard: list[str] = []
    choose, flush = durability.Commit.choose, durability.flush

    def chosen(commit: durability.Commit) -> str:
        besides = choose(commit)
        heard.extend(["early"] if besides == durability.EARLY else [])
        return besides

    def flushed() -> None:
        heard.extend([] if connection.in_atomic_block else ["flush"])
        flush()

    def published(*hint: str) -> bool:
        heard.append("hint")
        return True

    monkeypatch.setattr(durability.Commit, "choose", chosen)
    monkeypatch.setattr(durability, "flush", flushed)
    monkeypatch.setattr(hints, "publish", published)
    return heard


@pytest.fixture
def crowd(transactional_db: None) -> Iterator[None]:
    """Somebody else is in the middle of a write all the time."""
    inside, over = Signal(), Signal()

    def other() -> None:
        with writing(None):
            inside.set()
            over.wait(30)
        connection.close()

    thread = Thread(target=other)
    thread.start()
    assert inside.wait(30)
    yield
    over.set()
    thread.join()


def write(by: Person | None = None) -> None:
    with writing(by) as record:
        record(NEWS, about=cast.organisation("eclairage"))


def test_alone_the_commit_itself_waits_for_the_disk(transactional_db: None, said: list[str]) -> None:
    write()
    assert said == ["hint"]


def test_in_a_crowd_the_flush_comes_after_the_commit_and_before_any_hint(crowd: None, said: list[str]) -> None:
    write()
    assert said == ["early", "flush", "hint"]
    with connection.cursor() as cursor:
        cursor.execute("show synchronous_commit")
        assert cursor.fetchone() == ("on",)


def test_an_undone_write_leaves_nothing_behind(crowd: None, said: list[str]) -> None:
    before = Entry.objects.count()
    with pytest.raises(Invalid), writing(None) as record:
        record(NEWS, about=cast.organisation("eclairage"))
        raise Invalid
    assert (said, Entry.objects.count()) == ([], before)
    write()
    assert said == ["early", "flush", "hint"]


def test_a_failed_flush_is_not_acknowledged(crowd: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ConnectionError

    sent: list[str] = []
    monkeypatch.setattr(durability, "flush", broken)
    monkeypatch.setattr(hints, "publish", lambda *hint: sent.append(hint[1]))
    with pytest.raises(ConnectionError):
        write()
    assert sent == []


@pytest.mark.django_db
def test_inside_an_outer_transaction_its_commit_decides(
    said: list[str], django_capture_on_commit_callbacks: object
) -> None:
    write()
    durability.flush()
    assert said == []
