"""`manage.py import_addresses FILE`: the national address base into the search."""

import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from territory.ban import NotAddresses, Progress, Refusal
from territory.services import import_addresses


class Command(BaseCommand):
    """Import streets and addresses from a BAN CSV file; safe to repeat."""

    help = "Import streets and addresses from a CSV file of the Base Adresse Nationale (.csv or .csv.gz)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and what to do with it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument(
            "--show", type=int, default=20, help="how many refused lines to print (default 20; all: -1)"
        )

    def handle(self, *args: Any, file: Path, dry_run: bool, show: int, **options: Any) -> str:
        """Import, with the progress and the refused lines on stderr and the outcome on stdout."""
        self._left, self._reasons = show, Counter[str]()
        try:
            outcome = import_addresses(
                path=file, by=None, dry_run=dry_run, on_refusal=self._refused, on_progress=self._progress
            )
        except (OSError, NotAddresses) as error:
            raise CommandError(f"{file}: {error}") from error
        if sys.stderr.isatty():
            self.stderr.write("")
        for reason, count in self._reasons.most_common():
            self.stderr.write(_("%(count)d lines refused: %(reason)s") % {"count": count, "reason": reason})
        summary = _("%(created)d created, %(updated)d updated, %(unchanged)d unchanged, %(refused)d refused") % {
            "created": outcome.created, "updated": outcome.updated,
            "unchanged": outcome.unchanged, "refused": outcome.refused,
        }  # fmt: skip
        if outcome.stopped:
            raise CommandError(f"{file}: {outcome.stopped} ({summary})")
        return (_("Nothing was changed (dry run): %s") % summary) if dry_run else summary

    def _refused(self, refusal: Refusal) -> None:
        self._reasons[refusal.reason.split(":")[0].strip()] += 1
        if self._left != 0:
            self._left -= 1
            self.stderr.write(_("line %(line)d: %(reason)s") % refusal._asdict())

    def _progress(self, progress: Progress) -> None:
        percent = 100 * progress.done // max(1, progress.total)
        # One line that redraws itself on a terminal; one line a batch in a log.
        if sys.stderr.isatty():
            self.stderr.write(f"\r{percent:3d} %", ending="")
        else:
            self.stderr.write(f"{percent:3d} %")
