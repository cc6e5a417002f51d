"""Lines written beforehand, from `crisis/data/templates.toml`: whoever types fills in what "…" leaves open."""

import tomllib
from functools import cache
from pathlib import Path

import msgspec
from django.utils.translation import get_language

FILE = Path(__file__).parent / "data" / "templates.toml"
BLANK = "…"


class Template(msgspec.Struct, frozen=True):
    """`name` is typed after "/"; `text` has a blank wherever something is still to be said."""

    name: str
    text: str


@cache
def _rows() -> tuple[tuple[str, str, str, str, str], ...]:
    return tuple(tuple(row) for row in tomllib.loads(FILE.read_text(encoding="utf-8"))["templates"])


def fitting(theme: str) -> list[Template]:
    """Those of a plan's theme first, then those for every plan, in the reader's language."""
    at = 2 if (get_language() or "fr").startswith("en") else 1
    found = [Template(row[at], row[at + 2]) for row in _rows() if row[0] == theme and theme]
    return found + [Template(row[at], row[at + 2]) for row in _rows() if not row[0]]
