import argparse
import sys
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from journal.export import extract


class Command(BaseCommand):
    help = "Write all that was recorded about one object, in a form that docs/prove_extract.py proves offline."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--about", type=UUID, required=True, help="the object's id")
        parser.add_argument("--to", type=argparse.FileType("w", encoding="utf-8"), default=sys.stdout)

    def handle(self, *args: Any, about: UUID, **options: Any) -> None:
        try:
            for line in extract(about=about):
                options["to"].write(line + "\n")
        except LookupError as nothing:
            raise CommandError(str(nothing)) from nothing
        finally:
            options["to"].flush()
