"""Extracts of the journal, and every small forgery of them."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

from django.core.management import call_command

from prove import Result, progress, step

PROVER = Path(__file__).parents[1] / "docs" / "prove_extract.py"


def prove_extracts(abouts: list[UUID], result: Result, *, sabotage: bool) -> None:
    prover = load_prover(sabotage=sabotage)
    proved, changed, passed = 0, 0, []
    for about in progress([abouts[0], abouts[1], abouts[-1]], "extracts"):
        lines = export(about)
        proved += holds(prover, lines)
        for title, forged in forgeries(lines):
            changed += 1
            if holds(prover, forged):
                passed.append(f"{title} of {about}")
        result.figures["hiding_an_entry_as_a_digest_is_found"] = not holds(prover, hide_one(lines))
    for line in passed[:3]:
        step(f"PROVED though changed: {line}")
    result.figures["changed_extracts"] = changed
    result.exactly("extracts that prove", proved, 3)
    result.exactly("changed extracts that prove", len(passed), 0)
    result.exactly("exit statuses of the script (0 whole, 1 changed)", script_says(lines), 1)


def export(about: UUID) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "extract.jsonl"
        call_command("export_journal", f"--about={about}", f"--to={path}")
        return path.read_text(encoding="utf-8").splitlines()


def load_prover(*, sabotage: bool) -> ModuleType:
    source = PROVER.read_text(encoding="utf-8")
    module = ModuleType("prove_extract")
    if sabotage:
        source = source.replace("raise ValueError", "ValueError")
    exec(compile(source, str(PROVER), "exec"), module.__dict__)  # noqa: S102  our own script
    return module


def holds(prover: ModuleType, lines: list[str]) -> bool:
    try:
        prover.prove(iter(lines))
    except (ValueError, KeyError, StopIteration, TypeError, AttributeError):
        return False
    return True


def script_says(lines: list[str]) -> int:
    """1 when the real script, run as a program of its own, accepts the whole extract and refuses a changed one."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "extract.jsonl"
        statuses = []
        for content in (lines, lines[:-1]):
            path.write_text("\n".join(content) + "\n", encoding="utf-8")
            command = [sys.executable, "-I", "-S", str(PROVER), str(path)]
            statuses.append(subprocess.run(command, capture_output=True).returncode)
    return int(statuses == [0, 1])


def forgeries(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """(what was done, the changed extract), for every field of every line, and lines left out, doubled, swapped."""
    for place, line in enumerate(lines):
        before, after = lines[:place], lines[place + 1 :]
        for name, forged in field_changes(json.loads(line)):
            yield f"{name} in line {place}", [*before, json.dumps(forged), *after]
        yield f"line {place} left out", [*before, *after]
        yield f"line {place} doubled", [*before, line, line, *after]
        if after and after[0] != line:
            yield f"line {place} swapped", [*before, after[0], line, *after[1:]]


def field_changes(content: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, value in content.items():
        for change in CHANGES[type(value)]:
            forged = change(value)
            if forged != value:
                yield name, {**content, name: forged}
    for name in content:
        yield f"{name} removed", {key: value for key, value in content.items() if key != name}


def _flipped(text: str) -> str:
    last = text[-1:]
    return text[:-1] + ("0" if last != "0" else "1")


CHANGES: dict[type, tuple[Callable[[Any], Any], ...]] = {
    str: (_flipped, lambda text: f"x{text}"),
    int: (lambda number: number + 1, lambda number: number - 1),
    list: (
        lambda names: [*names, "public"],
        lambda names: names[1:],
        lambda names: [",".join(names)] if names else [""],
    ),
}


def hide_one(lines: list[str]) -> list[str]:
    """Replace the last entry shown by its digest, as if it were about something else."""
    place = max(n for n, line in enumerate(lines) if n and "seq" in json.loads(line))
    prover = load_prover(sabotage=False)
    digest = prover.sha256(prover.canonical(json.loads(lines[place]))).hexdigest()
    return [*lines[:place], json.dumps({"digest": digest}), *lines[place + 1 :]]
