"""From a key or a click on the dispatch board to the next picture: 300 open missions, 60 crews, in Chromium.

A person goes through the missions with J and K, looks at proposals with 1 to 5, clicks bars of the day, changes tabs and
filters, while news comes on the stream. Each interaction is timed by the browser itself (Event Timing: from the input to
the next paint). The limit is the same browser painting a page that only changes one word at a click, in the same run.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import connections
from django.db.models.functions import Now
from playwright.sync_api import Page, sync_playwright

from access.models import Duty, Organisation, Person
from access.roles import Role
from bench import Args, Post, Result, _day, progress, quantile, step
from interventions import services
from interventions.models import Intervention
from ondijon.stack.testing import find_browser, install_browser
from prove._screens import session_of

SIZE, SMALL = 300, 40
PLAN = {"web": 1, "live": 1, "workers": 0, "beat": 0}
GOAL_MS = 100.0
CREWS_SHARE = 5  # missions to a crew
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
ROUNDS, FEW = 12, 2
NEWS_SECONDS = 0.5
PAUSE_MS = 150

# The browser's own measure. It rounds to 8 ms and leaves out what is faster than 16 ms: those count as 16.
WATCH = """
window.timed = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (entry.interactionId) window.timed.push([entry.interactionId, entry.startTime, entry.duration]);
}).observe({ type: "event", durationThreshold: 16, buffered: true });
"""
BARE = "<!doctype html><title>limit</title><button id=b>0</button><script>b.onclick = () => { b.textContent = +b.textContent + 1 }</script>"
FLOOR_MS = 16.0
SENT = """performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"))
  .filter((one) => !one.name.includes("/api/")).reduce((sum, one) => sum + one.transferSize, 0)"""


def run(post: Post, args: Args) -> Result:
    step(f"a day with {args.n} open missions")
    _crews, rows = _day.fill(args.n, max(6, args.n // CREWS_SHARE))
    by = coordinator()
    rounds = FEW if args.small else ROUNDS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser() or install_browser(), args=FLAGS)
        context = browser.new_context(
            base_url=post.web_urls[0],
            locale="fr-FR",
            timezone_id="Europe/Paris",
            viewport={"width": 1920, "height": 1080},
        )
        context.add_init_script(WATCH)
        limit = bare(context.new_page(), rounds * 10)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_of(by), "url": post.web_urls[0]}])
        page = context.new_page()
        page.goto("/interventions/")
        page.wait_for_selector("#link[data-state=live]")
        sent = page.evaluate(SENT) / 1000
        phases: list[tuple[float, str]] = []
        with news(by, [row for row in rows if row.status == "proposed"]):
            for _ in progress(range(rounds), "rounds", rounds):
                go_round(page, phases)
        found = timed(page)
        browser.close()
    made = result(found, limit, rounds, sent)
    made.figures["p95_ms_by_kind"] = by_kind(found, phases)
    return made


def coordinator() -> Person:
    home = Organisation.objects.get(key="dijon-metropole")
    person = Person.objects.create_user("bench-board", name="Bench", organisation=home)
    Duty.objects.create(
        person=person, role=Role.INTERVENTION_COORDINATOR, organisation=home, valid_from=Now() - timedelta(days=1)
    )
    return person


def bare(page: Page, clicks: int) -> list[float]:
    """What the machine and the browser need for the least that an interaction can be."""
    page.set_content(BARE)
    page.evaluate(WATCH)
    for _ in range(clicks):
        page.locator("#b").click()
    found = timed(page)
    page.close()
    return [*(ms for _start, ms in found.values()), *[FLOOR_MS] * max(0, clicks - len(found))]


def go_round(page: Page, phases: list[tuple[float, str]]) -> None:
    """What a coordinator does in a minute, at several acts a second; `phases` learns when each kind of act began."""

    def click(spot: str, at: int = 0) -> None:
        page.locator(spot).nth(at).click()
        page.wait_for_timeout(PAUSE_MS)

    def phase(kind: str) -> None:
        phases.append((page.evaluate("performance.now()"), kind))

    phase("keys")
    for key in ("j", "j", "j", "2", "1", "k", "j", "j", "3"):
        page.keyboard.press(key)
        page.wait_for_timeout(PAUSE_MS)
    phase("bars of the day")
    for at in (0, 3):
        click("#crew-rows .job[data-id]:visible", at)
    phase("tabs of crews")
    for tab in ("all", "able", "there"):
        click(f'#crew-tabs [value="{tab}"]')
    phase("views of the queue")
    for view in ("late", "late"):
        click(f'#views [value="{view}"]')
    phase("hours of the day")
    click("#day-on")
    click("#day-now")


@contextmanager
def news(by: Person, rows: list[Intervention]) -> Iterator[None]:
    """Somebody else's changes meanwhile, two a second."""
    over = threading.Event()

    def speak() -> None:
        turn = 0
        while not over.wait(NEWS_SECONDS):
            one = rows[(turn // 2) % len(rows)]
            if turn % 2 == 0:
                services.pause(intervention_id=one.id, by=by, reason="access")
            else:
                services.resume(intervention_id=one.id, by=by)
            turn += 1
        connections.close_all()

    talker = threading.Thread(target=speak)
    talker.start()
    try:
        yield
    finally:
        over.set()
        talker.join()


def timed(page: Page) -> dict[int, tuple[float, float]]:
    """Of each interaction when it began and its longest event, in ms."""
    page.wait_for_timeout(300)
    longest: dict[int, tuple[float, float]] = {}
    for number, start, ms in page.evaluate("window.timed"):
        if ms > longest.get(number, (0.0, 0.0))[1]:
            longest[number] = (float(start), float(ms))
    return longest


def by_kind(found: dict[int, tuple[float, float]], phases: list[tuple[float, str]]) -> dict[str, float]:
    """The 95th percentile of each kind of act."""
    kinds: dict[str, list[float]] = {}
    for start, ms in found.values():
        kind = max((phase for phase in phases if phase[0] <= start), default=(0.0, "before"))[1]
        kinds.setdefault(kind, []).append(ms)
    return {kind: quantile(each, 0.95) for kind, each in kinds.items()}


def result(found: dict[int, tuple[float, float]], limit: list[float], rounds: int, sent: float) -> Result:
    made = Result()
    done = rounds * 18
    ours = [*(ms for _start, ms in found.values()), *[FLOOR_MS] * max(0, done - len(found))]
    made.figures = {
        "interactions": len(ours),
        "ours_ms": {"p50": quantile(ours, 0.5), "p95": quantile(ours, 0.95), "max": max(ours)},
        "limit_ms": {"p50": quantile(limit, 0.5), "p95": quantile(limit, 0.95)},
        "ratio_p95": quantile(ours, 0.95) / quantile(limit, 0.95),
    }
    made.at_most("interaction to paint, p95 ms", quantile(ours, 0.95), GOAL_MS)
    made.at_most("page with all it loads, kB transferred", sent, 300.0)
    made.at_least("interactions timed", len(ours), rounds * 10)
    return made


os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop makes Django think that we are asynchronous
