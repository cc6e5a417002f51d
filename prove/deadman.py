"""The auditor raises its alarm on a screen with Celery and Redis dead, and its heartbeat stops when it stops.

A dead-man's switch of ours hears the heartbeats. Workers, beat and the Redis-compatible server are killed with -9; a timer
comes due and a message waits; the alarm has to be on an open screen within a minute. PostgreSQL is killed: an auditor that
cannot see must not say that all is well. The auditor is stopped (it hangs), then killed: the heartbeats must stop. When
everything is back, the alarms must clear.

With --sabotage the auditor asks Redis before it looks, and its heart beats in a thread of its own.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.db import connections

from access.roles import Role
from notifications import timers
from notifications.management.commands.auditor import EVERY_SECONDS
from notifications.models import Alarm
from ondijon.stack import programs
from ondijon.stack.ports import wait_until
from ondijon.stack.processes import Child
from prove import Args, Post, Result, step
from prove._screens import Screen, session_of
from prove._story import person

SIZE, SMALL = 1, 1
PLAN = {"web": 1, "live": 1, "workers": 1, "beat": 1}
PATIENCE_SECONDS = 60.0
QUIET_SECONDS = 4 * EVERY_SECONDS


class Switch:
    """A dead-man's switch: when it was called."""

    def __init__(self) -> None:
        heard: list[float] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                heard.append(time.monotonic())
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                return None

        self.heard = heard
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/"

    def beats(self, seconds: float) -> int:
        """How many come from now on within so long; leaves out one that may be under way."""
        time.sleep(1)
        before = len(self.heard)
        time.sleep(seconds)
        return len(self.heard) - before

    def beats_again(self) -> bool:
        before = len(self.heard)
        return wait_until(lambda: len(self.heard) > before, seconds=PATIENCE_SECONDS)


def run(post: Post, args: Args) -> Result:
    switch, result = Switch(), Result()
    auditor = start_auditor(post, switch, sabotage=args.sabotage)
    assert post.postgres is not None
    assert post.valkey is not None
    result.exactly("the heart beats", int(switch.beats_again()), 1)
    with watching(post) as screen:
        everything_dies(post)
        seconds = until_raised(screen)
        result.at_most("alarm on a screen, Celery and Redis dead, seconds", seconds, PATIENCE_SECONDS)
    step("PostgreSQL is killed")
    post.postgres.kill()
    result.exactly("heartbeats of an auditor that cannot see", switch.beats(QUIET_SECONDS), 0)
    post.postgres.start()
    result.exactly("beats again with PostgreSQL back", int(switch.beats_again()), 1)
    stops(auditor, switch, result)
    comes_back(post, result)
    result.figures = {"heartbeats": len(switch.heard), "alarm_after_s": seconds}
    return result


def start_auditor(post: Post, switch: Switch, *, sabotage: bool) -> Child:
    argv = [sys.executable, "-m", "prove._blind_auditor"] if sabotage else programs.auditor()
    auditor = post.add("auditor", argv)
    auditor.env = {**auditor.env, "HEARTBEAT_URL": switch.url, "ONDIJON_NO_VENV": "1"}
    auditor.start(wait=False)
    return auditor


def watching(post: Post) -> Screen:
    watcher = person(Role.CALL_TAKER, home="dijon-metropole", login="watcher")
    screen = Screen(post.live_urls[0], session=session_of(watcher), origin=post.origins()[0])
    screen.read(5)
    return screen


def everything_dies(post: Post) -> None:
    """Celery and Redis are killed; then something comes due that only they would have carried out."""
    step("workers, beat and Redis are killed")
    for child in (*post.beat, *post.workers):
        child.kill()
    assert post.valkey is not None
    post.valkey.kill()
    timers.start(kind="incidents.escalation", key="prove-deadman", after=timedelta(0))


def until_raised(screen: Screen) -> float:
    """Seconds until the open screen was told of late timers; a lot when it never was."""
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE_SECONDS:
        screen.read(1)
        kinds = [(entry["kind"], entry["data"].get("key")) for entry in screen.entries]
        if ("notifications.alarm_raised", "timers") in kinds:
            return time.monotonic() - began
    return 10 * PATIENCE_SECONDS


def stops(auditor: Child, switch: Switch, result: Result) -> None:
    """A hanging auditor and a dead one are silent; a new one is heard."""
    step("the auditor hangs")
    os.kill(auditor.pid, signal.SIGSTOP)
    result.exactly("heartbeats of a hanging auditor", switch.beats(QUIET_SECONDS), 0)
    os.kill(auditor.pid, signal.SIGCONT)
    result.exactly("beats again when it goes on", int(switch.beats_again()), 1)
    step("the auditor is killed")
    auditor.kill()
    result.exactly("heartbeats of a dead auditor", switch.beats(QUIET_SECONDS), 0)
    auditor.start(wait=False)
    result.exactly("beats again when started", int(switch.beats_again()), 1)


def comes_back(post: Post, result: Result) -> None:
    """Redis, workers and beat are back: what was late is done, and the alarms clear by themselves."""
    assert post.valkey is not None
    post.valkey.start()
    for child in (*post.workers, *post.beat):
        child.start(wait=False)

    def cleared() -> bool:
        connections.close_all()
        return not Alarm.objects.filter(cleared_at=None).exists()

    result.exactly("alarms cleared when all is back", int(wait_until(cleared, seconds=90, step=1.0)), 1)
