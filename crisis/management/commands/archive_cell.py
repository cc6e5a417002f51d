import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from access.models import Person
from crisis.models import Cell
from crisis.services import extract
from crisis.services.retaining import archive
from journal.errors import NotFound


class Command(BaseCommand):
    help = "Write a cell's archive: record with its prover, log, approved reports, files, time stamps. Who takes it is recorded."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("reference", help="the cell's, as C-2026-001")
        parser.add_argument("--by", required=True, help="login of somebody who sees the cell")
        parser.add_argument("--to", type=Path, required=True, help="the zip to write")

    def handle(self, *args: Any, reference: str, by: str, to: Path, **options: Any) -> None:
        cell = Cell.objects.filter(reference=reference).first()
        person = Person.objects.filter(login=by, is_active=True).first()
        if cell is None or person is None:
            raise CommandError("no such cell, or no such person")
        try:
            taken = extract(cell_id=cell.id, by=person)
        except NotFound as unseen:
            raise CommandError(f"{by} does not see {reference}") from unseen
        with to.open("xb") as file:
            held = archive(taken=taken, to=file, by=person)
        self.stdout.write(f"{held} files; the record ends with {taken.ends_with}")
