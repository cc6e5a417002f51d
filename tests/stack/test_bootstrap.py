"""manage.py before its virtual environment: one sentence for each thing that can be wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ondijon.stack.ports import free_port
from ondijon.stack.processes import ROOT

WITHOUT = """
import importlib.util, runpy, sys
real = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "ensurepip" else real(name, *rest)
sys.argv = ["manage.py", "setup"]
runpy.run_path("manage.py", run_name="__main__")
"""
OLD = """
import runpy, sys
sys.version_info, sys.version = (3, 10, 1), "3.10.1 (main)"
sys.argv = ["manage.py", "demo"]
runpy.run_path("manage.py", run_name="__main__")
"""


def attempt(*command: str, **env: str) -> str:
    """Run the system's Python on manage.py; what it said before it gave up with status 2."""
    clean = {key: value for key, value in os.environ.items() if key not in ("ONDIJON_NO_VENV", "PYTHONPATH")}
    base = getattr(sys, "_base_executable", sys.executable)
    done = subprocess.run([base, *command], cwd=ROOT, env=clean | env, capture_output=True, text=True, timeout=600)
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def test_an_old_python() -> None:
    assert "Python 3.11 or newer is needed; this is 3.10.1" in attempt("-c", OLD)


def test_no_venv_module(tmp_path: Path) -> None:
    assert "apt install python3-venv" in attempt("-c", WITHOUT, ONDIJON_VENV=str(tmp_path / "venv"))


def test_no_package_index(tmp_path: Path) -> None:
    nowhere = {"PIP_INDEX_URL": f"http://127.0.0.1:{free_port()}/simple", "PIP_CONFIG_FILE": os.devnull}
    nowhere |= {"PIP_NO_CACHE_DIR": "1", "ONDIJON_VENV": str(tmp_path / "venv")}
    assert "no package index answers" in attempt("manage.py", "setup", **nowhere)


def test_a_folder_of_somebody_else_is_not_emptied(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("dear")
    assert "is not a virtual environment" in attempt("manage.py", "setup", ONDIJON_VENV=str(tmp_path))
    assert (tmp_path / "letters.txt").exists()


@pytest.mark.parametrize("size", ["4m", "24m"])
def test_a_full_disk(tmp_path: Path, size: str) -> None:
    """On a real small disk where the machine lets us make one; else the sentence alone is checked."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        from manage import explain

        assert "the disk is full" in explain("[Errno 28] No space left on device")
        return
    try:
        assert "the disk is full" in attempt("manage.py", "setup", ONDIJON_VENV=str(disk / "venv"))
    finally:
        subprocess.run(["umount", str(disk)], check=True)
