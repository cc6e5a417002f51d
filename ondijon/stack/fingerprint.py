"""A digest of everything that migrations and the Dijon world are made of, to skip both when nothing changed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from .processes import ROOT

KINDS = {".py", ".json", ".geojson", ".csv", ".toml", ".txt"}
IRRELEVANT = {"tests", "bench", "prove", "docs", "var", "static", "templates", "locale"}


def files(root: Path = ROOT) -> list[Path]:
    """The rooms' sources and data, and the locks; not the tests, papers or pages."""
    folders = [root, *(f for f in root.iterdir() if f.is_dir() and f.name not in IRRELEVANT and f.name[0] != ".")]
    found = [path for path in root.iterdir() if path.is_file()]
    found += [path for folder in folders[1:] for path in folder.rglob("*") if path.is_file()]
    return sorted(path for path in found if path.suffix in KINDS)


def of_world() -> str:
    """Of what a fresh database depends on alone: migrations, data, what loads them, the locks."""
    return _of(
        [path for path in files() if {"migrations", "data", "management"} & set(path.parts) or path.suffix == ".txt"]
    )


def of_code(extra: Sequence[str] = ()) -> str:
    """Hexadecimal sha256 over names and contents."""
    return _of(files(), extra)


def _of(paths: Sequence[Path], extra: Sequence[str] = ()) -> str:
    digest = hashlib.sha256("\0".join(extra).encode())
    for path in paths:
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
