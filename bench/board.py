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

# The browser's own measure. It rounds to 8 ms and leaves out what is faster than 16 ms: those count as 16.
WATCH = """
window.timed = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (entry.interactionId) window.timed.push([entry.interactionId, entry.name, entry.duration]);
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
        with news(by, [row for row in rows if row.status == "proposed"]):
            for _ in progress(range(rounds), "rounds", rounds):
                go_round(page)
        found = timed(page)
        browser.close()
    return result(found, limit, rounds, sent)


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
    return [*found.values(), *[FLOOR_MS] * max(0, clicks - len(found))]


def go_round(page: Page) -> None:
    """What a coordinator does in a minute."""
    for key in ("j", "j", "j", "2", "1", "k", "j", "j", "3"):
        page.keyboard.press(key)
        page.wait_for_timeout(120)
    bars = page.locator("#crew-rows .job[data-id]:visible")
    for at in (0, 3):
        bars.nth(at).click()
        page.wait_for_timeout(120)
    for tab in ("all", "able", "there"):
        page.locator(f'#crew-tabs [value="{tab}"]').click()
    for view in ("late", "late"):
        page.locator(f'#views [value="{view}"]').click()
    page.locator("#day-on").click()
    page.locator("#day-now").click()


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


def timed(page: Page) -> dict[int, float]:
    """The longest event of each interaction, in ms."""
    page.wait_for_timeout(300)
    longest: dict[int, float] = {}
    for number, _name, ms in page.evaluate("window.timed"):
        longest[number] = max(longest.get(number, 0.0), float(ms))
    return longest


def result(found: dict[int, float], limit: list[float], rounds: int, sent: float) -> Result:
    made = Result()
    done = rounds * 18
    ours = [*found.values(), *[FLOOR_MS] * max(0, done - len(found))]
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
