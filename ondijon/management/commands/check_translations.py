"""French is complete, English is complete: English is the text in the code, French is `locale/fr`."""

import argparse
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.test import override_settings

CATALOGUE = Path("locale") / "fr" / "LC_MESSAGES" / "django.po"
LEFT_OUT = frozenset({"tests", "bench", "prove", "docs", "static", "var", "node_modules"})
TEXTS = frozenset({".py", ".html", ".txt", ".po"})
HOW: dict[str, Any] = {"no_obsolete": True, "no_location": True, "no_wrap": True, "verbosity": 0}


class Command(BaseCommand):
    help = "Check that every text has its French; --write gathers new texts and compiles. Needs GNU gettext and polib."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true", help="gather new texts into the catalogue and compile it")

    def handle(self, *args: Any, write: bool, **options: Any) -> None:
        if not shutil.which("xgettext"):
            raise CommandError("GNU gettext is not installed (on Debian: apt install gettext)")
        committed = settings.BASE_DIR / CATALOGUE
        gathered = self._gather()
        if write:
            self._write(gathered, committed)
        self._check(gathered, committed)
        self.stdout.write(f"{len(gathered)} texts, all in French and English")

    def _gather(self) -> polib.POFile:
        """The catalogue as it would be if the texts were gathered now; done on a copy of the texts."""
        here = Path.cwd()
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "copy"
            shutil.copytree(settings.BASE_DIR, copy, ignore=_only_texts)
            (copy / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
            os.chdir(copy)
            try:
                with override_settings(LOCALE_PATHS=[copy / "locale"]):
                    call_command("makemessages", locale=["fr"], **HOW)
            finally:
                os.chdir(here)
            return polib.pofile(str(copy / CATALOGUE), wrapwidth=0)

    def _write(self, gathered: polib.POFile, committed: Path) -> None:
        gathered.metadata = {"Language": "fr", "Content-Type": "text/plain; charset=UTF-8"}
        gathered.metadata["Plural-Forms"] = "nplurals=2; plural=(n > 1);"
        gathered.header = "French texts of OnDijon. `manage.py check_translations --write` gathers and compiles."
        gathered.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
        gathered.save(str(committed))
        gathered.save_as_mofile(str(committed.with_suffix(".mo")))

    def _check(self, gathered: polib.POFile, committed: Path) -> None:
        missing = [entry.msgid for entry in gathered if not entry.translated() or entry.fuzzy]
        if missing:
            raise CommandError("without French:\n  " + "\n  ".join(repr(text) for text in missing))
        compiled = committed.with_suffix(".mo")
        stored = polib.pofile(str(committed)) if committed.exists() else polib.POFile()
        if _pairs(stored) != _pairs(gathered) or not compiled.exists():
            raise CommandError("the catalogue is behind the code: run check_translations --write")
        if _pairs(polib.mofile(str(compiled))) != _pairs(stored):
            raise CommandError("the compiled catalogue is old: run check_translations --write")


def _only_texts(folder: str, names: list[str]) -> list[str]:
    """What not to copy: everything without texts of ours."""
    inside = [(name, Path(folder) / name) for name in names]
    return [
        name
        for name, path in inside
        if name.startswith(".") or (name in LEFT_OUT if path.is_dir() else path.suffix not in TEXTS)
    ]


def _pairs(catalogue: polib.POFile | polib.MOFile) -> set[tuple[str, str, str, str]]:
    return {(e.msgctxt or "", e.msgid, e.msgstr, str(sorted(e.msgstr_plural.items()))) for e in catalogue}
