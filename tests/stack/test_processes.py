"""Programs of the post: started, stopped with their descendants, and never mistaken for a stranger."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from ondijon.stack.errors import StackError
from ondijon.stack.ports import claim, free_port, is_free, wait_until
from ondijon.stack.processes import ROOT, Child, Identity, gone
from tests.conftest import PATIENCE_S

PARENT = "import subprocess, sys, time; p = subprocess.Popen(['sleep', '60']); print(p.pid, flush=True); time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


def child(tmp_path: Path, code: str, port: int | None = None) -> Child:
    return Child("sample", [sys.executable, "-c", code], dict(os.environ), tmp_path / "sample.log", port)


def said(one: Child) -> str:
    assert wait_until(lambda: one.log.read_text() != "", seconds=PATIENCE_S)
    return one.log.read_text()


def test_kill_takes_the_descendants_along(tmp_path: Path) -> None:
    one = child(tmp_path, PARENT).start()
    grandchild = psutil.Process(int(said(one)))
    one.kill()
    assert wait_until(lambda: gone(grandchild), seconds=PATIENCE_S)
    assert not one.alive()


def test_a_program_that_ignores_the_request_is_killed_in_time(tmp_path: Path) -> None:
    one = child(tmp_path, STUBBORN).start()
    said(one)
    one.stop(0.3)
    assert not one.alive()


def test_an_identity_needs_number_and_start_time(tmp_path: Path) -> None:
    one = child(tmp_path, STUBBORN).start()
    identity = one.identity()
    assert identity is not None
    assert identity.process() is not None
    stranger = replace(identity, started=identity.started - 60)
    assert stranger.process() is None
    stranger.end(seconds=0)
    assert one.alive()
    identity.end(seconds=0)
    assert wait_until(lambda: not one.alive(), seconds=PATIENCE_S)
    assert Identity.of("gone", identity.pid) is None


def test_a_program_that_fails_to_listen_is_quoted(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="the reason"):
        child(tmp_path, "raise SystemExit('the reason')", free_port()).start(seconds=PATIENCE_S)


def test_a_taken_port_is_not_free(tmp_path: Path) -> None:
    port = free_port()
    assert is_free(port)
    one = child(
        tmp_path,
        f"import http.server as h; h.HTTPServer(('127.0.0.1', {port}), h.BaseHTTPRequestHandler).serve_forever()",
        port,
    )
    one.start()
    assert not is_free(port)
    one.kill()


def test_a_port_is_handed_out_once() -> None:
    """Not even another process is given it, before its server listens."""
    port = free_port()
    assert not claim(port)
    asks = f"from ondijon.stack.ports import claim; print(claim({port}))"
    done = subprocess.run([sys.executable, "-c", asks], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
