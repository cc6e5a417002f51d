"""Faults provoked on purpose, and the harness that `bench` shares.

A module `prove/NAME.py` or `bench/NAME.py` holds

- a docstring whose first line says what it shows (`--list` prints it),
- `SIZE, SMALL = 500, 40`: the default of `--n` and the size that CI runs,
- optionally `PLAN = {"web": 2, "live": 2, "workers": 2, "beat": 1, ...}`, a literal that changes the default post
  (fields of ondijon.stack.post.Plan), and `START = False` to start it itself,
- `def run(post: Post, args: Args) -> Result`, with `post` started: see ondijon.stack.post. The calling process is a
  member of the post (Django is set up on the application's role), so models and services can be imported at the top.

With `args.sabotage` a proof breaks the mechanism it proves, and its goals must then be missed.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ondijon.stack.post import Plan, Post

__all__ = ["Args", "Goal", "Plan", "Post", "Result", "Row", "progress", "quantile", "spread", "step", "table"]

T = TypeVar("T")


@dataclass(frozen=True)
class Args:
    """What the person at the terminal asked for."""

    n: int
    sabotage: bool = False
    small: bool = False


@dataclass(frozen=True)
class Goal:
    """One figure held against a bound."""

    name: str
    figure: float
    relation: str
    bound: float

    @property
    def met(self) -> bool:
        return {
            "at least": self.figure >= self.bound,
            "at most": self.figure <= self.bound,
            "exactly": self.figure == self.bound,
        }[self.relation]


@dataclass(frozen=True)
class Row:
    text: str
    met: bool | None


@dataclass
class Result:
    """Figures (anything JSON can carry, units in their names) and goals. `ok` needs every goal met, and one at least."""

    figures: dict[str, Any] = field(default_factory=dict)
    goals: list[Goal] = field(default_factory=list)

    def at_least(self, name: str, figure: float, bound: float) -> None:
        self.goals.append(Goal(name, figure, "at least", bound))

    def at_most(self, name: str, figure: float, bound: float) -> None:
        self.goals.append(Goal(name, figure, "at most", bound))

    def exactly(self, name: str, figure: float, bound: float) -> None:
        self.goals.append(Goal(name, figure, "exactly", bound))

    @property
    def ok(self) -> bool:
        return bool(self.goals) and all(goal.met for goal in self.goals)

    def rows(self) -> Iterator[Row]:
        for name, value in self.figures.items():
            yield Row(f"  {name:<44} {shown(value)}", None)
        for goal in self.goals:
            verdict = "yes" if goal.met else "NO"
            yield Row(
                f"  {goal.name:<44} {shown(goal.figure):>12}  {goal.relation} {shown(goal.bound)}: {verdict}", goal.met
            )

    def json(self, name: str) -> str:
        goals = {
            goal.name: {"figure": rounded(goal.figure), goal.relation.replace(" ", "_"): goal.bound, "met": goal.met}
            for goal in self.goals
        }
        content = {"name": name, "figures": rounded(self.figures), "goals": goals, "ok": self.ok}
        return json.dumps(content, ensure_ascii=False)


def shown(value: Any) -> str:
    return (
        f"{value:,.4g}"
        if isinstance(value, float) and abs(value) < 1000
        else f"{value:,.0f}"
        if isinstance(value, int | float)
        else str(value)
    )


def rounded(value: Any) -> Any:
    """The same value with floats at five significant digits, for readable JSON."""
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, list | tuple) else value


def step(line: str) -> None:
    """Say what is being done now (standard error; standard output carries the results)."""
    print(f"  {line}", file=sys.stderr, flush=True)


def progress(items: Iterable[T], what: str, total: int | None = None) -> Iterator[T]:
    """Hand the items on while showing how far it is: a live line on a terminal, a line every 5 s elsewhere."""
    size = total if total is not None else len(items) if isinstance(items, Sequence | range) else None
    live = sys.stderr.isatty()
    last, pause = 0.0, 0.1 if live else 5.0
    for done, item in enumerate(items, 1):
        yield item
        if time.monotonic() - last > pause or done == size:
            last = time.monotonic()
            print(
                f"{chr(13) if live else ''}  {what} {done}{f'/{size}' if size else ''}",
                end="" if live else "\n",
                file=sys.stderr,
                flush=True,
            )
    if live:
        print(file=sys.stderr)


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which this share (0..1) of the values lies; nearest rank, 0.0 for no values."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, least and most."""
    return {"median": quantile(values, 0.5), "min": min(values, default=0.0), "max": max(values, default=0.0)}


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Columns as wide as their content, numbers to the right."""
    lines = [list(heads), *([shown(cell) for cell in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    return "\n".join(
        "  ".join(f"{cell:>{w}}" if n else f"{cell:<{w}}" for n, (cell, w) in enumerate(zip(line, widths, strict=True)))
        for line in lines
    )
