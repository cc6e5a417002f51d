"""One program that the stack runs: start it, watch it, stop it, kill it, and know it again after a crash."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from .errors import StackError, explained, last_words
from .ports import answers, wait_until

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 120  # a machine under full load starts slowly; a program that died is told at once


@dataclass(frozen=True)
class Identity:
    """A process, beyond doubt: numbers are reused, a number with its start time is not."""

    name: str
    pid: int
    started: float

    @classmethod
    def of(cls, name: str, pid: int) -> Identity | None:
        try:
            return cls(name, pid, psutil.Process(pid).create_time())
        except psutil.NoSuchProcess:
            return None

    def process(self) -> psutil.Process | None:
        """The living process, or None when it is gone or its number belongs to a stranger now."""
        try:
            found = psutil.Process(self.pid)
            same = abs(found.create_time() - self.started) < 0.05
        except psutil.NoSuchProcess:
            return None
        return found if same and not gone(found) else None

    def end(self, *, seconds: float, gentle: signal.Signals = signal.SIGTERM) -> None:
        """Ask the process to stop; when the time is over, kill it with all it started."""
        process = self.process()
        if process is None:
            return
        family = [process, *family_of(process)]
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(gentle)
        wait_until(lambda: all(map(gone, family)), seconds=seconds)
        kill_all(family)


def family_of(process: psutil.Process) -> list[psutil.Process]:
    try:
        found: list[psutil.Process] = process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    return found


def gone(process: psutil.Process) -> bool:
    """Whether it ended; a zombie that nobody collects (no init in a container) has ended."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def kill_all(processes: Sequence[psutil.Process]) -> None:
    """kill -9, and wait until they are gone."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    wait_until(lambda: all(map(gone, processes)), seconds=5)


@dataclass
class Child:
    """A program of the post, in a process group of its own so that Ctrl-C reaches the launcher only."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    log: Path
    port: int | None = None
    cwd: Path = ROOT
    user: dict[str, Any] = field(default_factory=dict)
    gentle: signal.Signals = signal.SIGTERM
    popen: subprocess.Popen[bytes] | None = None
    starts: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        if self.popen is None:
            raise StackError(f"{self.name} was not started.")
        return self.popen.pid

    def alive(self) -> bool:
        return self.popen is not None and self.popen.poll() is None

    def start(self, *, wait: bool = True, seconds: float = PATIENCE_S) -> Child:
        """Start it; with a port, wait until it listens. Raises StackError with the end of its log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.popen = subprocess.Popen(
                list(self.argv), env=dict(self.env), cwd=self.cwd, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, **self.user,
            )  # fmt: skip
        self.starts += 1
        if wait and self.port is not None:
            self.wait_listening(seconds)
        return self

    def wait_listening(self, seconds: float = PATIENCE_S) -> None:
        port = self.port
        if port is None or (wait_until(lambda: answers(port) or not self.alive(), seconds=seconds) and self.alive()):
            return
        raise explained(f"{self.name} did not start (log: {self.log})", last_words(self.log))

    def identity(self) -> Identity | None:
        return Identity.of(self.name, self.pid) if self.alive() else None

    def ask_to_stop(self) -> None:
        if self.popen is not None and self.alive():
            self.popen.send_signal(self.gentle)

    def wait_stopped(self, seconds: float) -> None:
        """Wait for an asked stop; when the time is over, and for what it left behind, kill."""
        if self.popen is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.popen.wait(max(seconds, 0.05))
        self.kill()

    def stop(self, seconds: float = 5) -> None:
        self.ask_to_stop()
        self.wait_stopped(seconds)

    def kill(self) -> None:
        """kill -9 for the program and everything it started; harmless when it is gone already."""
        if self.popen is None:
            return
        if self.popen.poll() is None:
            process = psutil.Process(self.popen.pid)
            family = family_of(process)
            self.popen.kill()
            kill_all(family)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()
