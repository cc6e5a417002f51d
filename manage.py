#!/usr/bin/env python3
"""The one command of the house: makes its own virtual environment, then runs itself again inside it.

Up to the moment it runs again this file uses the standard library only, and a syntax that old Pythons can read,
so that they can say in words that they are too old.
"""

import contextlib
import errno
import hashlib
import importlib.util
import os
import pathlib
import subprocess
import sys
import typing

HERE = pathlib.Path(__file__).resolve().parent
VENV = pathlib.Path(os.environ.get("ONDIJON_VENV", str(HERE / ".venv")))
PYTHON = VENV / "bin" / "python"
RUNTIME, TESTS = "requirements.txt", "requirements-test.txt"
NEED_TESTS = {"test", "bench", "prove", "fuzz"}
OLDEST = (3, 11)
NO_INDEX = (
    "Could not find a version",
    "Retrying (",
    "Failed to establish a new connection",
    "Name or service not known",
)


def fail(sentence: str) -> "typing.NoReturn":
    """Leave with status 2 and one sentence a newcomer can act on."""
    sys.stdout.flush()
    sys.stderr.write(f"ondijon: {sentence}\n")
    sys.exit(2)


def digest(lock: str) -> str:
    return hashlib.sha256((HERE / lock).read_bytes()).hexdigest()


def installed(lock: str) -> bool:
    stamp = VENV / f".{lock}.sha256"
    return PYTHON.exists() and stamp.exists() and stamp.read_text().strip() == digest(lock)


def needed_lock(command: str) -> str:
    """The test lock contains the runtime lock, so it serves everything once it is there."""
    wants_tests = command in NEED_TESTS or (command == "setup" and "--test" in sys.argv)
    return TESTS if wants_tests or installed(TESTS) else RUNTIME


def make_venv() -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        fail("this Python has no venv module; install it first (on Debian and Ubuntu: apt install python3-venv).")
    import venv

    ours = not VENV.exists() or (VENV / "pyvenv.cfg").exists() or not any(VENV.iterdir())
    if not ours:  # making an environment empties its folder first
        fail(f"{VENV} exists and is not a virtual environment; name another folder in ONDIJON_VENV.")
    finished = any(VENV.glob(".requirements*.sha256")) and PYTHON.exists()
    if not finished:
        try:
            venv.EnvBuilder(with_pip=True, clear=True, symlinks=True).create(str(VENV))
        except subprocess.CalledProcessError as error:  # ensurepip runs as a program of its own
            fail(explain((error.output or b"").decode(errors="replace")))


def explain(output: str) -> str:
    if os.strerror(errno.ENOSPC) in output:
        return f"the disk is full: the packages need about 900 MB in {VENV}."
    if any(sign in output for sign in NO_INDEX):
        return "no package index answers: check the network, or name your mirror in PIP_INDEX_URL."
    return "pip could not install the locked packages; it said: " + output[-1500:].strip()


def report(done: int, total: int, name: str) -> None:
    line = f"installing {done}/{total} packages, once: {name}"
    if sys.stdout.isatty():
        sys.stdout.write(f"\r\033[K{line}")
    elif done % 25 == 1:
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def install(lock: str) -> None:
    """Install a hashed lock with pip, wheels only, with one line of progress."""
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--retries", "1"]
    command += ["--timeout", "15", "--only-binary=:all:", "--require-hashes", "-r", str(HERE / lock)]
    total = sum("==" in line and not line[:1].isspace() for line in (HERE / lock).read_text().splitlines())
    pip = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    heard, done = [], 0
    for line in pip.stdout or ():
        heard.append(line)
        if line.startswith(("Collecting ", "Requirement already satisfied: ")):
            done += 1
            report(done, total, line.split("==")[0].split()[-1])
        elif line.startswith("Installing collected"):
            report(total, total, "unpacking")
    if sys.stdout.isatty():
        sys.stdout.write("\r\033[K")
    if pip.wait() != 0:
        fail(explain("".join(heard)))
    (VENV / f".{lock}.sha256").write_text(digest(lock))


def bootstrap(command: str) -> None:
    """Leave this process for the virtual environment's Python, made first when it is not there."""
    if os.environ.get("ONDIJON_NO_VENV") == "1":
        return
    lock = needed_lock(command)
    if not installed(lock):
        import fcntl

        VENV.parent.mkdir(parents=True, exist_ok=True)
        with open(str(VENV) + ".lock", "w") as gate:  # two first commands at once: the second waits
            fcntl.flock(gate, fcntl.LOCK_EX)
            if not installed(lock):
                make_venv()
                install(lock)
    if pathlib.Path(sys.prefix).resolve() != VENV.resolve():
        os.execv(str(PYTHON), [str(PYTHON), str(HERE / "manage.py"), *sys.argv[1:]])


def run(command: str) -> None:
    from ondijon.stack import commands

    if command == "setup":
        return
    if command in commands.NAMES:
        sys.exit(commands.run(command, sys.argv[2:]))
    from django.core.management import execute_from_command_line

    commands.join_running_post(command)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ondijon.settings")
    execute_from_command_line(sys.argv)


def main() -> None:
    if sys.version_info < OLDEST:
        fail(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; this is {sys.version.split()[0]}.")
    if os.name != "posix":
        fail("OnDijon runs on Linux and macOS; on Windows, use it inside WSL.")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    try:
        bootstrap(command)
        run(command)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        fail(f"the disk is full: free some space where {HERE} and the temporary folder are, then start again.")
    except KeyboardInterrupt:
        with contextlib.suppress(OSError):
            sys.stderr.write("\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
