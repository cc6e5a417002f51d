"""The verdict of bench and prove."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

import pytest

from ondijon.stack import proofs, testing
from ondijon.stack.processes import ROOT
from prove import Goal, Result, progress, quantile, table


def test_a_result_without_goals_is_not_ok() -> None:
    assert not Result(figures={"a": 1}).ok


@pytest.mark.parametrize(
    ("goal", "met"),
    [
        (Goal("x", 2, "at least", 2), True),
        (Goal("x", 1.9, "at least", 2), False),
        (Goal("x", 2, "at most", 2), True),
        (Goal("x", 2.1, "at most", 2), False),
        (Goal("x", 0, "exactly", 0), True),
        (Goal("x", 1, "exactly", 0), False),
    ],
)
def test_goals(goal: Goal, met: bool) -> None:
    assert goal.met is met


def test_the_last_line_is_json_and_the_status_follows(capsys: pytest.CaptureFixture[str]) -> None:
    result = Result(figures={"rate_per_s": 123.456789, "rounds": [1, 2]})
    result.at_least("ratio", 0.5, 0.12)
    result.exactly("missed", 1, 0)
    options = argparse.Namespace(name="sample", only_run=False)
    assert proofs.report(options, result, 1.0) == 1
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert set(last) == {"name", "figures", "goals", "ok"}
    assert last["figures"]["rate_per_s"] == 123.46
    assert last["goals"]["missed"] == {"figure": 1, "exactly": 0, "met": False}
    assert last["ok"] is False
    options.only_run = True
    assert proofs.report(options, result, 1.0) == 0


def test_every_command_has_a_purpose_sizes_and_a_sound_plan(tmp_path: Path) -> None:
    for kind in ("bench", "prove"):
        for name in proofs.names(kind):
            assert proofs.purpose(kind, name), f"{kind}/{name}.py needs a docstring"
            assert proofs.plan_of(kind, name, tmp_path).folder.parent == tmp_path
            text = (ROOT / kind / f"{name}.py").read_text()
            assert re.search(r"^SIZE, SMALL = ", text, re.MULTILINE)


def test_progress_hands_everything_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(progress(range(3), "rows")) == [0, 1, 2]
    assert "rows 3/3" in capsys.readouterr().err


def test_quantile_and_table() -> None:
    assert quantile([], 0.5) == 0.0
    assert quantile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert quantile([1.0, 2.0], 1.0) == 2.0
    assert table(["who", "s"], [["ours", 1.5]]) == "who     s\nours  1.5"


@pytest.mark.parametrize(
    ("arguments", "workers"),
    [([], True), (["tests/journal"], True), (["-n", "0"], False), (["-n4"], False), (["tests/a.py::test_b"], False)],
)
def test_the_suite_runs_in_parallel_unless_told_otherwise(arguments: list[str], workers: bool) -> None:
    assert ("-n" in testing.in_parallel(arguments)) is workers


async def test_asynchronous_tests_live_beside_the_browser() -> None:
    """Playwright's loop of another file is closed by now, or this would not run."""


def test_one_that_hangs_is_stopped_and_is_no_verdict() -> None:
    assert proofs.ended([sys.executable, "-c", "raise SystemExit(1)"], 60) == 1
    assert proofs.ended([sys.executable, "-c", "import threading; threading.Event().wait()"], 0.5) == 2
