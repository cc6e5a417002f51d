"""Charts as SVG, drawn on the server: positions in the units of the picture; the template gives them their looks."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format

ROW, GAP, LABEL, WIDTH = 26, 8, 190, 720
PLOT = WIDTH - LABEL - 70


@dataclass(frozen=True, slots=True)
class Bar:
    """One line: a bar up to the median, a whisker up to the 90th percentile, a mark at the target (None: none)."""

    label: str
    y: int
    text_y: int
    middle: int
    width: float
    whisker: float
    words: str


@dataclass(frozen=True, slots=True)
class Bars:
    height: int
    bars: list[Bar]
    ticks: list[tuple[float, str]]


def bars(rows: Sequence[tuple[str, float, float, str]]) -> Bars:
    """`rows` of label, median, 90th percentile, words. The scale ends at a round number above the largest."""
    top = nice(max((max(median, p90) for _label, median, p90, _words in rows), default=1.0))
    step = ROW + GAP
    drawn = [
        Bar(label, n * step, n * step + 17, n * step + ROW // 2, scaled(median, top), LABEL + scaled(p90, top), words)
        for n, (label, median, p90, words) in enumerate(rows)
    ]
    ticks = [(LABEL + PLOT * part / 4, number_format(f"{top * part / 4:g}")) for part in range(5)]
    return Bars(len(rows) * step + 24, drawn, ticks)


def scaled(value: float, top: float) -> float:
    return round(PLOT * value / top, 1)


def nice(value: float) -> float:
    """1, 2 or 5 times a power of ten, at least `value`."""
    size = 1.0
    while size * 10 < value:
        size *= 10
    return next(size * step for step in (1, 2, 5, 10) if size * step >= value)


@dataclass(frozen=True, slots=True)
class Column:
    """One day: asked for, and of them late; `label` under some of them."""

    x: float
    y: float
    width: float
    height: float
    late_y: float
    late_height: float
    words: str
    label: str


DAYS_WIDTH, DAYS_HEIGHT, WIDEST, LABELS = 1440, 150, 80, 10


def columns(days: Sequence[tuple[str, str, int, int]]) -> list[Column]:
    """`days` of label, words, number, number late, from left to right; about ten of them keep their label."""
    top = max((number for _label, _words, number, _late in days), default=1) or 1
    every = max(1, -(-len(days) // LABELS))
    wide = min(DAYS_WIDTH / max(len(days), 1), WIDEST)
    drawn = []
    for n, (label, words, number, late) in enumerate(days):
        high, red = DAYS_HEIGHT * number / top, DAYS_HEIGHT * min(late, number) / top
        place = round(n * wide + wide * 0.1, 1)
        drawn.append(
            Column(
                place, round(DAYS_HEIGHT - high, 1), round(wide * 0.8, 1), round(high, 1),
                round(DAYS_HEIGHT - red, 1), round(red, 1), words, "" if n % every else label,
            )
        )  # fmt: skip
    return drawn
