"""The command lines of the post's programs; docs/operations.md gives the same to people with their own supervisor."""

from __future__ import annotations

import os
import sys

from .ports import HOST


def web(port: int) -> list[str]:
    """Pages and API: the WSGI application under granian."""
    processes = os.environ.get("WEB_PROCESSES", str(min(2, os.cpu_count() or 1)))  # Python uses one core each
    threads = os.environ.get("WEB_THREADS", "8")
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port)]
    command += [
        "--workers",
        processes,
        "--blocking-threads",
        threads,
        "--workers-kill-timeout",
        "2",
        "--log-level",
        "warning",
        "--no-ws",
    ]
    return [*command, "ondijon.wsgi:application"]


def live(port: int) -> list[str]:
    """Sockets: the ASGI application under uvicorn."""
    command = [sys.executable, "-m", "uvicorn", "--host", HOST, "--port", str(port), "--ws", "websockets-sansio"]
    command += ["--ws-max-size", "65536", "--ws-ping-interval", "20", "--lifespan", "off", "--log-level", "warning"]
    command += ["--ws-per-message-deflate", "false"]  # else every screen's frames would be compressed one by one
    return [*command, "--timeout-graceful-shutdown", "1", "ondijon.asgi:application"]


def celery(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "celery", "--quiet", "--app", "ondijon.celery", *arguments, "--loglevel", "warning"]


def worker(name: str) -> list[str]:
    command = celery("worker", "--hostname", f"{name}@%h", "--concurrency", "2")
    return [*command, "--without-gossip", "--without-mingle", "--without-heartbeat"]


def beat() -> list[str]:
    """The static schedule needs no file: what is due is in the database, a lost tick costs a second."""
    return celery("beat", "--scheduler", "celery.beat:Scheduler", "--pidfile=")


def prefecture(port: int, *options: str) -> list[str]:
    """The prefecture's side of the link, simulated."""
    return [sys.executable, "manage.py", "prefecture_sim", "--port", str(port), *options]


def simulator(url: str) -> list[str]:
    return [sys.executable, "manage.py", "simulate", "--url", url]


def auditor() -> list[str]:
    """Looks whether the house keeps its promises; needs neither workers nor broker."""
    return [sys.executable, "manage.py", "auditor"]


def local_gateway(port: int, smtp_port: int, url: str) -> list[str]:
    """The demo's stand-in for the providers of text messages, calls and e-mail. It is told whose the demo's numbers are:
    it has no way into the post's database to find out."""
    command = [sys.executable, "manage.py", "local_gateway", "--port", str(port), "--smtp-port", str(smtp_port)]
    return [*command, "--post", url, "--demo-names"]
