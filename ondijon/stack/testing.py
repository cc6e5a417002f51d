"""`manage.py test`: throw-away servers, a browser, then pytest. Every other argument goes to pytest.

With `--keep`, one run at a time, the database server's folder stays under var/: the next run with the same migrations and
data starts in a second.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path

from . import roles
from .commands import var_folder
from .errors import StackError
from .ports import free_port
from .post import fresh_passwords
from .postgres import Postgres
from .processes import ROOT

WORKERS = 2
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def run(arguments: list[str]) -> int:
    """Run the suite; pytest's exit status. TEST_SUPERUSER_URL replaces the embedded PostgreSQL by one's own."""
    keep = "--keep" in arguments
    arguments = [one for one in arguments if one != "--keep"]
    with kept_folder() if keep else scratch_folder() as folder, database_server(folder) as (superuser_url, passwords):
        env = {
            **os.environ,
            "ONDIJON_TEST_FOLDER": str(folder),
            "ONDIJON_TEST_SUPERUSER_URL": superuser_url,
            "ONDIJON_TEST_OWNER_PASSWORD": passwords.owner,
            "ONDIJON_TEST_APP_PASSWORD": passwords.app,
            "ONDIJON_TEST_BROWSER": find_browser() or install_browser() or "",
        }
        return run_pytest([sys.executable, "-m", "pytest", *in_parallel(arguments), *arguments], env)


def run_pytest(command: list[str], env: dict[str, str]) -> int:
    pytest = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        return pytest.wait()
    except KeyboardInterrupt:
        pytest.terminate()
        pytest.wait(10)
        return 130


def in_parallel(arguments: list[str]) -> list[str]:
    """Two workers, unless the caller says otherwise or names single tests."""
    said = any(a.startswith(("-n", "--numprocesses", "--collect-only", "--co", "--pdb")) for a in arguments)
    single = any("::" in a for a in arguments)
    return [] if said or single else ["-n", str(min(WORKERS, os.cpu_count() or 1)), "--dist", "loadfile"]


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="ondijon-test-"))
    folder.chmod(0o711)  # PostgreSQL runs as another user when we are root
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def kept_folder() -> Iterator[Path]:
    """The folder of the runs with --keep; a second run waits for the first."""
    folder = var_folder() / "tests"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    with (folder / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def passwords_of(folder: Path) -> roles.Passwords:
    """Made once per folder: the server's data know them."""
    kept = folder / "passwords"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text("\n".join(astuple(fresh_passwords())))
    return roles.Passwords(*kept.read_text().split("\n"))


@contextlib.contextmanager
def database_server(folder: Path) -> Iterator[tuple[str, roles.Passwords]]:
    """A server with the two roles: (superuser address, passwords of the roles)."""
    passwords = passwords_of(folder)
    given = os.environ.get("TEST_SUPERUSER_URL")
    if given:
        roles.make_roles(given, passwords)
        yield given, passwords
        return
    server = Postgres(
        data=folder / "postgres", port=free_port(), password=passwords.superuser,
        log=folder / "postgres.log", durable=False,
    )  # fmt: skip
    try:
        server.start()
        roles.make_roles(server.dsn(), passwords)
        yield server.dsn(), passwords
    finally:
        server.stop()


def find_browser() -> str | None:
    return next((found for found in map(shutil.which, NAMES) if found), None)


def install_browser() -> str | None:
    """Chromium from the distribution when we are root and apt is there; None when it could not be had."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    print("installing Chromium for the browser tests, once …", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
    ):
        done = subprocess.run(command, env=quiet, capture_output=True, text=True)
        if done.returncode:
            print(f"apt could not install Chromium: {done.stderr.strip()[-300:]}", file=sys.stderr)
            return None
    return find_browser()


def required(name: str) -> str:
    """A value that `manage.py test` hands to pytest. Raises StackError when pytest was started by hand."""
    value = os.environ.get(name)
    if value is None:
        raise StackError("start the tests with `python3 manage.py test [pytest arguments]`: they need its servers.")
    return value
