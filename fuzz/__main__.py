"""`python -m fuzz NAME SECONDS FOLDER`: the program behind `manage.py fuzz`, in a process that atheris may instrument."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import atheris

CORPUS = Path(__file__).parent / "corpus"
LONGEST_INPUT = 8192  # bytes


def main() -> None:
    name, seconds, folder = sys.argv[1], sys.argv[2], sys.argv[3]
    with atheris.instrument_imports(include=["prefecture.wire", "journal.api.parsing", "defusedxml", "json"]):
        import django

        django.setup()  # reads all of the house, the readers among it
        module = import_module(f"fuzz.{name}")
    options = [f"-max_total_time={seconds}", f"-max_len={LONGEST_INPUT}", "-timeout=10", "-rss_limit_mb=1024"]
    options += [f"-artifact_prefix={folder}/", "-print_final_stats=1", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *options, folder, str(CORPUS / name)], module.one)
    atheris.Fuzz()


main()
