"""Estimation, a real routing server made here, and what happens when it is slow, down or silly."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from interventions import travel

DIJON, CHENOVE, QUETIGNY = (47.3220, 5.0415), (47.2930, 5.0080), (47.3126, 5.1168)


class Osrm(BaseHTTPRequestHandler):
    """Answers as OSRM's table service does, with a number that tells which pair it is."""

    def do_GET(self) -> None:
        server: Any = self.server
        server.asked.append(self.path)
        if server.mood == "slow":
            server.leave.wait(20)
        path, _mark, query = self.path.partition("?")
        points = path.rpartition("/")[2].split(";")
        sides = dict(part.split("=") for part in query.split("&"))
        rows, columns = (sides[name].split(";") for name in ("sources", "destinations"))
        body: dict[str, Any] = {"code": "Ok"}
        for name, factor in (("durations", 1.0), ("distances", 10.0)):
            body[name] = [[factor * (100 * int(a) + int(b)) for b in columns] for a in rows]
        if server.mood == "gap":
            body["durations"][0][0] = None
        if server.mood == "short":
            body["durations"] = body["durations"][1:]
        content = b"<html>" if server.mood == "html" else json.dumps(body).encode()
        self.send_response(500 if server.mood == "broken" else 302 if server.mood == "elsewhere" else 200)
        self.send_header("Location", "http://127.0.0.1:9/")
        self.end_headers()
        self.wfile.write(content)
        assert len(points) <= 2 * travel.AT_ONCE

    def log_message(self, *_args: Any) -> None:
        pass


@contextmanager
def osrm(mood: str = "fine") -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Osrm)
    server.mood, server.asked, server.leave = mood, [], threading.Event()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.leave.set()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(autouse=True)
def _afresh() -> Iterator[None]:
    travel.ask_again()
    yield
    travel.ask_again()


def best(server: Any, settings: Any) -> travel.Estimator:
    settings.ROUTING_URL = f"http://127.0.0.1:{server.server_port}"
    settings.ROUTING_TIMEOUT_S = 5 if server.mood != "slow" else 2
    return travel.best()


def test_the_estimation_is_the_great_circle_times_the_detour() -> None:
    table = travel.Estimation(detour=1.35, kmh=25.0).table([DIJON], [CHENOVE, DIJON])
    assert table.method == "estimation"
    assert table.metres[0] == [pytest.approx(1.35 * 4095, rel=0.01), 0]
    assert table.seconds[0][0] == pytest.approx(table.metres[0][0] * 3.6 / 25, abs=1)


def test_the_server_is_asked_once_for_a_table(settings: Any) -> None:
    with osrm() as server:
        table = best(server, settings).table([DIJON, CHENOVE], [QUETIGNY])
    assert (table.method, table.seconds, table.metres) == ("routing", [[2], [102]], [[20], [1020]])
    points = "5.041500,47.322000;5.008000,47.293000;5.116800,47.312600"
    assert server.asked == [f"/table/v1/driving/{points}?sources=0;1&destinations=2&annotations=duration,distance"]


def test_a_large_table_is_asked_for_in_portions(settings: Any) -> None:
    with osrm() as server:
        table = best(server, settings).table([DIJON] * 120, [CHENOVE] * 70)
    assert len(server.asked) == 6
    assert (len(table.seconds), {len(row) for row in table.seconds}) == (120, {70})
    assert all(value >= 0 for row in table.seconds for value in row)


@pytest.mark.parametrize("mood", ["slow", "broken", "html", "short", "elsewhere"])
def test_without_a_good_answer_it_is_an_estimation_and_says_so(mood: str, settings: Any) -> None:
    with osrm(mood) as server:
        asked = best(server, settings)
        for _time in range(3):
            assert asked.table([DIJON], [CHENOVE]) == travel.estimation().table([DIJON], [CHENOVE])
    assert len(server.asked) == 1, "a server that did not answer is left alone for a while"


def test_a_server_that_is_down(settings: Any) -> None:
    with osrm() as server:
        asked = best(server, settings)
    assert asked.table([DIJON], [CHENOVE]).method == "estimation"


def test_where_no_road_leads_the_estimation_fills_in(settings: Any) -> None:
    with osrm("gap") as server:
        table = best(server, settings).table([DIJON], [CHENOVE, QUETIGNY])
    assert table.method == "routing"
    assert table.seconds[0][0] == travel.estimation().table([DIJON], [CHENOVE]).seconds[0][0]
    assert table.seconds[0][1] == 2
