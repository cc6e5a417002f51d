import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from access import keys
from access.machines import machine
from access.roles import Role
from journal.errors import Problem
from journal.services import writing


class Command(BaseCommand):
    help = "Make an API key (Open311) of a machine, and the machine with its duty when there is none. Shows it once."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("login", help="of the machine")
        parser.add_argument("--label", required=True)
        parser.add_argument("--organisation", required=True, help="its key")
        parser.add_argument("--role", default=Role.CITIZEN_GATEWAY.value, choices=[role.value for role in Role])

    def handle(self, *args: Any, login: str, label: str, organisation: str, role: str, **options: Any) -> None:
        try:
            with writing(None):
                person = machine(login=login, name=label, organisation=organisation, role=Role(role))
                _key, secret = keys.create_api_key(person=person, label=label, by=None)
        except Problem as problem:
            raise CommandError(problem.detail) from problem
        self.stdout.write(secret)
