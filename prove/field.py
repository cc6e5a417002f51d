"""What crews say on their phones arrives once and in order, whatever network and servers do meanwhile.

Phones go off the network, keep what their crews say (accepted, on the way, on site, notes, material, finished), come
back and send it in order, each item under its own UUID, repeated until it is acknowledged; now and then two tabs of one
phone send the same item at once, or an answer is lost on the way. Some missions are cancelled while their crew is off.
Meanwhile web servers, PostgreSQL, the Redis-compatible server and the rest are killed with -9 in turn.

In the end the journal holds every item once, as done or as a conflict that keeps its words, in the order and with the
time of the field, and nothing else. With --sabotage phones use a new key for each attempt and give their rows no id.
"""

from __future__ import annotations

import threading
import time
from collections import Counter as Tally
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
from django.db import connections

from access.models import Organisation, Person
from access.roles import Role
from interventions.models import Crew
from journal.events import decode
from journal.models import Entry
from journal.verification import verify
from prove import Args, Post, Result, quantile, step
from prove._callers import bearer
from prove._story import DIJON, SPOTS
from prove.writes import PATIENCE_SECONDS, Client, Made, disturb

SIZE, SMALL = 4_000, 100
PLAN = {"web": 2, "live": 2, "workers": 2, "beat": 1}
PHONES = 6
CANCELLED = 0.25  # share of the missions that are called off while their crew is off the network
TWINS = 0.15  # share of the items that two tabs send at once
SCOPES = ("interventions.read", "interventions.write")
ACTS = {
    "interventions.accepted": "accept",
    "interventions.departed": "depart",
    "interventions.arrived": "arrive",
    "interventions.noted": "note",
    "interventions.material_used": "material",
    "interventions.finished": "finish",
}


@dataclass
class Said:
    """One item of a phone's queue."""

    id: UUID
    mission: UUID
    act: str
    at: datetime
    body: dict[str, Any]
    result: str = ""  # done or conflict, once acknowledged

    @property
    def mark(self) -> tuple[UUID | None, str, datetime]:
        """What its entry in the journal is known by."""
        return self.mission, self.act, self.at


class Phone(Client):
    """A crew's phone, and the coordinator who gives it missions and takes some back."""

    def __init__(self, number: int, urls: list[str], made: Made, enough: threading.Event, *, sabotage: bool) -> None:
        super().__init__(number, urls, made, enough, sabotage=sabotage)
        login = f"crew-{number}"
        self.mine_too = bearer(urls[0], login, role=Role.CREW_LEADER, organisation="eclairage", scopes=SCOPES)
        self.leader = Person.objects.get(login=login)
        self.crew = make_crew(number, self.leader)
        self.said: list[Said] = []
        self.tabs = ThreadPoolExecutor(4)

    def token(self) -> dict[str, str]:
        return bearer(self.urls[0], f"desk-{self.number}", scopes=SCOPES)

    def run(self) -> None:
        with httpx.Client(headers=self.headers, timeout=5) as self.http:
            while not self.enough.is_set():
                self.trip()
            self.tabs.shutdown()

    def trip(self) -> None:
        """One mission: ordered, worked on off the network, perhaps cancelled meanwhile, then all of it sent."""
        order = self.order()
        if order is None:
            return
        queue = [self.say(UUID(order["id"]), act) for act in ("accept", "depart", "arrive", "note", "material", "note")]
        queue.append(self.say(UUID(order["id"]), "finish"))
        self.said += queue
        stop = self.rng.randrange(len(queue)) if self.rng.random() < CANCELLED else -1
        version = order["version"]
        for place, item in enumerate(queue):
            if place == stop:
                self.write(self.path(order, "cancel"), {"reason": "plus rien à faire"}, {"If-Match": f'"{version}"'})
            version = self.send(item) or version

    def order(self) -> dict[str, Any] | None:
        """A new mission for the crew; None when the post did not give one in time."""
        lat, lon = SPOTS[DIJON]
        ask = {"category": "lighting.street_light_out", "lat": lat, "lon": lon, "title": f"f-{uuid4()}"}
        asked = self.write("/api/v1/interventions/", ask)
        if asked is None:
            return None
        body = {"crew": str(self.crew), "override": "preuve"}  # it has no shift
        given = self.write(self.path(asked.json(), "assign"), body, {"If-Match": asked.headers["ETag"]})
        return given.json() if given is not None else None

    def path(self, order: dict[str, Any], act: str) -> str:
        return f"/api/v1/interventions/{order['id']}/{act}/"

    def say(self, mission: UUID, act: str) -> Said:
        bodies: dict[str, dict[str, Any]] = {
            "note": {"text": f"vu {uuid4()}"},
            "material": {"label": "lanterne", "quantity": 1},
            "finish": {"outcome": "fait", "left_out": "preuve"},
        }
        item = Said(uuid4(), mission, act, datetime.now(UTC), bodies.get(act, {}))
        if act in ("note", "material") and not self.sabotage:
            item.body["id"] = str(item.id)
        return item

    def send(self, item: Said) -> int:
        """The mission's version afterwards, 0 when nobody answered."""
        body = {"intervention": str(item.mission), "act": item.act, "at": item.at.isoformat(), "body": item.body}
        if self.rng.random() < TWINS:
            self.tabs.submit(self.twin, body, uuid4() if self.sabotage else item.id)
        answer = self.write("/api/v1/field/", body, self.mine_too, key=item.id)
        if answer is None:
            return 0
        told = answer.json()
        item.result = told["result"]
        return int(told["row"]["version"])

    def twin(self, body: dict[str, Any], key: UUID) -> None:
        """The other tab: sends it once and does not care for the answer."""
        headers = {**self.headers, **self.mine_too, "Idempotency-Key": str(key)}
        with suppress(httpx.TransportError):
            httpx.post(f"{self.urls[-1]}/api/v1/field/", json=body, headers=headers, timeout=5)


