"""What a launcher leaves for the next one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ondijon.stack.errors import StackError
from ondijon.stack.memory import Memory
from ondijon.stack.processes import Identity


def test_secrets_are_made_once_and_only_ours_to_read(tmp_path: Path) -> None:
    first = Memory(tmp_path).passwords()
    assert Memory(tmp_path).passwords() == first
    assert len({first.superuser, first.owner, first.app}) == 3
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_only_one_launcher_holds_a_folder(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    with memory.held():
        memory.remember(url="http://127.0.0.1:8000", environ={"DATABASE_URL": "x"}, processes=[])
        assert Memory(tmp_path).running_environment() == {"DATABASE_URL": "x"}
        with (
            pytest.raises(StackError, match="already runs from this folder at http"),
            Memory(tmp_path).held(),
        ):
            pass
    assert Memory(tmp_path).running_environment() == {}


def test_leftovers_are_those_still_alive_and_the_same(tmp_path: Path) -> None:
    me = Identity.of("me", os.getpid())
    assert me is not None
    ended = subprocess.Popen([sys.executable, "-c", ""])
    was = Identity.of("ended", ended.pid)
    ended.wait()
    reused = Identity("reused", os.getpid(), me.started - 1000)
    memory = Memory(tmp_path)
    memory.remember(url="", environ={}, processes=[me, was, reused, None])
    assert memory.leftovers() == [me]


@pytest.mark.parametrize("content", ["", "{", "[1]"])
def test_a_half_written_file_counts_as_none(tmp_path: Path, content: str) -> None:
    memory = Memory(tmp_path)
    memory.stack.write_text(content)
    assert memory.leftovers() == []
