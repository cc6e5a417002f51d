"""Loopback ports: find free ones, see whether somebody listens."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Callable

HOST = "127.0.0.1"


def free_port() -> int:
    """A port that was free a moment ago, and that no process of ours is given as long as this one lives."""
    while True:
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            port: int = probe.getsockname()[1]
        if claim(port):
            return port


def claim(port: int) -> bool:
    """Have this port to ourselves until a server listens on it; False when another process of ours was quicker.

    By a name that lives and dies with this process. Systems without such names leave it to chance, which is rarely unkind.
    """
    if sys.platform != "linux":
        return True
    mark = socket.socket(socket.AF_UNIX)
    try:
        mark.bind(f"\0ondijon-port-{port}")
    except OSError:
        mark.close()
        return False
    mark.detach()  # open, and the name with it, until this process ends
    return True


def is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Whether somebody accepts connections on this loopback port."""
    try:
        socket.create_connection((HOST, port), timeout=0.5).close()
    except OSError:
        return False
    return True


def wait_until(condition: Callable[[], bool], *, seconds: float, step: float = 0.02) -> bool:
    """Ask again and again until the condition holds (True) or the time in seconds is over (False)."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(step)
    return True