def make_crew(number: int, leader: Person) -> UUID:
    lat, lon = SPOTS[DIJON]
    lighting = Organisation.objects.get(key="eclairage")
    return Crew.objects.create(
        name=f"Preuve {number}", organisation=lighting, leader=leader, skills=["lighting", "electricity"], base_lat=lat,
        base_lon=lon,
    ).id  # fmt: skip


def run(post: Post, args: Args) -> Result:
    made, enough = Made(), threading.Event()
    phones = [Phone(n, post.web_urls, made, enough, sabotage=args.sabotage) for n in range(PHONES)]
    connections.close_all()
    began = time.monotonic()
    for phone in phones:
        phone.start()
    kills = disturb(post, made, args.n, at_least=4 if args.small else 8)
    enough.set()
    for phone in phones:
        phone.join(PATIENCE_SECONDS + 30)
    step(f"every phone is back on the network after {time.monotonic() - began:.0f} s")
    return judge(phones, made, kills)


def judge(phones: list[Phone], made: Made, kills: Tally[str]) -> Result:
    result = Result()
    connections.close_all()  # ours died with PostgreSQL
    verdict = verify()
    said = [item for phone in phones for item in phone.said]
    results = Tally(item.result or "none" for item in said)
    result.figures = {
        "phones": len(phones), "items_said": len(said), "done": results["done"], "conflicts": results["conflict"],
        "kills": dict(kills), "repeated_calls": made.repeats, "answers_replayed": made.replays,
        "send_p50_s": quantile(made.seconds, 0.5), "send_longest_s": max(made.seconds, default=0.0),
        "refusals": dict(made.refusals),
    }  # fmt: skip
    found = {phone.leader.id: on_record(phone) for phone in phones}
    counted = Tally(mark for _kind, mark in (pair for pairs in found.values() for pair in pairs))
    result.exactly("items that were never acknowledged", results["none"], 0)
    result.exactly("items refused or given up", made.given_up + made.refusals.total(), 0)
    result.exactly("acknowledged items not on record once", sum(counted[one.mark] != 1 for one in said), 0)
    result.exactly("acts on record that no crew said", len(counted.keys() - {one.mark for one in said}), 0)
    result.exactly("phones whose order was changed", sum(mixed(phone, found[phone.leader.id]) for phone in phones), 0)
    result.exactly("conflicts told as done, or done as conflicts", mistold(said, found), 0)
    result.at_least("conflicts met", results["conflict"], 1)
    result.exactly("answers that changed when asked again", made.changed_answers, 0)
    result.exactly("chain whole, first broken entry", verdict.broken or 0, 0)
    return result


Mark = tuple[UUID | None, str, datetime]


def on_record(phone: Phone) -> list[tuple[str, Mark]]:
    """(done or conflict, mark) of everything that the journal says this crew said, in the journal's order."""
    found: list[tuple[str, Mark]] = []
    kinds = [*ACTS, "interventions.field_conflict"]
    for entry in Entry.objects.filter(by=phone.leader.id, kind__in=kinds).order_by("seq"):
        event: Any = decode(entry.kind, entry.data)
        act = ACTS.get(entry.kind) or event.act
        found.append(("done" if entry.kind in ACTS else "conflict", (entry.about, act, event.at)))
    return found


def mixed(phone: Phone, found: list[tuple[str, Mark]]) -> bool:
    """Whether what is on record stands in another order than it was said in."""
    known = {mark for _result, mark in found}
    firsts = list(dict.fromkeys(mark for _result, mark in found))
    return firsts != [item.mark for item in phone.said if item.mark in known]


def mistold(said: list[Said], found: dict[Any, list[tuple[str, Mark]]]) -> int:
    results = {mark: result for pairs in found.values() for result, mark in pairs}
    return sum(bool(one.result) and results.get(one.mark) != one.result for one in said)
