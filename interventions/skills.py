"""What the categories need: which skills, how long. From `data/means.toml`; a branch speaks for its leaves."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data" / "means.toml"
USUAL_MINUTES = 60


@cache
def content() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def _need(category: str) -> dict[str, Any]:
    needs = content()["needs"]
    own: dict[str, Any] = needs.get(category, {})
    return {**needs.get(category.partition(".")[0], {}), **own}


def skills_of(category: str) -> tuple[str, ...]:
    """Keys of the skills that work of this category usually needs."""
    return tuple(_need(category).get("skills", ()))


def duration_of(category: str) -> int:
    """How many minutes such work usually takes."""
    return int(_need(category).get("minutes", USUAL_MINUTES))
