"""`manage.py fuzz NAME --seconds N`: feed one reader of foreign bytes until the time is over or something breaks."""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys

from .commands import var_folder
from .errors import StackError
from .processes import ROOT


def names() -> list[str]:
    return sorted(path.stem for path in (ROOT / "fuzz").glob("*.py") if not path.stem.startswith("_"))


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="manage.py fuzz")
    made.add_argument("name", nargs="?", choices=names(), help="which reader; all of them without")
    made.add_argument("--seconds", type=int, default=60, help="for each")
    return made


def run(options: argparse.Namespace) -> int:
    """0 when nothing broke; what broke lies in var/fuzz/NAME/ as crash-… . Raises StackError without atheris."""
    if importlib.util.find_spec("atheris") is None:
        raise StackError("atheris is not installed; there is a wheel for x86-64 Linux only.")
    return max(one(name, options.seconds) for name in ([options.name] if options.name else names()))


def one(name: str, seconds: int) -> int:
    folder = var_folder() / "fuzz" / name
    folder.mkdir(parents=True, exist_ok=True)
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "ondijon.settings"}
    print(f"  {name}: {seconds} s …", flush=True)
    return subprocess.run([sys.executable, "-m", "fuzz", name, str(seconds), str(folder)], cwd=ROOT, env=env).returncode
