import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from journal.verification import verify


class Command(BaseCommand):
    help = "Prove the whole journal; names the first broken entry and exits with 1."

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify(progress=self._progress)
        if sys.stderr.isatty():
            self.stderr.write("")
        if verdict.broken is not None:
            raise CommandError(f"entry {verdict.broken} is broken: {verdict.why} ({verdict.checked} good ones before)")
        self.stdout.write(f"the journal is whole: {verdict.checked} entries, ends at {verdict.end}")

    def _progress(self, done: int, total: int) -> None:
        if sys.stderr.isatty():
            share = done / total if total else 1
            bar = "█" * int(share * 40)
            self.stderr.write(f"\r{bar:<40} {done:,}/{total:,}", ending="")
