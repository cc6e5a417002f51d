"""An exercise calls nobody: its processes can open connections to its own servers and to nothing else.

The interpreter itself asks (an audit hook, PEP 578, which nothing can take away again), so it does not matter which
library would call, nor what its settings say. Libraries that connect without Python's sockets (libpq) know only the
addresses that the launcher gave them (`ondijon.stack.exercise`).
"""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Iterable
from typing import Any

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1", "::ffff:127.0.0.1"})
CALLS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})


class Refused(PermissionError):
    """This process belongs to an exercise, and the address does not."""

    def __init__(self, address: object) -> None:
        super().__init__(errno.EPERM, f"an exercise calls nobody outside itself: {address}")


def guard(addresses: Iterable[str]) -> None:
    """From now on this process connects to these loopback addresses ("127.0.0.1:5432") alone. There is no way back."""
    allowed = frozenset(int(address.rpartition(":")[2]) for address in addresses)
    own_names = LOOPBACK | {socket.gethostname(), ""}

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event in CALLS and not _inside(arguments[1], allowed):
            raise Refused(arguments[1])
        if event == "socket.getaddrinfo" and arguments[0] is not None and _text(arguments[0]) not in own_names:
            raise Refused(arguments[0])

    sys.addaudithook(watch)


def _inside(address: Any, ports: frozenset[int]) -> bool:
    if address is None:  # on a connection that is open already
        return True
    return isinstance(address, tuple) and _text(address[0]) in LOOPBACK and address[1] in ports


def _text(name: Any) -> str:
    return name.decode("ascii", "replace") if isinstance(name, bytes | bytearray) else str(name)
