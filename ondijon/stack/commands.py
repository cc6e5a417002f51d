"""The stack's own commands, which start servers before Django knows where they are."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from .errors import StackError

NAMES = ("demo", "up", "test", "bench", "prove", "fuzz")


def demo_parser(command: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"manage.py {command}")
    parser.add_argument("--port", type=int, default=None, help="of the pages (8000, or the next free one)")
    parser.add_argument(
        "--exercise", action="store_true", help="a world apart, where nothing is real (docs/exercise.md)"
    )
    if command == "up":
        parser.add_argument(
            "--live-port", type=int, default=None, help="of the sockets, for the proxy's /ws/ path (8001)"
        )
    if command == "demo":
        parser.add_argument("--fresh", action="store_true", help="throw the demo's data away first")
        parser.add_argument("--quiet-city", action="store_true", help="no simulator: nothing happens by itself")
    return parser


def proof_parser(command: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"manage.py {command}")
    parser.add_argument("name", nargs="?", help="one of --list")
    parser.add_argument("--list", action="store_true", help="name them all")
    parser.add_argument("--all", action="store_true", help="run every one, each in a process of its own")
    parser.add_argument("--n", type=int, default=None, help="the size; each has its own default")
    parser.add_argument("--small", action="store_true", help="the size that CI runs")
    if command == "prove":
        parser.add_argument("--sabotage", action="store_true", help="the negative control: must go red")
    else:
        parser.add_argument("--cell", action="store_true", help="with live: a crisis cell at work, as `bench cell`")
        parser.add_argument("--only-run", action="store_true", help="exit 0 when it ran, goals reached or not")
    return parser


def run(command: str, arguments: list[str]) -> int:
    """Carry out one command; its exit status."""
    signal.signal(signal.SIGTERM, _as_ctrl_c)
    signal.signal(signal.SIGINT, _as_ctrl_c)
    try:
        if command == "test":
            from . import testing

            return testing.run(arguments)
        if command in ("bench", "prove"):
            from . import proofs

            return proofs.run(command, proof_parser(command).parse_args(arguments))
        if command == "fuzz":
            from . import fuzzing

            return fuzzing.run(fuzzing.parser().parse_args(arguments))
        from . import launcher

        return launcher.run(command, demo_parser(command).parse_args(arguments))
    except StackError as error:
        sys.stdout.flush()
        print(f"ondijon: {error}", file=sys.stderr)
        return 2


def _as_ctrl_c(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def join_running_post(command: str = "") -> None:
    """Give a management command the addresses of the demo or post that runs from this folder, if one does; to
    `exercise` those of the exercise beside it, and of nothing else."""
    from . import exercise
    from .memory import Memory

    in_exercise = command == "exercise"
    if in_exercise and not os.environ.get("EXERCISE"):
        kept = exercise.environment(os.environ)
        os.environ.clear()
        os.environ.update(kept)
    if "DATABASE_URL" in os.environ:
        return
    folder = exercise.folder_in(var_folder()) if in_exercise else var_folder()
    for name, value in Memory(folder).running_environment().items():
        os.environ.setdefault(name, value)


def var_folder() -> Path:
    """Where data, logs and secrets of this checkout live (ONDIJON_VAR moves it)."""
    from .processes import ROOT

    return Path(os.environ.get("ONDIJON_VAR", str(ROOT / "var")))
