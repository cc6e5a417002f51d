"""What dies is started again; what keeps dying ends the post, unless the post can do without it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ondijon.stack.errors import StackError
from ondijon.stack.launcher import RESTARTS, Watch
from ondijon.stack.ports import wait_until
from ondijon.stack.post import Post
from ondijon.stack.processes import Child
from tests.conftest import PATIENCE_S


class Sample(SimpleNamespace):
    """A post of programs that end at once."""

    postgres = None

    def children(self) -> list[Child]:
        return [*self.others, *self.needed]


def mortal(tmp_path: Path, name: str) -> Child:
    code = f"print('{name} has a reason')"
    return Child(name, [sys.executable, "-c", code], dict(os.environ), tmp_path / f"{name}.log").start()


def mend(watch: Watch, *children: Child) -> None:
    assert wait_until(lambda: not any(child.alive() for child in children), seconds=PATIENCE_S)
    watch.mend()


def sample(**content: Any) -> tuple[Watch, Sample]:
    post = Sample(**({"others": [], "needed": []} | content))
    return Watch(cast(Post, post)), post


def test_a_needed_program_that_keeps_dying_ends_the_post(tmp_path: Path) -> None:
    child = mortal(tmp_path, "web-1")
    watch, _ = sample(needed=[child])
    for _ in range(RESTARTS):
        mend(watch, child)
    assert child.starts == RESTARTS + 1
    with pytest.raises(StackError, match=r"web-1 keeps stopping .* web-1 has a reason"):
        mend(watch, child)


def test_the_post_goes_on_without_its_simulator(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    child = mortal(tmp_path, "simulator")
    watch, post = sample(others=[child])
    for _ in range(RESTARTS + 1):
        mend(watch, child)
    assert post.others == []
    assert "is left out; the post goes on" in capsys.readouterr().err
