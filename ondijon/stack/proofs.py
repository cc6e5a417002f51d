"""`manage.py bench NAME` and `manage.py prove NAME`: start a post, run one module, print its verdict."""

from __future__ import annotations

import argparse
import ast
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import psutil

from .errors import StackError
from .post import Plan, Post
from .processes import ROOT, Identity
from .testing import scratch_folder

if TYPE_CHECKING:
    from prove import Args, Result

DEFAULTS = {"bench": {"web": 1, "live": 1, "workers": 0, "beat": 0}, "prove": {"web": 2, "live": 2, "workers": 2}}
LONGEST_SMALL_SECONDS = 600  # one that hangs must not hide what the others have to say
RED, GREEN, PLAIN = "\033[31m", "\033[32m", "\033[0m"


def run(kind: str, options: argparse.Namespace) -> int:
    """Exit status 0 when the goals are met, 1 when not, 2 when it could not be run."""
    if options.list:
        for name in names(kind):
            print(f"{name:<12}{purpose(kind, name)}")
        return 0
    if options.all:
        return run_all(kind, options)
    if getattr(options, "cell", False) and options.name in ("live", None):
        options.name = "cell"
    if options.name not in names(kind):
        raise StackError(f"`{kind}` knows {', '.join(names(kind)) or 'nothing yet'}; name one of them.")
    return run_one(kind, options)


def names(kind: str) -> list[str]:
    return sorted(path.stem for path in (ROOT / kind).glob("*.py") if not path.stem.startswith("_"))


def purpose(kind: str, name: str) -> str:
    """The first line of the module's docstring, read without importing it."""
    text = ast.get_docstring(ast.parse((ROOT / kind / f"{name}.py").read_text())) or ""
    return text.splitlines()[0] if text else ""


def run_one(kind: str, options: argparse.Namespace) -> int:
    with scratch_folder() as folder:
        plan = plan_of(kind, options.name, folder)
        post = Post(plan, say=lambda line: print(f"  {line} …", file=sys.stderr, flush=True))
        join(post)
        module = import_module(f"{kind}.{options.name}")
        size = options.n or (getattr(module, "SMALL", None) if options.small else None)
        from prove import Args

        args = Args(n=size or module.SIZE, sabotage=getattr(options, "sabotage", False), small=options.small)
        began = time.monotonic()
        with post:
            if module.__dict__.get("START", True):
                post.start()
            result = ran(module, post, args)
        if result is None:
            return 2
        return report(options, result, time.monotonic() - began)


def ran(module: ModuleType, post: Post, args: Args) -> Result | None:
    """The result, or None when it could not be found out: a crash is neither green nor, in a control, red."""
    try:
        found: Result = module.run(post, args)
    except Exception:
        traceback.print_exc()
        return None
    return found


def plan_of(kind: str, name: str, folder: Path) -> Plan:
    """The default post of this kind, changed by the module's `PLAN = {...}` literal.

    Read without importing the module, which may import Django models before the addresses are known.
    """
    wanted: dict[str, object] = {**DEFAULTS[kind]}
    for statement in ast.parse((ROOT / kind / f"{name}.py").read_text()).body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if any(isinstance(target, ast.Name) and target.id == "PLAN" for target in targets):
            wanted |= ast.literal_eval(statement.value)  # type: ignore[attr-defined]  # an Assign, as just seen
    return Plan(folder=folder / "post", **wanted)  # type: ignore[arg-type]  # a wrong name or type fails at once


def join(post: Post) -> None:
    """Make this very process a member of the post, so that the module may import models and call services."""
    for name, value in post.environ().items():
        os.environ[name] = value
    import django

    django.setup()


def report(options: argparse.Namespace, result: Result, seconds: float) -> int:
    """Print the table of goals and, last, the line of JSON."""
    colour = sys.stdout.isatty()
    for row in result.rows():
        mark = {True: GREEN, False: RED, None: ""}[row.met] if colour else ""
        print(f"{mark}{row.text}{PLAIN if mark else ''}")
    print(f"  took {seconds:.0f} s")
    print(result.json(options.name), flush=True)
    return 0 if result.ok or getattr(options, "only_run", False) else 1


def run_all(kind: str, options: argparse.Namespace) -> int:
    """Everything of this kind, proofs with their negative control; 0 when each did what it must."""
    wrong = []
    for title, arguments, expected in jobs(kind, options):
        print(f"── {title}", flush=True)
        command = [sys.executable, str(ROOT / "manage.py"), kind, *arguments]
        status = ended(command, LONGEST_SMALL_SECONDS if options.small else None)
        if status != expected:
            wrong.append(f"{title}: exit status {status}, expected {expected}")
    print("\n".join(wrong) or f"every {kind} did what it must", flush=True)
    return 1 if wrong else 0


def ended(command: list[str], seconds: float | None) -> int:
    """Run to the end and give the exit status; after `seconds` it is told to stop, and that is status 2."""
    program = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "ONDIJON_NO_VENV": "1"})
    try:
        return program.wait(seconds)
    except subprocess.TimeoutExpired:
        print(f"not finished after {seconds:.0f} s: stopped", file=sys.stderr, flush=True)
        Identity(command[-1], program.pid, psutil.Process(program.pid).create_time()).end(seconds=30)
        program.wait()
        return 2


def jobs(kind: str, options: argparse.Namespace) -> Iterator[tuple[str, list[str], int]]:
    """(title, arguments, the exit status that is right) of each run."""
    common = ["--small"] if options.small else []
    common += ["--only-run"] if getattr(options, "only_run", False) else []
    for name in names(kind):
        yield f"{kind} {name}", [name, *common], 0
        if kind == "prove":
            yield f"{kind} {name} --sabotage", [name, *common, "--sabotage"], 1
