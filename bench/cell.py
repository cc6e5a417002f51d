"""A crisis cell at work: 100 members with the room open, 20 lines a minute; commit to screen, and what Chromium makes of it.

Every member is a person of their own, named on the cell, with a socket of their own; lines are written through the
service, as the API does. First at the pace of a busy cell, then thirty times as fast. Meanwhile one real browser has the
room open with a long log: how long until a line stands on its screen, how even its frames are, and how often it asks the
house for anything (never). Run as `bench live --cell` or `bench cell`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction
from playwright.sync_api import Browser, Page, sync_playwright

from access.models import Organisation
from access.roles import Role
from bench import Args, Post, Result, progress, quantile, step
from bench._rig import Rig, processor_seconds
from crisis import services
from crisis.models import Cell
from journal.selectors import head
from journal.services import writing
from ondijon.stack.processes import ROOT
from ondijon.stack.testing import find_browser
from prove._screens import session_of

SIZE, SMALL = 100, 30  # members
PLAN = {"web": 1, "live": 1, "workers": 0, "beat": 0}
PACE_SECONDS, FAST_TIMES = 3.0, 30  # 20 lines a minute, then 600
PACED_SECONDS, SMALL_SECONDS, FAST_LINES = 60.0, 12.0, 200
OLD_LINES = 1_000
FRAME_MS, LONG_TASK_MS = 1000 / 60, 50.0
# Notes each frame's length, long tasks, and when each line of the log came onto the page.
WATCH = """() => {
  window.watched = { frames: [], long: [], lines: {} };
  let last = performance.now();
  const frame = (now) => { watched.frames.push(now - last); last = now; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => list.getEntries().forEach((one) => watched.long.push(one.duration)))
    .observe({ entryTypes: ["longtask"] });
  new MutationObserver((found) => found.forEach(({ addedNodes }) => addedNodes.forEach((node) => {
    const text = node.querySelector?.(".tx > p")?.textContent ?? "";
    if (text.startsWith("bench ")) watched.lines[text] = performance.timeOrigin + performance.now();
  }))).observe(document.getElementById("log-lines"), { childList: true });
}"""


class CellRig(Rig):
    """The load client alone, and the members of one cell."""

    def start(self, sockets: int) -> None:
        self.live_port = int(self.post.live_urls[0].rsplit(":", 1)[1])
        command = [sys.executable, "-m", "bench._sockets"]
        env = self.post.environ()
        self.load = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=env)
        home = Organisation.objects.get(key="dijon-metropole")
        with writing(None):
            self.director = self._person("director", Role.CRISIS_DIRECTOR, home)
            self.members = [self._person(f"member-{n}", Role.CRISIS_MEMBER, home) for n in range(sockets - 1)]
        self.cell = self._cell()
        self.sessions = [session_of(person) for person in (self.director, *self.members)]

    def _cell(self) -> Cell:
        called = [services.Called(person=one.id, function="field_operations") for one in self.members[:60]]
        opening = services.Opening(plan="flood", level="alert", facts="mesure", members=called)
        cell = services.open_cell(by=self.director, opening=opening)
        for one in self.members[60:]:
            services.call(cell_id=cell.id, by=self.director, function="field_operations", person=one.id)
        for number in progress(range(OLD_LINES), "earlier lines"):
            services.log(cell_id=cell.id, by=self.director, entry=services.Words(text=f"ligne {number}"))
        return cell

    def write_line(self, text: str) -> tuple[int, float, float]:
        """Write one line: (its number in the journal, CLOCK_MONOTONIC after COMMIT, wall clock in ms)."""
        stamps: list[tuple[float, float]] = []
        with writing(self.director):
            transaction.on_commit(lambda: stamps.append((time.monotonic(), time.time() * 1000)))
            services.log(cell_id=self.cell.id, by=self.director, entry=services.Words(text=text))
        return head().seq, *stamps[0]

    def stop(self) -> None:
        self.load.terminate()
        self.load.wait()


def run(post: Post, args: Args) -> Result:
    rig, result = CellRig(post, post.origins()[0]), Result()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's driver keeps an event loop in this thread
    rig.start(args.n)
    try:
        with browser() as chromium:
            page, asked = room(chromium, post, rig)
            step(f"{args.n} members, {60 / PACE_SECONDS:.0f} lines a minute")
            seconds = SMALL_SECONDS if args.small else PACED_SECONDS
            pace(result, rig, page, "20 a minute", round(seconds / PACE_SECONDS), PACE_SECONDS)
            step(f"{FAST_TIMES} times as fast")
            lines = FAST_LINES // (4 if args.small else 1)
            pace(result, rig, page, "600 a minute", lines, PACE_SECONDS / FAST_TIMES)
            result.exactly("requests that the screen made for news", len(asked), 0)
    finally:
        rig.stop()
    return result


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
        started = playwright.chromium.launch(executable_path=find_browser(), args=flags)
        yield started
        started.close()


def room(chromium: Browser, post: Post, rig: CellRig) -> tuple[Page, list[str]]:
    """The room as the director sees it on a usual screen, and what it asks the house for from then on."""
    from django.conf import settings

    context = chromium.new_context(base_url=post.web_urls[0], locale="fr-FR", viewport={"width": 1920, "height": 1080})
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": rig.sessions[0], "url": post.web_urls[0]}
    context.add_cookies([cookie])  # type: ignore[list-item]  # a plain dict is what it takes
    page = context.new_page()
    page.goto(f"/crisis/{rig.cell.id}/")
    page.wait_for_selector("#link[data-state=live]")
    page.evaluate(WATCH)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return page, asked


def pace(result: Result, rig: CellRig, page: Page, name: str, number: int, every: float) -> None:
    """Write lines at a pace while every member and the browser look on; the figures of both under `name`."""
    group = name.replace(" ", "-")
    rig.open_ours(len(rig.sessions), group)
    first = rig.next_seq()
    rig.ask("begin", group=group, first=first, last=first + number - 1)
    page.evaluate("Object.assign(watched, { frames: [], long: [] })")
    used, began = processor_seconds(rig.post.live[0]), time.monotonic()
    stamps, walls = written(rig, page, name, number, every)
    spent = time.monotonic() - began
    done = rig.ask("wait", group=group, seconds=30)
    if done["received"] != number * len(rig.sessions) or done["errors"]:
        raise RuntimeError(f"not every member had every line: {done}")
    taken = rig.ask("times", group=group, stamps=stamps)
    rig.ask("close", group=group)
    load = 100 * (processor_seconds(rig.post.live[0]) - used) / spent
    members = {f"members_{name}_{key}_ms": value for key, value in taken.items()}
    result.figures |= {**members, f"live_server_{name}_percent_of_a_core": load}
    result.at_most(f"{name}: commit to every member, p99 ms", taken["p99"], 250)
    seen(result, page, name, walls)


def written(
    rig: CellRig, page: Page, name: str, number: int, every: float
) -> tuple[dict[int, float], dict[str, float]]:
    """The lines, written by a thread of their own while the browser's driver goes on: (stamps by seq, walls by text)."""
    stamps: dict[int, float] = {}
    walls: dict[str, float] = {}

    def work() -> None:
        began = time.monotonic()
        for turn in range(number):
            time.sleep(max(0.0, began + turn * every - time.monotonic()))
            text = f"bench {name} {turn}"
            seq, stamps_at, walls[text] = rig.write_line(text)
            stamps[seq] = stamps_at
        connections.close_all()

    writer = threading.Thread(target=work)
    writer.start()
    while writer.is_alive():
        page.wait_for_timeout(200)
    writer.join()
    page.wait_for_timeout(800)
    return stamps, walls


def seen(result: Result, page: Page, name: str, walls: dict[str, float]) -> None:
    """What the browser saw: commit to screen, frames, long tasks."""
    watched: dict[str, Any] = page.evaluate("watched")
    waits = [watched["lines"][text] - at for text, at in walls.items() if text in watched["lines"]]
    frames = watched["frames"][1:]
    late = sum(frame > 2 * FRAME_MS for frame in frames) / max(1, len(frames))
    result.figures |= {
        f"screen_{name}_p50_ms": quantile(waits, 0.5),
        f"screen_{name}_p99_ms": quantile(waits, 0.99),
        f"frame_{name}_p99_ms": quantile(frames, 0.99),
        f"frames_{name}_later_than_two_percent": 100 * late,
        f"long_tasks_{name}": len([one for one in watched["long"] if one > LONG_TASK_MS]),
        f"longest_task_{name}_ms": max(watched["long"], default=0.0),
    }
    result.exactly(f"{name}: lines on the screen", len(waits), len(walls))
    result.at_most(f"{name}: frames that take two and more, percent", 100 * late, 5)
    result.at_most(f"{name}: longest task on the screen, ms", max(watched["long"], default=0.0), 150)
