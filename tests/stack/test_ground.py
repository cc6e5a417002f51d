"""The suite's own ground: roles, commits that are undone, the real servers and the real browser."""

from __future__ import annotations

import urllib.request
from threading import Timer

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from playwright.sync_api import Page

from access.models import Organisation, Person
from journal import selectors
from ondijon.stack import test_world
from ondijon.stack.pytest_plugin import DATABASE
from tests.conftest import PATIENCE_S, Server


def make_person(login: str) -> Person:
    return Person.objects.create(login=login, name=login.title(), organisation=Organisation.objects.earliest("key"))


def test_tests_run_as_the_application_role(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        user, database = cursor.fetchone()
    assert user == "ondijon_app"
    assert database.startswith("ondijon_")


@pytest.mark.parametrize("order", ["TRUNCATE journal_entry", "DELETE FROM journal_entry", "DROP TABLE journal_entry"])
def test_the_application_role_cannot_rewrite_the_journal(db: None, order: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(order)


@pytest.mark.parametrize("turn", [1, 2])
def test_committed_writes_are_gone_in_the_next_test(committed: None, turn: int) -> None:
    """Each turn changes what the other must not find: a row, a reference row, the throttle counters."""
    assert not Person.objects.filter(login="passer-by").exists()
    make_person("passer-by")
    changed = Organisation.objects.earliest("key")
    assert changed.name != "Changed"
    Organisation.objects.filter(pk=changed.pk).update(name="Changed")
    assert selectors.head().seq >= 0


@pytest.mark.django_db(transaction=True)
def test_the_mark_of_pytest_django_commits_too() -> None:
    assert not Person.objects.filter(login="passer-by").exists()
    make_person("passer-by")


def test_the_servers_see_the_workers_database(server: Server) -> None:
    with urllib.request.urlopen(f"{server.url}/health/ready", timeout=PATIENCE_S) as answer:
        assert answer.status == 200


def test_the_browser_opens_a_page(page: Page, server: Server) -> None:
    answer = page.goto("/health/live")
    assert answer is not None
    assert answer.ok


def test_a_request_that_a_closed_page_left_behind_does_not_stop_the_cleaning(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It came after the look for such ones, and holds a table for longer than one attempt lasts."""
    monkeypatch.setattr(test_world, "busy", lambda connection: False)
    monkeypatch.setattr(test_world, "LOCK_TIMEOUT", "50ms")
    with psycopg.connect(DATABASE.app) as left:
        left.execute("SELECT FROM access_organisation")
        timer = Timer(0.5, left.commit)
        timer.start()
        test_world.reset(DATABASE.superuser)
        timer.join()
