"""The files that the phone keeps so that its page opens without network, and the version that they are together."""

import re
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.templatetags.static import static

ENTRY = "js/field/app.js"
WORKER = "js/field-worker.js"
BESIDE = ("js/shell.js", "css/tokens.css", "css/base.css", "css/field.css", "img/icon.svg", "img/field-192.png")
_IMPORT = re.compile(r"""^(?:import|export)[^"';]*["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)


class Shell(NamedTuple):
    """`modules`: the scripts, imported ones included; `files`: addresses of all; `version` changes with any byte."""

    modules: tuple[str, ...]
    files: tuple[str, ...]
    version: str


@cache
def shell() -> Shell:
    modules = tuple(sorted(_imported(ENTRY, set())))
    names = (*modules, *BESIDE)
    digest = sha256(b"\0".join(_content(name) for name in (*names, WORKER))).hexdigest()[:16]
    return Shell(modules, tuple(static(name) for name in names), digest)


def worker() -> str:
    """The service worker's own code, without what it is told."""
    return _content(WORKER).decode()


def _content(name: str) -> bytes:
    return (Path(settings.BASE_DIR) / "static" / name).read_bytes()


def _imported(name: str, seen: set[str]) -> set[str]:
    """This module and all that it leads to, as names under static/."""
    if name in seen:
        return seen
    seen.add(name)
    root = Path(settings.BASE_DIR) / "static"
    for found in _IMPORT.findall(_content(name).decode()):
        _imported(str(((root / name).parent / found).resolve().relative_to(root.resolve())), seen)
    return seen
