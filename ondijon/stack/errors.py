"""What the stack says when it cannot go on: always one sentence that a newcomer can act on."""

from __future__ import annotations

import errno
import os
from pathlib import Path

FULL = os.strerror(errno.ENOSPC)


class StackError(Exception):
    """A reason to stop, worded for the person at the terminal."""


def last_words(log: Path, lines: int = 5) -> str:
    """The end of a log file, or an empty text when there is none."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def explained(what: str, said: str) -> StackError:
    """Turn a program's last words into a StackError; a full disk is named as such wherever it shows."""
    if FULL in said or "DiskFull" in said:
        return StackError(f"the disk is full, so {what}: free some space, then start again.")
    if "Traceback (most recent call last)" in said:
        said = said.strip().splitlines()[-1]
    return StackError(f"{what}. It said: {said.strip()[:2000] or 'nothing'}")
