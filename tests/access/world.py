"""What the tests of the door share."""

import json
from typing import Any

from django.test import Client

from access.models import Person
from access.roles import Role
from journal.models import Entry
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
