"""Every route with every method for every duty, an outsider and nobody, on own, foreign and restricted objects.

The routes come from the URLconf, the expected answers from prove/_table.py, written by hand. A route that the table does not
know fails; so does an answer of another class, a server error, and any answer that shows the reference or title of
an incident its reader must not see. The live socket, files and static paths are tried as well.

With --sabotage one duty reaches further than it should and one route is missing from the table.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException
from itertools import islice
from threading import local
from typing import Any
from uuid import uuid4

from django.urls import URLPattern, get_resolver
from websockets.exceptions import ConnectionClosed, InvalidStatus

from incidents.models import SavedFilter
from ondijon.stack.processes import Child
from prove import (
    Args,
    Post,
    Result,
    _routes_crisis,
    _routes_dispatch,
    _routes_following,
    _routes_interventions,
    _routes_notifications,
    progress,
    step,
)
from prove._rules import ANONYMOUS, CALLERS, GATEWAY, MACHINES, Rule
from prove._screens import Screen, headers_of, session_of
from prove._story import DIJON, SPOTS
from prove._table import BESIDE, FOLLOW, ROUTES
from prove._world import PNG, WHAT, World, build, spoil

SIZE, SMALL = 100, 5  # percent of the questions about pages, HEAD and methods that do not exist
PLAN = {"web": 2, "live": 1, "workers": 0, "beat": 0}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
NO_SUCH_METHOD = Rule(frozenset(), refused="405", stranger="405")
CSRF = "a" * 32
# By the whole route, or by its last part.
ACTS: dict[str, dict[str, Any]] = {
    "qualify": {"priority": "P2", "category": WHAT["light"]},
    "edit": {"title": "x", "address": "y"},
    "assign": {"organisation": str(uuid4())},
    "resolve": {"outcome": "fait"},
    "cancel": {"reason": "rien"},
    "reopen": {"reason": "encore"},
    "move": {"lat": SPOTS[DIJON][0], "lon": SPOTS[DIJON][1]},
    "merge": {"into": str(uuid4())},
    "unmerge": {"reason": "autre"},
    "restrict": {"reason": "secret"},
    "unrestrict": {"reason": "plus secret"},
    "comments": {"text": "vu"},
    "reports": {"description": "encore un"},
    "accept": {"title": "x"},
    "discard": {"reason": "rien"},
    "api/v1/saved-filters/<uuid:filter_id>/": {"name": "Autre", "query": "open=1"},
    **_routes_following.BODIES,
    **_routes_interventions.BODIES,
    **_routes_notifications.BODIES,
    **_routes_crisis.BODIES,
    **_routes_dispatch.BODIES,
}


@dataclass(frozen=True)
class Cell:
    """One question: this caller, this method, this route, this object."""

    route: str
    method: str
    caller: str
    thing: str
    rule: Rule

    def __str__(self) -> str:
        return f"{self.caller} {self.method} /{self.route} {self.thing}".rstrip()


def run(post: Post, args: Args) -> Result:
    result = Result()
    world = build(post.web_urls[0])
    table = {**ROUTES}
    if args.sabotage:
        spoil(world, table)
    routes = {route for route, _pattern in walk(get_resolver().url_patterns)}
    unlisted, vanished = sorted(routes - table.keys()), sorted(table.keys() - routes)
    for line in (*(f"not in the table: /{one}" for one in unlisted), *(f"no such route: /{one}" for one in vanished)):
        step(line)
    asked = list(cells({route: table[route] for route in routes & table.keys()} | BESIDE, share=args.n))
    wrong, leaks = ask_all(post, world, asked)
    sockets = socket_faults(post, world)
    result.figures = {"routes": len(routes), "callers": len(CALLERS), "questions": len(asked) + len(CALLERS)}
    result.exactly("routes missing from the table", len(unlisted), 0)
    result.exactly("table rows without a route", len(vanished), 0)
    result.exactly("answers of another class", len(wrong), 0)
    result.exactly("answers that show a foreign incident", len(leaks), 0)
    result.exactly("live sockets let in or turned away wrongly", len(sockets), 0)
    return result


def walk(patterns: list[Any], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route of the URLconf, as the text of its parts."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern
        else:
            yield from walk(pattern.url_patterns, route)


# The questions -------------------------------------------------------------------------------------------------------


def cells(table: dict[str, dict[str, Rule]], *, share: int) -> Iterator[Cell]:
    """Every question; of those where a method does not exist, this share in percent."""
    for route, rules in sorted(table.items()):
        for method in METHODS:
            rule = rule_for(rules, method)
            thin = rule is NO_SUCH_METHOD or rule.loose or rule.page or method == "HEAD"
            every = min(max(1, round(100 / share)), len(CALLERS)) if thin else 1
            for thing in rule.on:
                for caller in islice(CALLERS, (len(route) + len(method)) % every, None, every):
                    yield Cell(route, method, caller, thing, rule)


def rule_for(rules: dict[str, Rule], method: str) -> Rule:
    if method == "OPTIONS":
        return Rule(loose=True)
    same = "GET" if method == "HEAD" else method
    return rules.get(same) or rules.get("*") or NO_SUCH_METHOD


def ask_all(post: Post, world: World, asked: list[Cell]) -> tuple[list[str], list[str]]:
    """(answers of another class, answers that leak), as lines."""
    wrong: dict[str, list[str]] = defaultdict(list)
    leaks: list[str] = []
    with ThreadPoolExecutor(6) as pool:
        answers = pool.map(partial(ask, post.web, world), asked)
        for cell, (found, leaked) in zip(asked, progress(answers, "questions", len(asked)), strict=True):
            expected = cell.rule.expected(cell.caller, cell.thing)
            if found.startswith("5") or (expected and found != expected):
                line = f"{cell.method} /{cell.route} {cell.thing}: {found}, expected {expected or 'no error'}"
                wrong[line].append(cell.caller)
            if leaked:
                leaks.append(f"{cell} shows {leaked}")
    lines = [f"{line}, {len(callers)} times: {', '.join(callers)}" for line, callers in wrong.items()]
    for line in (*lines[:60], *leaks[:20]):
        step(line)
    return [line for line, callers in wrong.items() for _caller in callers], leaks


_mine = local()


def ask(servers: list[Child], world: World, cell: Cell) -> tuple[str, str]:
    """(the answer's class, what it shows that it must not). A client without a cookie jar: callers take turns."""
    content, kind = content_of(world, cell)
    headers = {**headers_for(world, cell), **({"Content-Type": kind} if kind else {})}
    server = servers[len(cell.route) % len(servers)]
    status, location, text = call(server, cell.method, f"/{filled(world, cell)}", content, headers)
    shown = next((secret for secret in world.secrets_from(cell.caller) if secret in text), "")
    return class_of(status, location), shown


def call(server: Child, method: str, path: str, content: bytes | None, headers: dict[str, str]) -> tuple[int, str, str]:
    """(status, Location, text), over this thread's connection; once more when the server had closed it meanwhile."""
    kept = _mine.__dict__.setdefault("calls", {})
    for last in (False, True):
        line = kept.setdefault(server.name, HTTPConnection("127.0.0.1", server.port or 0, timeout=30))
        try:
            line.request(method, path, body=content, headers=headers)
            answer = line.getresponse()
            return answer.status, answer.headers.get("Location", ""), answer.read().decode(errors="replace")
        except (ConnectionError, HTTPException):
            kept.pop(server.name).close()
            if last:
                raise
    raise AssertionError("unreachable")


def class_of(status: int, location: str) -> str:
    if 300 <= status < 400 and status != 304:
        return "401" if "/login/" in location else "in"
    passed = status < 300 or status in (304, 400, 409, 412, 415, 422, 428)
    return "in" if passed else str(status)


def filled(world: World, cell: Cell) -> str:
    """The route with values for its parts."""
    own = world.things[cell.thing].values if cell.thing in world.things else {}
    values = {
        "filter_id": filter_for(world, cell), "reference": "DM-2000-000001",
        "format": "json", "code": WHAT["light"], "rest": "nothing", "provider_id": "none", "pk": "1",
        "login": "amandine", "object_id": str(world.filter_of.pk), "content_type_id": "1", "token": "none",
        "app_label": "access", "url": "nothing", "alert_id": "1", "name": "desk", "key": "flood", **own,
    }  # fmt: skip
    path = re.sub(
        r"<(?:\w+:)?(\w+)>",
        lambda part: values.get(part[1]) or str(uuid4()),
        re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", cell.route),
    )
    path = path.replace("^", "").replace("$", "")
    path += _routes_notifications.QUERIES.get(path.rstrip("/").rpartition("/")[2], "")
    return path + ("?lat=47.32&lon=5.04" if path.endswith("nearby/") else "?q=gare" if path.endswith("places/") else "")


def filter_for(world: World, cell: Cell) -> str:
    if cell.thing == "filter":
        SavedFilter.objects.update_or_create(
            id=world.filter_id, defaults={"person": world.filter_of, "name": "Le mien", "query": "open=1"}
        )
    return world.filter_id


def headers_for(world: World, cell: Cell) -> dict[str, str]:
    """Who asks, afresh: a question before may have signed them out."""
    headers = {"Idempotency-Key": str(uuid4()), "If-Match": '"999"', "X-CSRFToken": CSRF, "Accept": "*/*"}
    cookie = f"ondijon_csrf={CSRF}"
    if cell.caller in MACHINES:
        return {**headers, **world.tokens[cell.caller], "Cookie": cookie}
    if cell.caller != ANONYMOUS:
        cookie += "; " + headers_of(session_for(world, cell))["Cookie"]
    return {**headers, "Cookie": cookie}


def session_for(world: World, cell: Cell) -> str:
    if not hasattr(_mine, "sessions"):
        _mine.sessions = {}
    lasting = cell.route.startswith(("api/", "open311/")) or cell.method in ("GET", "HEAD", "OPTIONS")
    if cell.caller not in _mine.sessions or not lasting or "logout" in cell.route:
        _mine.sessions[cell.caller] = session_of(world.people[cell.caller])
    kept: str = _mine.sessions[cell.caller]
    if not lasting or "logout" in cell.route:
        del _mine.sessions[cell.caller]
    return kept


def content_of(world: World, cell: Cell) -> tuple[bytes | None, str]:
    """The body and its type: right for its address, so that only the caller's rights decide."""
    if cell.method in ("GET", "HEAD", "OPTIONS"):
        return None, ""
    last = cell.route.rstrip("/").rpartition("/")[2]
    if last in ("attachments", "photos"):
        part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="trace.png"\r\n'
        return part + b"Content-Type: image/png\r\n\r\n" + PNG + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"
    if cell.route.startswith("api/"):
        return json.dumps(ACTS.get(cell.route, ACTS.get(last, {}))).encode(), "application/json"
    key = f"api_key={world.api_key}&" if cell.route.startswith("open311/") and cell.caller == GATEWAY else ""
    return f"{key}session=none".encode(), "application/x-www-form-urlencoded"


# The live socket -----------------------------------------------------------------------------------------------------


def socket_faults(post: Post, world: World) -> list[str]:
    faults = []
    for caller in progress(CALLERS, "live sockets"):
        found, shown = knock(post, world, caller)
        expected = "in" if caller in FOLLOW - MACHINES else "out"
        if found != expected or shown:
            faults.append(f"{caller}: {found}, expected {expected}; shows {shown or 'nothing'}")
    for line in faults:
        step(f"live socket: {line}")
    return faults


def knock(post: Post, world: World, caller: str) -> tuple[str, str]:
    """Open a socket at the journal's very start: (in or out, what it shows that it must not)."""
    session = session_of(world.people[caller]) if caller in world.people else "nobody"
    frames: list[Any] = []
    try:
        origin = post.web_urls[0]
        with Screen(post.live_urls[0], session=session, origin=origin, cursor="0.00000000") as screen:
            while (frame := screen.read(0.4)) is not None:
                frames.append(frame)
    except (ConnectionClosed, InvalidStatus):
        return "out", ""
    text = json.dumps(frames, ensure_ascii=False)
    return ("in" if frames else "out"), next((one for one in world.secrets_from(caller) if one in text), "")
