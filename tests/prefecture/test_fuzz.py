"""A short run of each fuzzer, as CI has time for; ten minutes each: `python3 manage.py fuzz --seconds 600`."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ondijon.stack import fuzzing
from ondijon.stack.processes import ROOT

SECONDS = 4


def test_there_is_one_for_each_reader_of_foreign_bytes() -> None:
    assert fuzzing.names() == ["cap", "envelope"]


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris has a wheel for x86-64 Linux only")
@pytest.mark.parametrize("name", fuzzing.names())
def test_nothing_breaks_it_in_a_few_seconds(name: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "fuzz", name, str(SECONDS), str(tmp_path)]
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "ondijon.settings"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "number_of_executed_units" in done.stderr
    assert not list(tmp_path.glob("crash-*"))
