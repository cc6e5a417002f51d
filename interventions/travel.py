"""How long from here to there: an estimation, or a routing server's answer where one is configured.

Every answer says by which `method` it was made, so that a screen never shows an estimation as more. Nothing here runs
inside a transaction except `Estimation`: the server is asked before, by whoever answers a request or works on a plan.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Protocol

import httpx
import structlog
from django.conf import settings

from territory.geometry import EARTH_RADIUS_M, LatLon

log = structlog.get_logger(__name__)
Matrix = list[list[int]]
ESTIMATION, ROUTING = "estimation", "routing"
AT_ONCE = 50  # points on each side of one question: a stock OSRM answers about 100 coordinates
REST_S = 30.0  # a server that did not answer is left alone for so long


@dataclass(frozen=True, slots=True)
class Table:
    """From each origin (row) to each goal (column): seconds of driving and metres of road."""

    method: str
    seconds: Matrix
    metres: Matrix


class Estimator(Protocol):
    def table(self, origins: Sequence[LatLon], goals: Sequence[LatLon]) -> Table: ...


@dataclass(frozen=True, slots=True)
class Estimation:
    """The great circle, times how much longer roads are, at one speed for the whole city."""

    detour: float
    kmh: float

    def table(self, origins: Sequence[LatLon], goals: Sequence[LatLon]) -> Table:
        ends = [_spherical(goal) for goal in goals]
        metres = [[round(self.detour * _between(_spherical(origin), end)) for end in ends] for origin in origins]
        metre_s = 3.6 / self.kmh
        return Table(ESTIMATION, [[round(one * metre_s) for one in row] for row in metres], metres)


def _spherical(point: LatLon) -> tuple[float, float, float]:
    lat = radians(point[0])
    return lat, radians(point[1]), cos(lat)


def _between(a: tuple[float, float, float], b: tuple[float, float, float]) -> float:
    """Metres on the great circle (haversine), from points made ready once instead of for every pair."""
    half = sin((b[0] - a[0]) / 2) ** 2 + a[2] * b[2] * sin((b[1] - a[1]) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(half)))


class Unanswered(Exception):
    """The routing server is slow, down, or says something else than a table."""


@dataclass(frozen=True, slots=True)
class RoutingServer:
    """Speaks OSRM's table service (project-osrm.org/docs/v5.24.0/api/#table-service). `timeout_s` is for a whole table,
    however many questions it takes."""

    url: str
    timeout_s: float
    at_once: int = AT_ONCE

    def table(self, origins: Sequence[LatLon], goals: Sequence[LatLon]) -> Table:
        """Raises Unanswered. Where no road leads, what the estimation would say is missing: the entry is -1."""
        seconds: Matrix = [[-1] * len(goals) for _ in origins]
        metres: Matrix = [[-1] * len(goals) for _ in origins]
        until = time.monotonic() + self.timeout_s
        with httpx.Client(follow_redirects=False, trust_env=False) as client:
            for rows in _portions(len(origins), self.at_once):
                for columns in _portions(len(goals), self.at_once):
                    left = until - time.monotonic()
                    if left <= 0:
                        raise Unanswered("too slow")
                    asked = _question([origins[n] for n in rows], [goals[n] for n in columns])
                    told = self._ask(client, asked, left, (len(rows), len(columns)))
                    for name, matrix in (("durations", seconds), ("distances", metres)):
                        _put(matrix, rows, columns, told[name])
        return Table(ROUTING, seconds, metres)

    def _ask(
        self, client: httpx.Client, asked: str, left: float, shape: tuple[int, int]
    ) -> dict[str, list[list[float | None]]]:
        try:
            answer = client.get(f"{self.url.rstrip('/')}/table/v1/driving/{asked}", timeout=left)
            told = answer.raise_for_status().json()
            found = {name: told[name] for name in ("durations", "distances")}
            if any((len(rows), {len(row) for row in rows}) != (shape[0], {shape[1]}) for rows in found.values()):
                raise Unanswered("not the table that was asked for")
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise Unanswered(str(error) or type(error).__name__) from error
        return found


def _portions(length: int, size: int) -> Iterator[range]:
    return (range(start, min(start + size, length)) for start in range(0, length, size))


def _question(origins: Sequence[LatLon], goals: Sequence[LatLon]) -> str:
    points = ";".join(f"{lon:.6f},{lat:.6f}" for lat, lon in (*origins, *goals))
    first, second = range(len(origins)), range(len(origins), len(origins) + len(goals))
    sides = f"sources={';'.join(map(str, first))}&destinations={';'.join(map(str, second))}"
    return f"{points}?{sides}&annotations=duration,distance"


def _put(matrix: Matrix, rows: range, columns: range, found: list[list[float | None]]) -> None:
    for row, values in zip(rows, found, strict=True):
        for column, value in zip(columns, values, strict=True):
            matrix[row][column] = -1 if value is None else round(value)


_rests_until = 0.0


@dataclass(frozen=True, slots=True)
class WithFallback:
    """The server's table; the estimation when it does not answer, and for the pairs to which it knows no road."""

    server: RoutingServer
    otherwise: Estimation

    def table(self, origins: Sequence[LatLon], goals: Sequence[LatLon]) -> Table:
        global _rests_until
        if time.monotonic() < _rests_until:
            return self.otherwise.table(origins, goals)
        try:
            found = self.server.table(origins, goals)
        except Unanswered as why:
            log.warning("the routing server does not answer: travel times are estimations", why=str(why))
            _rests_until = time.monotonic() + REST_S
            return self.otherwise.table(origins, goals)
        if any(-1 in row for row in (*found.seconds, *found.metres)):
            _fill(found, self.otherwise.table(origins, goals))
        return found


def _fill(found: Table, estimated: Table) -> None:
    for n, (seconds, metres) in enumerate(zip(found.seconds, found.metres, strict=True)):
        for m, second in enumerate(seconds):
            if second < 0 or metres[m] < 0:
                seconds[m], metres[m] = estimated.seconds[n][m], estimated.metres[n][m]


def ask_again() -> None:
    """Forget that the server did not answer."""
    global _rests_until
    _rests_until = 0.0


def estimation() -> Estimation:
    """What needs no network, for use under locks."""
    return Estimation(settings.TRAVEL_DETOUR, settings.TRAVEL_KMH)


def best(*, timeout_s: float | None = None) -> Estimator:
    """The configured estimator. Never inside a transaction: it may wait for another machine."""
    if not settings.ROUTING_URL:
        return estimation()
    return WithFallback(RoutingServer(settings.ROUTING_URL, timeout_s or settings.ROUTING_TIMEOUT_S), estimation())
