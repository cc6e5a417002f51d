"""An exercise played to its end beside the real post: no row and no call goes across, and no page is unmarked.

The exercise is started as somebody would from the real post's own shell, whose environment names the real database,
broker and gateways. The flood is played by its own workers, the facilitator using its own API. Meanwhile every way of
calling the real gateways is tried from inside the exercise. In the end the real database must hold what it held, row for
row, and the real gateways must have been called by nobody. With --sabotage the exercise is what it must never be: a flag
beside real data, with the real gateways within reach.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

from ondijon.simulator.desk import Agent
from ondijon.stack import exercise
from ondijon.stack.ports import HOST, wait_until
from ondijon.stack.post import Plan
from ondijon.stack.processes import ROOT
from prove import Args, Post, Result, progress, step

SIZE, SMALL = 13, 5  # injects
PLAN = {
    "web": 1, "live": 1, "workers": 0, "beat": 0, "env": {"DEMO": "1"}, "load_world": ("load_world", "--demo-people"),
}  # fmt: skip
PLAY_SECONDS = 60.0
GATEWAYS = ("GATEWAY_URL", "HEARTBEAT_URL", "PREFECTURE_URL")
WAYS = {
    "httpx": "import httpx; httpx.post('http://{place}/send', json={{}}, timeout=3)",
    "urllib": "import urllib.request; urllib.request.urlopen('http://{place}/', timeout=3)",
    "mail": "import smtplib; smtplib.SMTP('{host}', {port}, local_hostname='x', timeout=3)",
    "socket": "import socket; socket.create_connection(('{host}', {port}), 3)",
}
PAGES = ("/", "/login/", "/account/", "/nowhere/", "/api/docs/", "/exercise/", "/admin/", "/account/second-factor/")


class Gateway(BaseHTTPRequestHandler):
    """What a real gateway would see."""

    def do_POST(self) -> None:
        self.send_response(200)
        self.end_headers()

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *args: object) -> None:
        return None


class Counting(ThreadingHTTPServer):
    """Counts whoever gets as far as connecting, whatever they say then."""

    calls = 0

    def verify_request(self, request: object, client_address: object) -> bool:
        self.calls += 1
        return True


@contextmanager
def gateways() -> Iterator[dict[str, Counting]]:
    opened = {name: Counting((HOST, 0), Gateway) for name in GATEWAYS}
    for one in opened.values():
        threading.Thread(target=one.serve_forever, daemon=True).start()
    try:
        yield opened
    finally:
        for one in opened.values():
            one.shutdown()
            one.server_close()


class Careless(exercise.ExercisePost):
    """The sabotage: everything of the real post is known and within reach."""

    reach: tuple[str, ...] = ()

    def addresses(self) -> list[str]:
        return [*super().addresses(), *self.reach]


def run(post: Post, args: Args) -> Result:
    with gateways() as opened:
        places = {name: f"{HOST}:{one.server_address[1]}" for name, one in opened.items()}
        shell = {**os.environ, **{name: f"http://{place}/" for name, place in places.items()}}
        step("starting the exercise from the real post's shell")
        drill = made(post, shell, tuple(places.values()), sabotage=args.sabotage)
        before = rows(post)
        with drill:
            drill.start()
            played = play(drill, args.n)
            refused, tried = attempts(drill, places)
            unmarked = [path for path in PAGES if not marked(drill, path)]
            known = sum(one in " ".join(drill.environ().values()) for one in secrets_of(post))
            across = sum(abs(rows(post).get(table, 0) - number) for table, number in before.items())
            calls = sum(one.calls for one in opened.values())
            strangers = crossed_sessions(drill, post)
    for path in unmarked:
        step(f"not marked: {path}")
    result = Result({"injects_played": played, "pages_looked_at": len(PAGES), "ways_tried": tried})
    result.at_least("injects played", played, args.n)
    result.exactly("rows across", across, 0)
    result.exactly("calls across", calls, 0)
    result.exactly("attempts from inside that were refused", refused, tried)
    result.exactly("real addresses that its programs know", known, 0)
    result.exactly("sessions that the other world takes", strangers, 0)
    result.exactly("pages without the mark", len(unmarked), 0)
    return result


def made(post: Post, shell: dict[str, str], reach: tuple[str, ...], *, sabotage: bool) -> exercise.ExercisePost:
    folder = exercise.folder_in(post.folder)
    plan = Plan(folder, durable=False, load_world=("load_world", "--demo-people"), env={"DEMO": "1"})
    if not sabotage:
        return exercise.ExercisePost(exercise.planned(plan, shell))
    careless = Plan(
        folder, load_world=None, env={"DEMO": "1"}, base=shell, database_url=post.url("app"),
        owner_url=post.url("owner"), redis_url=post.redis_url,
    )  # fmt: skip
    Careless.reach = reach
    return Careless(careless)


def rows(post: Post) -> dict[str, int]:
    """How many rows each table of the real post holds; the journal's entries and Django's sessions among them."""
    with post.connect("owner") as connection:
        names = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        return {name: _count(connection, name) for (name,) in names}


def _count(connection: object, name: str) -> int:
    found = connection.execute(f'select count(*) from public."{name}"').fetchone()  # type: ignore[attr-defined]
    return int(found[0])


def play(drill: Post, wanted: int) -> int:
    """Take up the flood, start it, set its clock to behind the wanted inject; its own workers do the rest."""
    leader = Agent(drill.web_urls[0], login="oceane")
    row = leader.post("/api/v1/exercises/", {"scenario": "crue-ouche"}).json()
    address = f"/api/v1/exercises/{row['id']}/"
    row = leader.post(f"{address}start/", {}, version=row["version"]).json()
    injects = leader.get(address).json()["injects"]
    leader.post(f"{address}jump/", {"to": injects[wanted - 1]["at"]}, version=row["version"])

    def count() -> int:
        return sum(one["played_at"] is not None for one in leader.get(address).json()["injects"])

    wait_until(lambda: count() >= wanted, seconds=PLAY_SECONDS, step=0.5)
    played = count()
    leader.close()
    return played


def attempts(drill: Post, places: dict[str, str]) -> tuple[int, int]:
    """Try every way of calling every real gateway from inside the exercise: (refused, tried)."""
    jobs = [(place, code) for place in places.values() for code in WAYS.values()]
    refused = 0
    for place, code in progress(jobs, "ways out"):
        host, _colon, port = place.rpartition(":")
        inside = "import django; django.setup(); " + code.format(place=place, host=host, port=port)
        done = subprocess.run([sys.executable, "-c", inside], cwd=ROOT, env=drill.environ(), capture_output=True)
        refused += done.returncode != 0 and b"an exercise calls nobody" in done.stderr
    return refused, len(jobs)


def marked(drill: Post, path: str) -> bool:
    leader = Agent(drill.web_urls[0], login="oceane")
    leader.enter()
    page = leader.http.get(path, follow_redirects=True)
    leader.close()
    return "text/html" not in page.headers["Content-Type"] or 'class="exercise-banner"' in page.text


def secrets_of(post: Post) -> list[str]:
    """What leads to the real post."""
    return [post.url("app"), post.url("owner"), post.redis_url]


def crossed_sessions(drill: Post, post: Post) -> int:
    """Somebody signed in to one world, asking the other with all that the browser would send: cookies ignore ports."""
    taken = 0
    for here, there in ((drill, post), (post, drill)):
        somebody = Agent(here.web_urls[0], login="amandine")
        somebody.enter()
        cookies = "; ".join(f"{name}={value}" for name, value in somebody.http.cookies.items())
        answer = httpx.get(f"{there.web_urls[0]}/api/v1/me/", headers={"Cookie": cookies})
        taken += answer.status_code == 200
        somebody.close()
    return taken
