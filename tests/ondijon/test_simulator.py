"""The simulated city: the same for the same seed, believable, bounded, and a client like any other."""

import ast
import json
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice, pairwise, takewhile
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from access.demo import load_people
from access.keys import create_api_key
from access.machines import machine
from access.roles import Role
from incidents.catalogue import FILE as CATEGORIES
from incidents.models import Incident
from journal.models import Entry
from ondijon.simulator import city as city_module
from ondijon.simulator import plan, stories
from ondijon.simulator.city import AGENTS, City
from ondijon.simulator.desk import Agent, CitizensApp
from ondijon.simulator.plan import DAY, HOUR, Telling, rate, spells, tellings
from tests.conftest import Server

WEEK = 7 * DAY
FOLDER = Path(stories.__file__).parent


@pytest.fixture(scope="module")
def week() -> list[Telling]:
    return list(takewhile(lambda one: one.at < WEEK, tellings(7, begins=0)))


def test_the_same_seed_tells_the_same_day_and_another_seed_another_one() -> None:
    assert list(islice(tellings(3), 200)) == list(islice(tellings(3), 200))
    assert list(islice(tellings(3), 200)) != list(islice(tellings(4), 200))


def test_a_day_brings_700_to_1000_reports_fewer_on_sunday_and_before_dawn(week: list[Telling]) -> None:
    days = Counter(int(one.at // DAY) for one in week)
    assert all(600 < days[day] < 1_250 for day in range(7))
    assert 700 < len(week) / 7 < 1_000
    assert days[6] < days[0]
    hours = Counter(int(one.at % DAY // HOUR) for one in week)
    assert hours[3] * 8 < hours[10]
    assert rate(3 * HOUR) < rate(22 * HOUR) < rate(10 * HOUR)


def test_reports_are_in_order_and_come_through_every_channel(week: list[Telling]) -> None:
    assert [one.number for one in week] == list(range(len(week)))
    assert all(before.at <= after.at for before, after in pairwise(week))
    channels = Counter(one.channel for one in week)
    assert set(channels) == set(city_module.TAKERS)
    assert channels["citizen"] > channels["phone"] > channels["video"]


def test_stories_know_only_categories_of_the_tree_and_places_inside_the_metropolis(week: list[Telling]) -> None:
    text = CATEGORIES.read_text(encoding="utf-8")
    assert all(f'key = "{story.category}"' in text for story in stories.stories())
    assert {one.category for one in week} > {"roads.pothole", "lighting.street_light_out", "public_safety.disturbance"}
    assert all(47.20 < one.lat < 47.42 and 4.88 < one.lon < 5.22 for one in week)
    assert all(one.title and one.words and one.address for one in week)


def test_some_tell_of_the_same_thing_and_few_of_life_and_death(week: list[Telling]) -> None:
    twins = [one for one in week if one.twin_of is not None]
    assert 0.02 < len(twins) / len(week) < 0.1
    by_number = {one.number: one for one in week}
    assert all(by_number[one.twin_of or 0].category == one.category for one in twins)
    noise = sum(one.category == "public_safety.disturbance" for one in week if one.at % DAY < 4 * HOUR)
    assert noise > sum(one.category == "public_safety.disturbance" for one in week if 9 < one.at % DAY / HOUR < 13)


@pytest.mark.parametrize(("weather", "category"), [("rain", "water.drain_blocked"), ("frost", "weather.ice")])
def test_bad_weather_brings_its_own_troubles(weather: str, category: str) -> None:
    assert rate(10 * HOUR, weather) > rate(10 * HOUR)
    place = next(nr for nr, story in enumerate(stories.stories()) if story.category == category)

    def share(kind: str) -> float:
        found = plan.weights(10 * HOUR, kind)
        return found[place] / sum(found)

    assert share(weather) > 4 * share("")
    first = next(spells(1))
    assert 0 < first.ends - first.starts < 7 * HOUR


def test_the_simulator_knows_nothing_of_the_house_but_its_addresses() -> None:
    known = sys.stdlib_module_names | {"httpx", "ondijon"}
    for file in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert {name.partition(".")[0] for name in names} <= known, file
            assert all(not name.startswith("ondijon") or name.startswith("ondijon.simulator") for name in names), file


# A post made of a dictionary ------------------------------------------------------------------------------------------


class PaperPost(httpx.BaseTransport):
    """Answers like the API, refuses a stale version, and drops the first answer of every tenth write."""

    AFTER = {"qualify": "qualified", "start": "in_progress", "resolve": "resolved", "close": "closed",
             "cancel": "cancelled", "merge": "merged"}  # fmt: skip

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.answers: dict[str, httpx.Response] = {}
        self.writes = 0
        self.most_open = 0
        self.told = Counter[str]()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if not path.startswith(("/api/", "/open311/")):
            return httpx.Response(
                302 if request.method == "POST" else 200, headers={"Set-Cookie": "ondijon_csrf=x; Path=/"}
            )
        if request.method == "GET":
            return self.read(path, dict(request.url.params))
        key = request.headers["Idempotency-Key"]
        if key not in self.answers:
            self.writes += 1
            self.answers[key] = self.write(request)
            if self.writes % 10 == 0:
                raise httpx.ReadError("the server was killed before it answered")
        return self.answers[key]

    def read(self, path: str, query: dict[str, str]) -> httpx.Response:
        if path == "/api/v1/me/":
            return httpx.Response(200, json={"id": str(uuid4())})
        if path == "/api/v1/incidents/":
            found = [row for row in self.rows.values() if query.get("q", "") in row["reference"]]
            return httpx.Response(200, json={"results": found, "next": None})
        return httpx.Response(200, json={**self.rows[path.split("/")[4]], "reports": [{}]})

    def write(self, request: httpx.Request) -> httpx.Response:
        parts = request.url.path.strip("/").split("/")
        if parts[0] == "open311":
            row = self.declared("roads.pothole")
            return httpx.Response(201, json=[{"service_request_id": row["reference"]}])
        body = json.loads(request.content)
        if len(parts) == 3:
            return httpx.Response(201, json=self.declared(body["category"]))
        row, act = self.rows[parts[3]], parts[4]
        self.told[act] += 1
        if "If-Match" in request.headers and request.headers["If-Match"] != f'"{row["version"]}"':
            return httpx.Response(412, json={})
        row |= {"status": self.AFTER.get(act, row["status"]), "version": row["version"] + 1}
        return httpx.Response(201, json=row)

    def declared(self, category: str) -> dict[str, Any]:
        row: dict[str, Any] = {
            "id": str(uuid4()), "reference": f"DM-2026-{len(self.rows):06d}", "status": "declared", "version": 1,
            "category": category, "priority": "P3", "organisation": {"id": str(uuid4()), "name": "x"},
            "declared_at": "2126-01-01T00:00:00Z",
        }  # fmt: skip
        self.rows[row["id"]] = row
        self.most_open = max(self.most_open, sum(one["status"] in city_module.OPEN for one in self.rows.values()))
        return row


@pytest.fixture
def paper() -> PaperPost:
    return PaperPost()


@pytest.fixture
def city(paper: PaperPost) -> City:
    def stay(seconds: float) -> None:
        pass

    agents = {login: Agent("http://post", paper, stay, login=login) for login in AGENTS}
    return City(tellings(11), agents, CitizensApp("http://post", paper, stay, api_key="k"), say=lambda line: None)


def hours(city: City, many: float) -> Iterator[float]:
    now = plan.BEGINS
    while now < plan.BEGINS + many * HOUR:
        yield now
        now = now + 5.0 if city.step(now) or city.open_count >= city_module.LEAST_OPEN else city.next_telling().at


def test_a_day_stays_bounded_and_every_kind_of_step_is_made(city: City, paper: PaperPost) -> None:
    opened = [city.open_count for _now in hours(city, 8)]
    assert paper.most_open < 75
    assert min(opened[len(opened) // 2 :]) >= city_module.LEAST_OPEN - 5
    assert paper.told.keys() >= {"qualify", "assign", "start", "comments", "resolve", "close", "merge", "cancel"}
    assert Counter(row["status"] for row in paper.rows.values())["closed"] > 100


def test_a_lost_answer_is_asked_for_again_and_nothing_doubles(city: City, paper: PaperPost) -> None:
    for _now in hours(city, 3):
        pass
    assert paper.writes > 100
    assert len(paper.rows) + paper.told["reports"] == city.told
    assert paper.told["reports"] < city.told


def test_what_others_took_over_is_left_alone_for_a_while(city: City, paper: PaperPost) -> None:
    for _now in hours(city, 0.5):
        pass
    case = next(iter(city.cases.values()))
    paper.rows[case.id] = {**paper.rows[case.id], "status": "resolved", "version": 99}
    city.act(case, 40_000.0)
    assert case.row["version"] == 99
    assert case.due > 40_000.0


def test_what_was_open_before_is_taken_up(city: City, paper: PaperPost) -> None:
    row = {**paper.declared("roads.pothole"), "declared_at": "2026-01-01T00:00:00Z"}
    paper.rows[row["id"]] = row
    city.look(plan.BEGINS)
    assert set(city.cases) == {row["id"]}


def test_it_stops_when_its_time_is_over(city: City) -> None:
    ticks = iter(range(10_000))
    city.run(seconds=50, clock=lambda: float(next(ticks)), sleep=lambda seconds: None)
    assert next(ticks) < 500


def test_the_real_post_takes_everything_it_is_told(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    load_people()
    _key, secret = create_api_key(
        person=machine(login="app", name="App", organisation="dijon-metropole", role=Role.CITIZEN_GATEWAY),
        label="simulator",
        by=None,
    )
    monkeypatch.setattr(city_module, "LEAST_OPEN", 2)
    monkeypatch.setattr(city_module, "MOST_OPEN", 6)
    agents = {login: Agent(server.url, login=login) for login in AGENTS}
    town = City(tellings(5), agents, CitizensApp(server.url, api_key=secret), say=lambda line: None)
    town.look(plan.BEGINS)
    now = plan.BEGINS
    while town.told < 16:
        now = now + 60.0 if town.step(now) or town.open_count >= 2 else town.next_telling().at
    town.leave()
    kinds = Counter(Entry.objects.filter(kind__startswith="incidents.").values_list("kind", flat=True))
    assert kinds["incidents.declared"] + kinds["incidents.reported"] == 16
    assert kinds.keys() >= {f"incidents.{kind}" for kind in ("qualified", "assigned", "started", "resolved")}
    sources = Counter(Incident.objects.values_list("source", flat=True))
    assert {"citizen", "phone"} <= sources.keys()
    assert sources["citizen"] >= 3
