import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from access import keys, registry
from access.machines import machine
from access.roles import Role
from journal.errors import Problem
from journal.services import writing


class Command(BaseCommand):
    help = (
        "Make an OAuth 2 client of a machine, and the machine with its duty when there is none. Shows the secret once."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("login", help="of the machine")
        parser.add_argument("--name", required=True)
        parser.add_argument("--organisation", required=True, help="its key")
        parser.add_argument("--role", required=True, choices=[role.value for role in Role])
        parser.add_argument("--commune", action="append", default=[], help="INSEE code; several times; none: all")
        parser.add_argument("--scope", action="append", required=True, choices=sorted(registry.scopes()))

    def handle(self, *args: Any, login: str, name: str, scope: list[str], **options: Any) -> None:
        try:
            with writing(None):
                person = machine(
                    login=login,
                    name=name,
                    organisation=options["organisation"],
                    role=Role(options["role"]),
                    communes=options["commune"],
                )
                client, secret = keys.create_client(person=person, name=name, scopes=scope, by=None)
        except Problem as problem:
            raise CommandError(problem.detail) from problem
        self.stdout.write(f"client_id={client.client_id}\nclient_secret={secret}")
