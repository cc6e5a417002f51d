import argparse
import sys
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from access import services
from access.models import Organisation, Person
from access.roles import Role
from journal.errors import Problem
from journal.services import writing


class Command(BaseCommand):
    help = (
        "Make the first person of a post: an administrator. The password is read from the terminal or standard input."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("login")
        parser.add_argument("--name", required=True)
        parser.add_argument("--email", default="")
        parser.add_argument("--organisation", default="dijon-metropole", help="its key (dijon-metropole)")

    def handle(self, *args: Any, login: str, name: str, email: str, organisation: str, **options: Any) -> None:
        home = Organisation.objects.filter(key=organisation).first()
        if home is None:
            raise CommandError(f"there is no organisation {organisation!r}; run `manage.py load_world` first")
        password = read_password()
        try:
            validate_password(password, Person(login=login, name=name, email=email))
        except ValidationError as weak:
            raise CommandError(" ".join(weak.messages)) from weak
        try:
            with writing(None):
                person = services.create_person(
                    login=login, name=name, email=email, organisation=home, password=password, by=None
                )
                services.give_duty(person=person, role=Role.ADMINISTRATOR, organisation=home, by=None)
        except Problem as problem:
            raise CommandError(problem.detail) from problem
        self.stdout.write(f"{person.login} may sign in at /login/ and give duties at /admin/")


def read_password() -> str:
    """Twice from a terminal, once from a pipe. Raises CommandError when the two differ."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first, second = getpass("Password: "), getpass("Again: ")
    if first != second:
        raise CommandError("the two passwords differ")
    return first
