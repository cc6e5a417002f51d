"""What the tests of the door share."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from access.models import Person
from access.roles import Role
from journal.models import Entry
from journal.statements import prepared
from tests import cast

PASSWORD = "un-mot-de-passe-solide"


def somebody(role: Role | None = Role.CALL_TAKER, **fields: Any) -> Person:
    """A person of the cast who can sign in with PASSWORD."""
    person = cast.person(role)
    for name, value in fields.items():
        setattr(person, name, value)
    person.set_password(PASSWORD)
    person.save()
    return person


def sign_in(client: Client, person: Person, password: str = PASSWORD, **extra: Any) -> Any:
    return client.post("/login/", {"login": person.login, "password": password}, **extra)


def told(kind: str, about: Person | None = None) -> list[dict[str, Any]]:
    """What the journal says of this kind (of `access`), oldest first."""
    entries = Entry.objects.filter(kind=f"access.{kind}").order_by("seq")
    return [json.loads(one.data) for one in (entries.filter(about=about.id) if about else entries)]


@contextmanager
def statements(expected: int) -> Iterator[None]:
    """Exactly so many round trips: Django's queries, and the prepared ones that go past it."""
    with (
        patch("access.selectors.prepared", wraps=prepared) as past,
        CaptureQueriesContext(connection) as own,
    ):
        yield
    assert len(own) + past.call_count == expected, [query["sql"] for query in own]
