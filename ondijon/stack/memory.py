"""What a launcher leaves under var/ for the next one: secrets, and who was running (also after kill -9)."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .errors import StackError
from .processes import Identity
from .roles import Passwords

JOINED = (
    *("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "LIVE_URL", "DEMO", "SECRET_KEY", "PUBLIC_ORIGIN"),
    *("EXERCISE", "EXERCISE_ADDRESSES", "MEDIA_ROOT"),
)


class Memory:
    """Files `stack.json` (addresses and processes of this run), `secrets.json` and `launcher.lock` in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stack, self.secrets, self.gate = (folder / n for n in ("stack.json", "secrets.json", "launcher.lock"))

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Be the only launcher of this folder; the kernel lets go when the launcher dies, however it dies."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.gate.open("a") as gate:
            try:
                fcntl.flock(gate, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                where = self._read(self.stack).get("url", "")
                raise StackError(f"OnDijon already runs from this folder{where and ' at ' + where}.") from None
            yield

    def is_held(self) -> bool:
        if not self.gate.exists():
            return False
        with self.gate.open("a") as gate:
            try:
                fcntl.flock(gate, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def passwords(self) -> Passwords:
        kept = self._kept()
        return Passwords(kept["superuser"], kept["owner"], kept["app"])

    def secret(self, name: str) -> str:
        return self._kept()[name]

    def kept(self, name: str, make: Callable[[], str]) -> str:
        """A value made once and given again at every later start."""
        known: dict[str, str] = self._kept()
        if name not in known:
            known[name] = make()
            self._write(self.secrets, known)
        return known[name]

    def drop(self, name: str) -> None:
        known = self._kept()
        if known.pop(name, None) is not None:
            self._write(self.secrets, known)

    def _kept(self) -> dict[str, str]:
        """Secrets made once, so that sessions and the data folder outlive a restart."""
        kept: dict[str, str] = self._read(self.secrets)
        missing = {"superuser", "owner", "app", "secret_key"} - kept.keys()
        if missing:
            kept |= {name: secrets.token_urlsafe(48) for name in missing}
            self._write(self.secrets, kept)
        return kept

    def forget(self) -> None:
        self.stack.unlink(missing_ok=True)

    def remember(self, *, url: str, environ: dict[str, str], processes: Iterable[Identity | None]) -> None:
        known = [asdict(identity) for identity in processes if identity]
        self._write(self.stack, {"url": url, "environ": environ, "processes": known})

    def leftovers(self) -> list[Identity]:
        """Processes of a launcher that is gone, only those that are beyond doubt still the same."""
        known = [Identity(**kept) for kept in self._read(self.stack).get("processes", [])]
        return [identity for identity in known if identity.process()]

    def running_environment(self) -> dict[str, str]:
        """The addresses of the post that runs from this folder; empty when none runs."""
        if not self.is_held():
            return {}
        environ: dict[str, str] = self._read(self.stack).get("environ", {})
        return environ

    def _read(self, path: Path) -> dict[str, Any]:
        """An unreadable file (a disk that filled up half-way) counts as none."""
        try:
            found = json.loads(path.read_text())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _write(self, path: Path, content: dict[str, Any]) -> None:
        half_way = path.with_suffix(".new")
        with os.fdopen(os.open(half_way, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(content, file, indent=1)
        half_way.replace(path)
