"""`manage.py create_administrator`: the first person of a post."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from access.models import Person
from access.roles import Role
from access.selectors import access_of
from tests.access.world import told

pytestmark = pytest.mark.django_db


def make(monkeypatch: pytest.MonkeyPatch, password: str, login: str = "chef", **more: str) -> str:
    out = StringIO()
    monkeypatch.setattr("sys.stdin", StringIO(password + "\n"))
    call_command("create_administrator", login, name="Chef de poste", stdout=out, **more)
    return out.getvalue()


def test_it_makes_an_administrator_who_may_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "/admin/" in make(monkeypatch, "un-mot-de-passe-solide")
    person = Person.objects.get(login="chef")
    assert person.check_password("un-mot-de-passe-solide")
    assert [one.role for one in access_of(person).holdings] == [Role.ADMINISTRATOR]
    assert told("duty_given", person)[0]["role"] == "administrator"
    with pytest.raises(CommandError):
        make(monkeypatch, "un-mot-de-passe-solide")


@pytest.mark.parametrize("password", ["", "court", "motdepasse12" * 0 + "1234567890123"])
def test_it_refuses_a_weak_password(monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    with pytest.raises(CommandError):
        make(monkeypatch, password)
    assert not Person.objects.filter(login="chef").exists()


def test_it_refuses_an_unknown_organisation(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="load_world"):
        make(monkeypatch, "un-mot-de-passe-solide", organisation="nulle-part")


def test_from_a_terminal_it_asks_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter(["un-mot-de-passe-solide", "un-autre-mot-de-passe"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("access.management.commands.create_administrator.getpass", lambda _prompt: next(typed))
    with pytest.raises(CommandError, match="differ"):
        call_command("create_administrator", "chef", name="Chef")
